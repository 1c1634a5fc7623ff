def queens(n):
    sols = []
    def place(row, cols, d1, d2, cur):
        if row == n: sols.append(cur); return
        for c in range(n):
            if c in cols or row + c in d1 or row - c in d2: continue
            place(row + 1, cols | {c}, d1 | {row + c}, d2 | {row - c}, cur + [c])
    place(0, frozenset(), frozenset(), frozenset(), [])
    return sols
for n in range(1, 7): print(n, len(queens(n)), queens(n)[:1])
def knap(items, cap):
    best = [0] * (cap + 1)
    for wt, v in items:
        for c in range(cap, wt - 1, -1): best[c] = max(best[c], best[c - wt] + v)
    return best[cap]
print(knap([(1, 1), (3, 4), (4, 5), (5, 7)], 7))
def lcs(a, b):
    t = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b): t[i + 1][j + 1] = t[i][j] + 1 if x == y else max(t[i][j + 1], t[i + 1][j])
    i, j, out = len(a), len(b), []
    while i and j:
        if a[i - 1] == b[j - 1]: out.append(a[i - 1]); i -= 1; j -= 1
        elif t[i - 1][j] >= t[i][j - 1]: i -= 1
        else: j -= 1
    return "".join(reversed(out))
print(lcs("AGGTAB", "GXTXAYB"), lcs("kitten", "sitting"))
def edit(a, b):
    p = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        c = [i]
        for j, y in enumerate(b, 1): c.append(min(p[j] + 1, c[-1] + 1, p[j - 1] + (x != y)))
        p = c
    return p[-1]
print(edit("kitten", "sitting"), edit("", "abc"), edit("flaw", "lawn"))
