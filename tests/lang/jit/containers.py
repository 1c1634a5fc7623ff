def lists(n):
    l = []
    for i in range(n): l.append(i * 2)
    for i in range(0, n, 3): l[i] = l[i] + l[-1 - i]
    t = 0
    while len(l) > n // 2: t += l.pop()
    return t, l[:4], sum(l)
print(lists(6000))
def dicts(n):
    d = {}
    for i in range(n): d[i % 97] = d.get(i % 97, 0) + i
    for k in list(d):
        if k % 2: del d[k]
    s = {}
    for i in range(n): k = "k" + str(i % 50); s[k] = s.setdefault(k, 0) + 1
    return len(d), sum(d.values()), sorted(s.items())[:2], sum(1 for k, v in d.items() if k in d and v)
print(dicts(6000))
def strs(n):
    s = ""; c = 0
    for i in range(n): s += "ab"[i % 2]; c += s[i] == "a"
    for ch in s: c += ord(ch)
    return len(s), c, s.count("ab"), "".join(sorted(set(s)))
print(strs(5000))
def sets(n):
    s = set()
    for i in range(n): s.add(i * i % 101)
    return len(s), sum(x in s for x in range(200))
print(sets(3000))
def tuples(n):
    t = (0, 1)
    for i in range(n): a, b = t; t = (b, (a + b) % 1000003)
    return t
print(tuples(8000))
def sieve(n):
    f = bytearray([1]) * (n + 1); f[0:2] = b"\0\0"
    for i in range(2, int(n ** .5) + 1):
        if f[i]: f[i * i::i] = bytes(len(range(i * i, n + 1, i)))
    return sum(f)
print(sieve(20000))
def matmul(n):
    a = [[i + j for j in range(n)] for i in range(n)]; r = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            s = 0
            for k in range(n): s += a[i][k] * a[k][j]
            r[i][j] = s
    return sum(map(sum, r))
print(matmul(25))
def slices(n):
    l = list(range(20)); t = 0
    for i in range(n): t += sum(l[i % 10:i % 10 + 5]) + len(l[::-2]) + l[1:3][0]
    return t
print(slices(2000))
def store_types(n):
    l = [0] * 10
    for i in range(n): l[i % 10] = i if i % 3 else float(i) if i % 2 else str(i)
    return l
print(store_types(3000))
def bounds(l, n):
    ok = bad = 0
    for i in range(-n, n):
        try: l[i]; ok += 1
        except IndexError: bad += 1
    return ok, bad
print(bounds([1] * 10, 2000), bounds((1,) * 5, 100), bounds("abc", 100))
def mutate(n):
    l = [1, 2, 3]; seen = 0
    for x in l:
        seen += x
        if len(l) < n: l.append(x + 1)
    return seen, len(l)
print(mutate(3000))
def comp(n): return len([x for x in range(n) if x % 2]), sum({x: x * x for x in range(n)}.values()), len({x % 7 for x in range(n)}), [[y for y in range(x)] for x in range(4)]
for _ in range(20): r = comp(300)
print(r)
def zips(n):
    t = 0
    for i, (a, b) in enumerate(zip(range(n), range(n, 0, -1))): t += i * a - b
    for k, v in {i: i for i in range(100)}.items(): t += k * v
    for x in reversed(range(n)): t ^= x
    return t
print(zips(5000))
