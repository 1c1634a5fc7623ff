def f(i):
    if i % 7 == 0: raise ValueError(i)
    if i % 11 == 0: raise KeyError(i)
    return i
def run(n):
    v = k = t = fin = 0
    for i in range(n):
        try: t += f(i)
        except ValueError as e: v += e.args[0]
        except KeyError: k += 1
        finally: fin += 1
    return v, k, t, fin
print(run(100), run(5000))
def idx(l, n):
    c = 0
    for i in range(n):
        try: c += l[i]
        except IndexError: c -= 1
    return c
print(idx([1] * 10, 3000))
def div(n):
    r = []
    for i in range(n):
        try: r.append(100 // (i % 4))
        except ZeroDivisionError as e: r.append(str(e)); continue
        else: r.append("ok")
    return len(r), r[:6]
print(div(1000))
def deep(n):
    if n == 0: raise RuntimeError("bottom")
    try: return deep(n - 1)
    except ValueError: return "wrong"
for _ in range(100):
    try: deep(20)
    except RuntimeError as e: m = str(e)
print(m)
def attr(n):
    class X: pass
    x = X(); c = 0
    for i in range(n):
        if i == n // 2: x.y = 1
        try: c += x.y
        except AttributeError: c -= 1
    return c
print(attr(2000), attr(2001))
def nested(n):
    log = 0
    for i in range(n):
        try:
            try:
                if i % 3 == 0: raise ValueError
                if i % 3 == 1: raise TypeError
            except ValueError: log += 1; raise KeyError
            finally: log += 10
        except (KeyError, TypeError) as e: log += 100 if isinstance(e, KeyError) else 1000
    return log
print(nested(999))
def ret(n):
    for i in range(n):
        try:
            if i == n - 1: return i
        finally:
            if i % 100 == 0: pass
print(ret(3000))
import sys
def tbline(n):
    lines = set()
    for i in range(n):
        try:
            if i % 2: int("x")
            else: None.x
        except Exception as e: lines.add(e.__traceback__.tb_lineno - tbline.__code__.co_firstlineno)
    return sorted(lines)
print(tbline(1000))
class Stop(Exception): pass
def gen(n):
    for i in range(n):
        try: yield i
        except Stop: yield -1
g = gen(3000); t = 0
for i in range(1500):
    t += next(g)
    if i % 10 == 0: t += g.throw(Stop())
print(t)
def it(n):
    c = 0
    i = iter(range(n))
    while True:
        try: c += next(i)
        except StopIteration: return c
print(it(5000))
def locals_after(n):
    x = y = 0
    for i in range(n):
        try: x = i; y = 10 // (5 - i if i < 10 else 1); x = -1
        except ZeroDivisionError: keep = (x, y)
    return keep, x, y
print(locals_after(2000))
