"""Dynamic programming: aligns two sequences, with the path back; then fills knapsacks."""

import random


def align(a, b, gap=-2, match=3, mismatch=-1):
    columns = len(b) + 1
    scores = [[0] * columns for _ in range(len(a) + 1)]
    for j in range(columns):
        scores[0][j] = j * gap
    for i in range(1, len(a) + 1):
        above = scores[i - 1]
        row = scores[i]
        row[0] = i * gap
        letter = a[i - 1]
        for j in range(1, columns):
            best = above[j - 1] + (match if letter == b[j - 1] else mismatch)
            if above[j] + gap > best:
                best = above[j] + gap
            if row[j - 1] + gap > best:
                best = row[j - 1] + gap
            row[j] = best
    i, j = len(a), len(b)
    top, bottom = [], []
    while i and j:
        score = scores[i][j]
        if score == scores[i - 1][j - 1] + (match if a[i - 1] == b[j - 1] else mismatch):
            i, j = i - 1, j - 1
            top.append(a[i])
            bottom.append(b[j])
        elif score == scores[i - 1][j] + gap:
            i -= 1
            top.append(a[i])
            bottom.append("-")
        else:
            j -= 1
            top.append("-")
            bottom.append(b[j])
    return scores[-1][-1], "".join(reversed(top)), "".join(reversed(bottom))


def knapsack(items, capacity):
    best = [0] * (capacity + 1)
    for weight, value in items:
        for room in range(capacity, weight - 1, -1):
            with_it = best[room - weight] + value
            if with_it > best[room]:
                best[room] = with_it
    return best[capacity]


def run():
    rng = random.Random(23)
    a = "".join("ACGT"[int(rng.random() * 4)] for _ in range(900))
    b = "".join(c if rng.random() < 0.8 else "ACGT"[int(rng.random() * 4)] for c in a if rng.random() < 0.95)
    score, top, bottom = align(a, b)
    same = sum(x == y for x, y in zip(top, bottom))
    items = [(1 + int(rng.random() * 60), int(rng.random() * 500)) for _ in range(120)]
    return score, len(top), same, top[:40], bottom[:40], knapsack(items, 3000)


EXPECTED = (
    1940, 908, 729, 'TTTAGCGAACACAAGCGGCATGGGTC-TCGGCACGGCGA-', 'TTTAACGAGCACAAGCGGTATGGG-CGTCGGCACGG-GAG',
    28046,
)

if __name__ == "__main__":
    print(run())
