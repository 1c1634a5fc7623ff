# enumerate, zip, items of dicts, operators and lengths in compiled loops.
def e(xs, n):
    t = 0
    for k in range(n):
        for i, x in enumerate(xs):
            t += i * x
            if i > 40: break
        for j, y in enumerate(range(k % 9), 5): t += j - y
        for p in enumerate(xs):
            if p[0] == 3: last = p; break
    return t, last
print(e(list(range(50)), 900), e(tuple(range(10)), 900), e(range(12), 900))
def z(a, b, n):
    t = 0
    for k in range(n):
        for x, y in zip(a, b): t += x * y
        for x, y, w in zip(a, b, a): t -= w
        for q in zip(a, range(5)): t += q[1]
    return t
print(z(list(range(30)), list(range(25)), 900), z((1, 2), [3, 4, 5], 5000))
def d(n):
    m = {i: i * 2 for i in range(20)}; t = 0
    for k in range(n):
        for a, b in m.items(): t += a * b
        for a in m.values(): t += a
        for a in m: t -= a
        if k == n - 5:
            m = {'x': 1}
            break
    try:
        for a, b in m.items():
            m[a + 'y'] = b
    except RuntimeError as er: print(er)
    return t
print(d(900))
def shrink(n):
    t = 0
    for k in range(n):
        xs = list(range(12))
        for i, x in enumerate(xs):
            if x % 3 == 0: xs.pop()
            t += i
        ys = [1, 2, 3]
        for a, b in zip(xs, ys):
            if a == 1: ys.append(4); xs.append(9)
            t += a + b
    return t
print(shrink(3000))
def mixedkinds(n):
    t = 0
    src = [[1, 2, 3], (4, 5), {6: 7}, 'ab', range(3), iter([8, 9])]
    for k in range(n):
        s = src[k % 6]
        for i, x in enumerate(s):
            t += i
        for i, x in zip(s, s): t += 1
        t += len(s) if k % 6 < 5 else 0
    return t
print(mixedkinds(9000))
def bad(n):
    c = 0
    for k in range(n):
        try:
            for a, b in ([(1, 2), (3, 4)] if k % 50 else [(1, 2), (3,)]): c += a
        except ValueError as er: m = str(er)
        try:
            for a, b in zip([1, 2], [3, 4], [5, 6]): c += 1
        except ValueError as er: m2 = str(er)
        try:
            for i, x in enumerate(5 if k == n - 1 else [k]): c += 1
        except TypeError as er: m3 = str(er)
    return c, m, m2, m3
print(bad(3000))
class V:
    def __init__(self, x): self.x = x
    def __add__(self, o): return V(self.x + (o.x if isinstance(o, V) else o))
    def __radd__(self, o): return V(self.x + o)
    def __mul__(self, k): return V(self.x * k)
    def __sub__(self, o): return NotImplemented
    def __rsub__(self, o): return 77
class W(V):
    def __radd__(self, o): return W(1000)
def dunder(n):
    t = V(0); vs = [V(1), V(2), W(3)]
    for k in range(n):
        t = t + vs[k % 3]
        t = t * 2 if k % 7 else V(1)
        t = t + 1
        if type(t) is W: t = V(t.x)
    try: V(1) - V(2)
    except TypeError as er: print(er)
    return t.x, sum([V(3), V(4)], V(0)).x, (5 + V(1)).x
print(dunder(9000))
def gen(n):
    for i, (a, b) in enumerate(zip(range(n), range(n, 0, -1))): yield i, a * b
print(sum(a + b for a, b in gen(5000)))
