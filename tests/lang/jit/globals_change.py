# Globals, builtins and functions that change under compiled code.
import builtins
N = 20000
g = 1
def f(): return g
def warm(fn, *args):
    for _ in range(N): fn(*args)
warm(f); print(f())
g = "two"; print(f())
globals()["g"] = 3.0; print(f())
globals().update(g=[4]); print(f())
exec("g = 5"); print(f())
del g
try: f()
except NameError as e: print(e)
g = 6; print(f())
for i in range(50):
    g = i
    assert f() == i
def loop(n):
    global g
    s = 0
    for i in range(n):
        g = i
        s += f()
    return s
print(loop(N), g)
# Builtins shadowed and changed.
def length(x): return len(x)
warm(length, "abc"); print(length("abc"))
len = lambda x: "shadow"; print(length("abc"))
del len; print(length("abc"))
old = builtins.len
builtins.len = lambda x: "changed"; print(length("abc"))
builtins.len = old; print(length("abc"))
def loop_len(n, when):
    r = []
    for i in range(n):
        x = len([i, i])
        if i == when: globals()["len"] = lambda y: "in the loop"
        if i in (0, when, when + 1, n - 1): r.append(x)
    return r
print(loop_len(N, 15000)); del len
print(loop_len(N, 3)); del len
# A function's code, defaults and keyword defaults.
def d(a, b=2, *, c=3): return a + b + c
def call(): return d(1)
warm(call); print(call())
d.__defaults__ = (20,); print(call())
d.__kwdefaults__ = {"c": 30}; print(call())
d.__kwdefaults__["c"] = 300; print(call())
del d.__kwdefaults__["c"]
try: call()
except TypeError as e: print(e)
d.__kwdefaults__ = None; d.__defaults__ = None
try: call()
except TypeError as e: print(e)
def other(a, b=0, *, c=0): return ("other", a)
d.__code__ = other.__code__; d.__defaults__ = (1,); d.__kwdefaults__ = {"c": 1}; print(call())
# Replaced while its compiled caller is on the stack.
def leaf(x): return x + 1
def caller(n, at):
    r = 0
    for i in range(n):
        if i == at: replace()
        r = r + leaf(i)
    return r
def replace():
    global leaf
    leaf = lambda x: 0.5
print(caller(N, -1)); print(caller(N, 19990)); print(caller(N, -1))
def leaf2(x): return x + 1
def caller2(n, at):
    r = 0
    for i in range(n):
        if i == at: leaf2.__code__ = (lambda x: -x).__code__
        r = r + leaf2(i)
    return r
print(caller2(N, -1)); print(caller2(N, 10)); print(caller2(N, -1))
# By the callee itself.
def once():
    global once
    def once(): return 2
    return 1
def many(n):
    s = 0
    for i in range(n): s += once()
    return s
print(many(N))
# A module's attributes.
import math
def root(x): return math.sqrt(x)
warm(root, 4.0); print(root(4.0))
keep = math.sqrt; math.sqrt = lambda x: "patched"; print(root(4.0)); math.sqrt = keep; print(root(4.0))
# The same function with other globals.
import types
def shows(): return where
where = "here"
warm(shows)
there = types.FunctionType(shows.__code__, {"where": "there", "__builtins__": builtins})
print(shows(), there()); warm(there); print(shows(), there())
# Closures over one code object.
def maker(k):
    def inner(x): return x * k + g
    return inner
fs = [maker(k) for k in (1, 2.5, "s")]
def use(fn, x): return fn(x)
g = 0
for _ in range(N): use(fs[0], 3); use(fs[1], 3)
print(use(fs[0], 3), use(fs[1], 3))
try: use(fs[2], 3)
except TypeError as e: print(e)
g = ""; print(use(fs[2], 2))
