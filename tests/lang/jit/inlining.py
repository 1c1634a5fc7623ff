def add(a, b): return a + b
def inc(a): return add(a, 1)
def twice(f, x): return f(f(x))
def quad(x): return twice(lambda v: twice(inc, v), x)
t = 0
for i in range(4000): t += quad(i)
print(t)
class V:
    __slots__ = ("x", "y")
    def __init__(self, x, y): self.x = x; self.y = y
    def add(self, o): return V(self.x + o.x, self.y + o.y)
    def dot(self, o): return self.x * o.x + self.y * o.y
    def scale(self, k): return V(self.x * k, self.y * k)
def sim(n):
    p, v = V(0.0, 0.0), V(1.0, 0.5)
    for i in range(n): p = p.add(v.scale(0.01)); v = v.scale(0.999) if p.dot(p) < 100 else v.scale(-1)
    return round(p.x, 9), round(p.y, 9)
print(sim(5000))
def opt(a, b=10, *args, c=5, **kw): return a + b + len(args) + c + len(kw)
t = 0
for i in range(3000): t += opt(i) + opt(i, 1) + opt(i, 1, 2, 3) + opt(i, c=1) + opt(a=i, z=1) + opt(*(i, 2), **{"q": 1})
print(t)
def outer(n):
    k = n
    def mid(x):
        def inner(y): return x + y + k
        return inner(x * 2)
    return sum(mid(i) for i in range(n))
print(sum(outer(i) for i in range(100)))
def raises(x):
    if x > 2990: raise ValueError(x)
    return x
def l1(x): return raises(x) + 1
def l2(x): return l1(x) + 1
def run():
    t = 0
    for i in range(3000):
        try: t += l2(i)
        except ValueError as e:
            n, tb = [], e.__traceback__
            while tb: n.append(tb.tb_frame.f_code.co_name); tb = tb.tb_next
            t -= 1
    return t, n
print(run())
import sys
def who(): return sys._getframe(1).f_code.co_name, sys._getframe(2).f_code.co_name
def mid(): return who()
def top():
    for i in range(2000): r = mid()
    return r
print(top())
def loc(x):
    y = x * 2
    return peek(x)
def peek(x):
    if x == 1999: return sys._getframe(1).f_locals
r = [loc(i) for i in range(2000)][-1]; print(r["x"], r["y"])
def redefine(n):
    t = 0
    for i in range(n):
        if i == n // 2:
            global add
            old = add; add = lambda a, b: a - b
        t += inc(i)
    add = old
    return t
print(redefine(4000), inc(5))
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(20), [fib(i) for i in range(10)])
def mutual_a(n): return 0 if n == 0 else 1 + mutual_b(n - 1)
def mutual_b(n): return 0 if n == 0 else 2 + mutual_a(n - 1)
print(sum(mutual_a(i % 50) for i in range(1000)))
def gi(n):
    for i in range(n): yield i * 2
print(sum(x for x in gi(5000) if x % 3 == 0), sum(map(inc, gi(2000))))
