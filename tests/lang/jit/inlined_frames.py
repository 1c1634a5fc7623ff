# Frames of inlined functions, as callees and tracebacks see them.
import sys, traceback
def look(n):
    f = sys._getframe(n)
    return f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, sorted((k, repr(v)[:9]) for k, v in f.f_locals.items() if k not in ("out", "r"))
def inner(a, b):
    c = a + b
    if a % 1000 == 7:
        d = c * 2
        return look(1), look(2), look(3)
    return None
def middle(x):
    y = x + 1
    def cellular(): return y
    r = inner(x, y)
    z = y
    return r
def outer(n):
    out = []
    for i in range(n):
        q = i * 0.5
        r = middle(i)
        if r is not None:
            out.append(r)
    return out
for r in outer(12000)[-3:]: print(r)
def boom(x):
    if x == 9999: raise ValueError(x)
    return x
def mid(x):
    s = boom(x) + 1
    return s
class C:
    def __init__(self, x):
        self.x = mid(x)
    def go(self):
        return self.x
def top(n):
    t = 0
    for i in range(n):
        t += C(i).go()
    return t
try:
    top(12000)
except ValueError as e:
    for f, l in traceback.walk_tb(e.__traceback__):
        print(f.f_code.co_name, l - f.f_code.co_firstlineno, sorted((k, repr(v)[:12]) for k, v in f.f_locals.items() if k != 'self' and k != '__file__'))
def rec(n): return 0 if n == 0 else 1 + rec2(n - 1)
def rec2(n): return 0 if n == 0 else 1 + rec(n - 1)
for i in range(9000): rec(5)
print(rec(900))
def inf(n): return inf2(n + 1)
def inf2(n): return inf(n + 1)
for i in range(3):
    try: inf(0)
    except RecursionError as e: print(e)
