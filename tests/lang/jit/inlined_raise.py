# Exceptions through compiled and inlined frames: lines, order, locals, sys._getframe.
import sys, traceback
N = 20000
def lines(e):
    return [(f.name, f.lineno) for f in traceback.extract_tb(e.__traceback__)]
def leaf(x):
    y = x + 1
    return 10 // (y - 5)
def middle(x):
    a = leaf(x)
    return a + 1
def top(n, bad):
    s = 0
    for i in range(n):
        s += middle(bad if i == n - 1 else 100)
    return s
print(top(N, 100))
for _ in range(3):
    try: top(N, 4)
    except ZeroDivisionError as e: print(lines(e))
def attr(o):
    return o.missing
def via(o):
    return attr(
        o)
class O: missing = 1
o = O()
for _ in range(N): via(o)
try: via(1)
except AttributeError as e: print(lines(e), e)
def index(xs, i):
    return (xs[i]
            + xs[i + 1])
def index2(xs, i): return index(xs, i)
for i in range(N): index2([1, 2, 3], i % 2)
try: index2([1, 2, 3], 2)
except IndexError as e: print(lines(e), e)
def raiser(x):
    if x < 0:
        raise ValueError(
            "negative", x)
    return x
def catcher(x):
    try:
        return raiser(x)
    except ValueError as e:
        return lines(e)[-1][1], e.args
    finally:
        global finals
        finals += 1
finals = 0
for i in range(N): catcher(i)
print(catcher(-1), finals)
def chain(x):
    try:
        raiser(x)
    except ValueError as e:
        raise KeyError("from") from e
def chain2(x):
    try: chain(x)
    except KeyError as e: return type(e.__cause__).__name__, lines(e), lines(e.__cause__), e.__context__ is e.__cause__
for i in range(N): chain2(i)
print(chain2(-5)); print(chain2(-6))
class W:
    def __init__(self, v): self.v = v
    def __add__(self, o): return W(self.v + o.v)
    @property
    def p(self): return self.v + 1
    def m(self): return self.p * 2
def use(a, b):
    c = a + b
    return c.m()
w = W(1)
for _ in range(N): use(w, w)
try: use(w, W("s"))
except TypeError as e: print(lines(e), e)
try: use(W(None), W(None))
except TypeError as e: print(lines(e), e)
class Init:
    def __init__(self, x):
        self.x = x
        self.y = 1 / x
def build(x): return Init(x).y
for i in range(N): build(i + 1)
try: build(0)
except ZeroDivisionError as e: print(lines(e))
# Frames seen from within.
def look(depth):
    if depth < 0: return None
    f = sys._getframe(depth)
    return f.f_code.co_name, f.f_lineno, sorted(((k, v) for k, v in f.f_locals.items() if not hasattr(v, "f_code") and k not in "uz"), key=repr)
def seen(a, d):
    b = a * 2
    r = look(d)
    b = r
    return b
def outer(a, d):
    k = a + 1
    z = seen(k, d)
    k = 0
    return z
for i in range(N): outer(i, -1)
for d in range(3): print(outer(7, d))
def loop(n, d):
    acc = []
    for i in range(n):
        t = i * i
        u = outer(t, d if i == n - 1 else -1)
        if u: acc.append(u)
    return acc
print(loop(N, 2), loop(N, 3))
# Variables in a traceback.
def shows(x, fail):
    before = x + 1
    total = 0
    for i in range(x):
        total += i * 2
    if fail:
        y = before * 2
        1 / 0
    after = 3
    return after
for _ in range(N): shows(3, False)
try: shows(5, True)
except ZeroDivisionError as e: print(sorted((k, v) for k, v in e.__traceback__.tb_next.tb_frame.f_locals.items() if k != "i"))
def changed(x, fail):
    x = x + 1
    z = [x]
    x = -x
    del z
    if fail: raise ValueError
    return x
for _ in range(N): changed(3, False)
try: changed(5, True)
except ValueError as e: print(sorted(e.__traceback__.tb_next.tb_frame.f_locals.items()))
# Nested handlers in a loop.
def nested(n):
    out = [0] * 6
    for i in range(n):
        try:
            try:
                if i % 7 == 0: raise KeyError(i)
                if i % 5 == 0: [][i]
                out[0] += 1
                if i % 11 == 0: continue
                if i == n - 3: break
            except KeyError:
                out[1] += 1
                if i % 2: raise ValueError
            else:
                out[2] += 1
            finally:
                out[3] += 1
        except (ValueError, IndexError):
            out[4] += 1
        else: out[5] += 1
    return out, sys.exception()
print(nested(N))
def returning(n):
    for i in range(n):
        try:
            if i == n - 1: return i
        finally:
            if i == n - 1: i = -1
        try: pass
        finally: pass
print(returning(N))
def override(n):
    r = 0
    for i in range(n):
        def f(i=i):
            try: return 1
            finally: i += 1
        r += f()
    return r
print(override(N))
class CM:
    def __init__(self): self.n = 0
    def __enter__(self): self.n += 1; return self
    def __exit__(self, t, v, tb): self.n += 10 if t else 100; return t is KeyError
def withs(n):
    c = CM(); k = 0
    for i in range(n):
        try:
            with c as d:
                if i % 3 == 0: raise KeyError
                if i % 5 == 0: raise ValueError
                k += d is c
        except ValueError: k += 1000
    return k, c.n
print(withs(N))
