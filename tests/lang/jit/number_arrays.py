# Arrays of numbers, and subscripts with methods in Python.
from array import array
def f(code, n):
    a = array(code, [0]) * 64
    t = 0
    for i in range(n):
        j = i & 63
        a[j] = (a[j - 1] + i % 100 - 50) // 2 if code in 'bhil' or code == 'q' else a[j] + i % 3
        if a[j] > 100 or a[j] < -100: a[j] = 0
        t += a[-1 - (i & 7)]
    return t, list(a)[:5]
for c in 'bBhHiIlqd': print(c, f(c, 9000))
def over(n):
    a = array('b', [0] * 4); c = 0
    for i in range(n):
        try: a[i & 3] = i % 200
        except OverflowError as e: c += 1; m = str(e)
        try: a[i % 5]
        except IndexError as e: c += 100; k = str(e)
    return c, m, k, list(a)
print(over(9000))
def kinds(n):
    d = array('d', [0.5] * 8); q = array('q', [1 << 62, -5, 3, 1 << 61, 0, 1, 2, 3]); t = 0
    for i in range(n):
        x = d if i % 3 else q
        t += x[i & 7]
        if i == n // 2:
            d[3] = 7
            q[2] = -(1 << 62)
    return t
print(kinds(9000))
def mixed(n):
    d = array('d', [0.5] * 8)
    for i in range(n):
        d[i & 7] = i if i % 2 else i * 0.25
    try: d[2] = 'x'
    except TypeError as e: print(e)
    return list(d)
print(mixed(9000))
class M:
    def __init__(self, w, h): self.w = w; self.h = h; self.d = array('d', [0.0]) * (w * h)
    def ix(self, x, y):
        if 0 <= x < self.w and 0 <= y < self.h: return y * self.w + x
        raise IndexError((x, y))
    def __getitem__(self, k):
        (x, y) = k
        return self.d[self.ix(x, y)]
    def __setitem__(self, k, v):
        (x, y) = k
        self.d[self.ix(x, y)] = v
        return 'ignored'
def sor(n):
    m = M(20, 20); e = 0
    for k in range(n):
        for x in range(1, 19):
            for y in range(1, 19):
                m[x, y] = 0.25 * (m[x - 1, y] + m[x + 1, y] + m[x, y - 1] + m[x, y + 1]) + 0.01 * x
        try: m[k % 25, 3] = 1.5
        except IndexError as er: e += 1; last = er.args
    return e, last, sum(m.d)
print(sor(60))
class P:
    def __getitem__(self, k): return k
    def __setitem__(self, k, v): self.last = (k, v)
def poly(n):
    things = [P(), [1, 2, 3], {0: 1, 1: 2, 2: 5}, (7, 8, 9), 'abc']
    t = []
    for i in range(n):
        o = things[i % 5]
        t.append(o[i % 3])
        if i % 5 < 3: o[i % 3] = i
    return t[-10:], things[0].last, things[1:]
print(poly(9000))
