def f(a, b): return a + b
out = []
for i in range(3000): out.append(f(i, 1))
print(sum(out), f(1.5, 2), f("a", "b"), f([1], [2]), f((1,), (2,)), f(True, True), f(2 ** 70, 1), f(1, 2.5))
try: f(1, "a")
except TypeError as e: print(e)
def acc(xs):
    t = 0
    for x in xs: t += x
    return t
for _ in range(100): acc([1, 2, 3] * 10)
print(acc([1, 2.5, 3]), acc([1] * 1000 + [0.5] + [2] * 1000), acc([2 ** 62, 2 ** 62, -2 ** 63]), acc([True, 1j]))
try: acc([1] * 500 + ["x"])
except TypeError as e: print(e)
def cmp(a, b): return a < b, a == b, a >= b
for i in range(3000): cmp(i, 5)
print(cmp("a", "b"), cmp(1.5, 1), cmp([1], [2]), cmp(True, 0), cmp(2 ** 70, 2.0 ** 70))
def idx(c, i): return c[i]
for i in range(3000): idx([1, 2, 3], i % 3)
print(idx((4, 5), 1), idx("xyz", -1), idx({"k": "v"}, "k"), idx(b"ab", 0), idx(range(9), 3), idx([1, 2], -2))
for c, i in [([1], 5), ((), 0), ({}, 1), ("a", 9), (5, 0), ([1], "a")]:
    try: idx(c, i)
    except Exception as e: print(type(e).__name__, e)
def loop(n):
    x = 0
    for i in range(n):
        if i == n // 2: x = float(x)
        if i == n - 10: x = str(int(x))
        x = x + (1 if not isinstance(x, str) else "!")
    return x
print(loop(5000))
def poly(v):
    if isinstance(v, int): return v * 2
    if isinstance(v, str): return v.upper()
    return len(v)
print([poly(v) for v in [1, "a", [1, 2], 2.5 if False else (1,)] * 3], sum(poly(i) for i in range(3000)), poly("zz"))
def trunc(x): return int(x) + x // 1 + x % 2
for i in range(3000): trunc(i)
print(trunc(7), trunc(7.5), trunc(-7.5), trunc(2 ** 65))
x = None
for i in range(3000): x = i if i % 2 else None if i % 3 else "s" if i % 5 else 1.5
print(x)
