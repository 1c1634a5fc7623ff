class A:
    def area(self): return 1
class B(A):
    def area(self): return super().area() + 1
class C:
    def area(self): return 2.5
class D:
    area = staticmethod(lambda: 10)
class E:
    def __getattr__(self, n): return lambda: 100
def total(xs):
    t = 0
    for x in xs: t += x.area()
    return t
for _ in range(100): total([A()] * 10)
print(total([A(), B(), C(), D(), E()] * 100))
A.area = lambda self: 7; print(total([A(), B()] * 10))
a = A(); a.area = lambda: 50; print(total([a, A()])); del A.area
try: total([A()])
except AttributeError as e: print(e)
A.area = property(lambda self: lambda: 3); print(total([A()] * 5))
def call(f, *a, **k): return f(*a, **k)
fs = [len, str, lambda x: x, int.__abs__ if False else repr, list, A.__new__ if False else tuple]
for i in range(1000):
    for f in fs: call(f, "12")
print([call(f, "12") for f in fs], call(dict, a=1), call(max, 1, 5, 3), call(sorted, [2, 1], reverse=True))
ops = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}
t = 0
for i in range(6000): t = ops["+-*"[i % 3]](t, i % 7) % 10007
print(t)
class Shape:
    def __init__(self, k): self.k = k
    def f(self): return self.g() + 1
    def g(self): return self.k
class Sub(Shape):
    def g(self): return self.k * 2
print(sum(s.f() for s in [Shape(1), Sub(2)] * 1000), sum((Shape if i % 2 else Sub)(i).f() for i in range(2000)))
class Fn:
    def __init__(self): self.n = 0
    def __call__(self, x): self.n += x; return self.n
fn = Fn()
for i in range(3000): fn(i)
print(fn.n)
def apply(f, n):
    for i in range(n): r = f(i)
    return r
print(apply(lambda x: x + 1, 1000), apply(str, 1000), apply(float, 1000), apply(fn, 10), apply(A, 5) if False else apply(bool, 10))
class P:
    def __init__(self, x): self.x = x
    @property
    def dbl(self): return self.x * 2
    def __add__(self, o): return P(self.x + o.x)
    def __eq__(self, o): return self.x == o.x
    def __lt__(self, o): return self.x < o.x
    def __getitem__(self, i): return self.x + i
    def __len__(self): return 5
    def __iter__(self): return iter(range(self.x))
p = P(0); c = 0
for i in range(2000): p = p + P(1); c += p.dbl + p[i] + len(p) + (p == P(5)) + (p < P(50))
print(p.x, c, sum(P(4)), sum(sum(P(k)) for k in range(50)))
