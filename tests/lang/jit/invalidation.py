import math
K = 5
def use(x): return x * K + len([1, 2]) + math.floor(1.5)
def run(n): return sum(use(i) for i in range(n))
print(run(2000)); K = 7; print(run(2000)); K = 1.5; print(run(10))
def len(x): return 100
print(run(10)); del len; print(run(10))
of = math.floor; math.floor = lambda x: -1; print(run(10)); math.floor = of; print(run(10))
class A:
    c = 1
    def m(self): return self.c
def loop(o, n): return sum(o.m() for _ in range(n))
a = A(); print(loop(a, 2000)); A.c = 2; print(loop(a, 100)); a.c = 3; print(loop(a, 100)); del a.c; A.m = lambda s: s.c * 10; print(loop(a, 100))
class B(A): pass
b = B(); print(loop(b, 500)); B.m = lambda s: -1; print(loop(b, 100)); del B.m; print(loop(b, 100)); B.__bases__ = (type("Z", (), {"m": lambda s: 99, "c": 0}),); print(loop(b, 100))
a.__class__ = B; print(loop(a, 100))
A.__getattribute__ = lambda s, n: (lambda: 42) if n == "m" else object.__getattribute__(s, n); print(loop(A(), 100)); del A.__getattribute__; print(loop(A(), 100))
def f(x): return x + 1
def callf(n): return sum(f(i) for i in range(n))
print(callf(2000)); f.__code__ = (lambda x: x * 2).__code__; print(callf(100)); f.__defaults__ = (5,); print(f())
class P:
    def __init__(self): self.a = 1; self.b = 2
def rd(o, n):
    t = 0
    for i in range(n): t += o.a + o.b
    return t
p = P(); print(rd(p, 2000)); q = P(); q.z = 1; del q.a; q.a = 10; print(rd(q, 100)); p.__dict__ = {"a": 5, "b": 6}; print(rd(p, 100)); p.__dict__["a"] = 0; print(rd(p, 100))
P.a = property(lambda s: 1000); print(rd(p, 10)); del P.a; print(rd(p, 10))
class S: __slots__ = ("a", "b")
s = S(); s.a = s.b = 1; print(rd(s, 2000), rd(P(), 10), rd(s, 10))
def change_in_loop(n):
    t = 0; o = P()
    for i in range(n):
        t += o.a
        if i == n // 2: o.a = 2.5
        if i == n - 5: o.__class__ = Q
    return t
class Q(P):
    @property
    def a(self): return 7
    @a.setter
    def a(self, v): pass
print(change_in_loop(2000))
def glob(n):
    global G
    for i in range(n):
        G += 1
        if i == n // 2: G = G * 1.0
    return G
G = 0; print(glob(3000)); d = {"x": 1}
exec("def h(n):\n t = 0\n for i in range(n): t += x\n return t", d); print(d["h"](2000)); d["x"] = 5; print(d["h"](10)); del d["x"]
try: d["h"](5)
except NameError as e: print(e)
import builtins; builtins.x = 3; print(d["h"](10)); del builtins.x
int_add = int.__add__
class I(int):
    def __add__(self, o): return "I.add"
def addl(xs, n):
    r = None
    for i in range(n): r = xs[i % len_(xs)] + 1
    return r
len_ = [].__class__.__len__
print(addl([1, 2], 2000), addl([1, I(2)], 2), addl([I(1)], 1))
