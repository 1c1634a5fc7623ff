"""Counting with dicts: n-grams, an inverted index, sets, a memo, tuples as keys."""

import random
from collections import Counter, defaultdict


def grams(letters, n):
    counts = {}
    for start in range(len(letters) - n + 1):
        gram = letters[start:start + n]
        counts[gram] = counts.get(gram, 0) + 1
    return counts


def index(documents):
    places = defaultdict(list)
    for number, document in enumerate(documents):
        for position, word in enumerate(document):
            places[word].append((number, position))
    return places


def together(documents):
    pairs = Counter()
    for document in documents:
        seen = sorted(set(document))
        for a, first in enumerate(seen):
            for second in seen[a + 1:a + 6]:
                pairs[first, second] += 1
    return pairs


def collatz(limit):
    steps = {1: 0}
    for start in range(2, limit):
        n, path = start, []
        while n not in steps:
            path.append(n)
            n = n // 2 if n % 2 == 0 else 3 * n + 1
        count = steps[n]
        for n in reversed(path):
            count += 1
            steps[n] = count
    return max(range(1, limit), key=steps.__getitem__), len(steps)


def run():
    rng = random.Random(41)
    letters = "".join("abcdefgh"[int(8 * rng.random() ** 2)] for _ in range(120000))
    documents = [[int(900 * rng.random() ** 2) for _ in range(60)] for _ in range(1500)]
    threes, fives = grams(letters, 3), grams(letters, 5)
    places = index(documents)
    both = sum(1 for word in places if word % 7 == 0 and len({n for n, _ in places[word]}) > 20)
    pairs = together(documents)
    common = pairs.most_common(1)[0][1]
    return max(threes.values()), len(fives), len(places), both, len(pairs), common, collatz(30000)


EXPECTED = (5401, 22912, 900, 129, 107956, 735, (26623, 65144))

if __name__ == "__main__":
    print(run())
