def mul(a, b):
    n, m, p = len(a), len(b), len(b[0])
    out = [[0] * p for _ in range(n)]
    for i in range(n):
        for j in range(p):
            s = 0
            for k in range(m): s += a[i][k] * b[k][j]
            out[i][j] = s
    return out
def ident(n): return [[int(i == j) for j in range(n)] for i in range(n)]
def power(m, e):
    r = ident(len(m))
    while e:
        if e & 1: r = mul(r, m)
        m = mul(m, m); e >>= 1
    return r
print(power([[1, 1], [1, 0]], 90)[0][1], power([[1, 1], [1, 0]], 300)[0][1])
def det(m):
    if len(m) == 1: return m[0][0]
    return sum((-1) ** j * m[0][j] * det([r[:j] + r[j + 1:] for r in m[1:]]) for j in range(len(m)))
print(det([[2, 0, 1], [1, 3, 2], [1, 1, 1]]), det([[i * j % 7 + (i == j) for j in range(5)] for i in range(5)]))
def transpose(m): return [list(r) for r in zip(*m)]
print(transpose([[1, 2, 3], [4, 5, 6]]))
a = [[i + j * 0.5 for j in range(8)] for i in range(8)]
print(sum(map(sum, mul(a, transpose(a)))))
def solve(a, b):
    n = len(a); m = [r[:] + [v] for r, v in zip(a, b)]
    for i in range(n):
        p = max(range(i, n), key=lambda r: abs(m[r][i])); m[i], m[p] = m[p], m[i]
        for r in range(n):
            if r != i:
                f = m[r][i] / m[i][i]
                m[r] = [x - f * y for x, y in zip(m[r], m[i])]
    return [m[i][n] / m[i][i] for i in range(n)]
print([round(x, 6) for x in solve([[2.0, 1.0], [1.0, 3.0]], [3.0, 5.0])])
