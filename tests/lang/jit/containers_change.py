# Containers whose kind, size or contents change under compiled code.
N = 9000
def get(xs, i): return xs[i]
def put(xs, i, v): xs[i] = v
def size(xs): return len(xs)
def has(x, xs): return x in xs
for i in range(N): get([1, 2], 1); put([1, 2], 0, 3); size([1]); has(1, [1, 2])
class L(list):
    def __getitem__(self, i): return ("L", i)
    def __setitem__(self, i, v): print("set", i, v)
    def __len__(self): return 42
    def __contains__(self, x): return "yes"
    def append(self, x): print("append", x)
    def __iter__(self): return iter("it")
for xs in ([5, 6], (5, 6), {1: "d"}, "ab", b"ab", range(5, 9), L([1]), bytearray(b"ab"), memoryview(b"ab")):
    for i in (1, -1, 0, True):
        try: print(repr(get(xs, i)), end=" ")
        except Exception as e: print(type(e).__name__, end=" ")
    print(size(xs), has(1, xs) if not isinstance(xs, str) else has("a", xs))
for bad in (None, 1, 1.5):
    for f in (get, has):
        try: f(bad, 0) if f is get else f(0, bad)
        except TypeError as e: print(e)
for i in (2, -3, 1 << 40, -(1 << 70), 1.0, "a", None, slice(0, 1)):
    try: print(get([1, 2], i))
    except Exception as e: print(type(e).__name__, e)
    try: put([1, 2], i, [3]); print("put")
    except Exception as e: print(type(e).__name__, e)
put(L(), 0, 1)
try: put((1, 2), 0, 1)
except TypeError as e: print(e)
d = {}; put(d, "k", 1); print(d)
def app(xs, n):
    for i in range(n): xs.append(i)
    return xs
print(len(app([], N)), sum(app([], N)))
app(L(), 2)
class Ap:
    def append(self, x): self.last = x
a = app(Ap(), N); print(a.last)
def pop(xs):
    s = 0
    while xs: s += xs.pop()
    return s
print(pop(list(range(N))), pop([1.5, 2]), pop({1, 2}), pop(bytearray(b"ab")))
def it(xs):
    r = []
    for x in xs: r.append(x)
    return r[:5]
print(it([1] * N), it(L([1])), it({1: 2}), it({3}), it("abc"), it((1, 2)), it(range(3)), it(x for x in "xy"))
def ops(n):
    d = {}
    for i in range(n):
        d[i % 100] = d.get(i % 100, 0) + i
        if i % 7 in d: d[i % 7] += 1
        d.setdefault(str(i % 3), []).append(i)
    return sum(v for v in d.values() if type(v) is int), {k: len(v) for k, v in d.items() if type(k) is str}
print(ops(N))
class Key:
    def __init__(self, k): self.k = k
    def __hash__(self): return hash(self.k)
    def __eq__(self, o): return isinstance(o, Key) and self.k == o.k
def keyed(n):
    d = {Key(i % 10): i for i in range(n)}
    return len(d), d[Key(3)], Key(11) in d, 3 in d
print(keyed(N))
class Miss(dict):
    def __missing__(self, k): return k * 2
m = Miss({1: "one"})
for i in range(N): r = get(m, i)
print(get(m, 1), r)
def slices(n):
    xs = list(range(50)); s = "abcdefghij" * 5; c = 0
    for i in range(n):
        c += len(xs[i % 50:]) + len(xs[:i % 7]) + len(s[i % 9:-1]) + len(xs[i % 4:i % 11])
    return c, xs[::2][:3], s[-5:2]
print(slices(N))
def cat(n):
    s = ""; t = (); u = []
    for i in range(n):
        s += chr(97 + i % 26); t = t + (i,) if i < 50 else t; u = u + [i] if i < 50 else u; u += [i]
        u *= 1
    return len(s), s[:5], len(t), len(u)
print(cat(N))
def tuples(n):
    a = (1, 2); b = (3, 4); r = 0
    for i in range(n):
        a, b = b, a
        p = (i, a, b)
        q = (p, p)
        r += q[0][1][0] + q[1][2][1] + len(q) + (p is q[1]) + (a < b)
    return r, q is (p, p), p
print(tuples(N))
def string_index(s, n):
    c = 0
    for i in range(n):
        if s[i % len(s)] == "b": c += 1
        if s[i % len(s)] > "a": c += 2
        if "b" in s: c += 3
    return c
print(string_index("abc", N), string_index("äb€𝄞", N), string_index("b", 3))
def matrix(n):
    m = [[i * j for j in range(n)] for i in range(n)]
    r = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            s = 0
            for k in range(n): s += m[i][k] * m[k][j]
            r[i][j] = s
    return sum(map(sum, r))
print(matrix(30))
def negidx(n):
    xs = [1, 2, 3]; s = 0
    for i in range(n): s += xs[-1 - i % 3] + xs[~(i % 3)]; xs[-(i % 3) - 1] = i
    return s, xs
print(negidx(N))
def alias(n):
    xs = [[]] * 3; ys = xs[0]
    for i in range(n): xs[i % 3].append(i); assert len(ys) == i + 1
    return len(ys)
print(alias(N))
def clear(n):
    xs = [1]; t = 0
    for i in range(n):
        t += len(xs)
        if i % 3 == 0: xs.clear()
        elif i % 3 == 1: xs.extend((1, 2))
        else: xs.insert(0, i)
        try: t += xs[1]
        except IndexError: t += 1000000
    return t
print(clear(N))
def sets(n):
    s = set(); c = 0
    for i in range(n):
        s.add(i % 50); c += i % 60 in s
        if i % 100 == 0: s.discard(i % 50)
    return c, len(s), sorted(s | {99})[-1], frozenset({1}) in {frozenset({1})}
print(sets(N))
