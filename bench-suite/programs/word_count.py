"""Counts the words of a long text: splitting, normalising, a dict, sorting."""

import random

SYLLABLES = ["ta", "ri", "mo", "ken", "lu", "sha", "ber", "ni", "go", "pel", "wa", "dis"]


def vocabulary(size, rng):
    words = set()
    while len(words) < size:
        words.add("".join(SYLLABLES[int(rng.random() * 12)] for _ in range(1 + int(rng.random() * 4))))
    return sorted(words)


def text(lines, rng):
    words = vocabulary(4000, rng)
    out = []
    for number in range(lines):
        # Small indices are frequent, as small ranks are in language.
        line = [words[int(len(words) * rng.random() ** 3)] for _ in range(12)]
        line[0] = line[0].capitalize()
        out.append(" ".join(line) + (".", "!", ",", " -")[number % 4])
    return "\n".join(out)


def count(text):
    counts = {}
    lengths = {}
    for line in text.split("\n"):
        for word in line.split():
            word = word.strip(".,!-").lower()
            if not word:
                continue
            counts[word] = counts.get(word, 0) + 1
            lengths.setdefault(len(word), set()).add(word)
    ranking = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ranking[:5], len(counts), sum(counts.values()), {n: len(w) for n, w in sorted(lengths.items())}


def run():
    return count(text(30000, random.Random(7)))


EXPECTED = (
    [('ber', 22551), ('berber', 5991), ('berberbermo', 4121), ('berberbersha', 3319), ('berberdis', 2839)],
    4000, 360000, {2: 7, 3: 5, 4: 49, 5: 70, 6: 298, 7: 605, 8: 689, 9: 907, 10: 855, 11: 432, 12: 83},
)

if __name__ == "__main__":
    print(run())
