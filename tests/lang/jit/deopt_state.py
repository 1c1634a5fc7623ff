def f(n, trip):
    a, b, c, s, l = 1, 2.5, "x", 0, [0, 0, 0]
    for i in range(n):
        s += a * i; b += 0.5; l[i % 3] += i
        if i == trip: a = "boom" if trip % 2 else 2.5; c += "y"
        if isinstance(a, str): a = 1
    return a, b, c, s, l
for _ in range(5): f(1000, -1)
for t in (0, 1, 500, 501, 998, 999): print(f(1000, t))
def expr(a, b, c, d): return (a + b) * (c - d) + (a * d) // (b if b else 1) - (c % 7)
for i in range(3000): expr(i, i + 1, i + 2, i + 3)
for v in [(1.5, 2, 3, 4), (1, 2.5, 3, 4), (1, 2, 3.5, 4), (1, 2, 3, 4.5), (2 ** 62, 2 ** 62, 2 ** 62, -2 ** 62), (True, False, 5, 6)]: print(expr(*v))
order = []
class L:
    def __init__(self, n): self.n = n
    def __add__(self, o): order.append(f"{self.n}+"); return L(self.n + "a")
    def __mul__(self, o): order.append(f"{self.n}*"); return L(self.n + "m")
def chain(a, b, c): return (a + b) * (b + c) + (a * c)
for i in range(3000): chain(i, i, i)
print(chain(L("x"), L("y"), L("z")).n, order)
def args(x, *r, k=0, **kw): y = x + k; z = len(r); return y, z, kw
for i in range(2000): args(i, 1, 2, k=i, q=1)
print(args("a", k="b"), args(1.5, [], k=2, z=None))
def nested(n, bad):
    out = []
    for i in range(n):
        row = []
        for j in range(3):
            try: row.append(10 // (bad - i if j == 1 else 1))
            except ZeroDivisionError: row.append(("caught", i, j))
        out.append(row)
    return out[bad], len(out)
print(nested(1500, 1200))
def slots(n):
    d = {}; x = y = z = None
    for i in range(n):
        x, y, z = y, z, i
        if i == n - 2: x = {}; y = x; y["k"] = z
        d[i % 5] = (x, y)
    return x, y, z, d[(n - 1) % 5]
print(slots(3000))
def closure(n):
    v = 0
    def get(): return v
    for i in range(n):
        v = v + 1 if i != n // 2 else v + 0.5
        if i % 500 == 0: r = get()
    return r, v
print(closure(3000))
def call_mid(n):
    def g(x): return x if x != n - 3 else str(x)
    t = 0
    for i in range(n):
        r = g(i)
        t = t + (r if type(r) is int else int(r) * 1000)
    return t
print(call_mid(3000))
def bigacc(n):
    xs = [2 ** 60] * n; t = 0; hist = []
    for i, x in enumerate(xs):
        t += x
        if i in (0, 1, 2, 3, 4, 7, 8): hist.append(t)
    return hist, t
for _ in range(3): bigacc(1)
print(bigacc(500))
