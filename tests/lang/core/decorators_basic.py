def trace(f):
    def w(*a, **k):
        print("call", f.__name__, a, k)
        r = f(*a, **k)
        print("ret", r)
        return r
    return w
@trace
def add(a, b=1): return a + b
add(1); add(1, b=5)
def times(n):
    def deco(f):
        return lambda *a: [f(*a) for _ in range(n)]
    return deco
@times(2)
@trace
def hi(): return "hi"
print(hi())
def cls_deco(c):
    c.extra = 1
    return c
@cls_deco
class K: pass
print(K.extra)
def memo(f):
    cache = {}
    def w(n):
        if n not in cache: cache[n] = f(n)
        return cache[n]
    w.cache = cache
    return w
@memo
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), len(fib.cache))
class Count:
    def __init__(self, f): self.f, self.n = f, 0
    def __call__(self, *a): self.n += 1; return self.f(*a)
@Count
def sq(x): return x * x
print(sq(3), sq(4), sq.n)
@(lambda f: "replaced")
def gone(): pass
print(gone)
