# A call that raises, one that breaks what its compiled caller relies on, and one that does both: in the
# function itself, in one that is walked into, and where somebody holds the frames.
import sys

K = 1
def use(x): return x + K

def callee(i, how):
    global K
    if how & 1 and i % 50 == 49:
        K += 1
    if how & 2 and i % 70 == 69:
        raise ValueError(i)
    if how & 4 and i % 90 == 89:
        frames.append(sys._getframe(1))
    return i & 3

frames = []

def direct(n, how):
    s = 0
    for i in range(n):
        s += callee(i, how) + use(i)
    return s

def middle(i, how): return callee(i, how) + use(i)

def inlined(n, how):
    s = 0
    for i in range(n): s += middle(i, how)
    return s

def handled(n, how):
    s = 0
    for i in range(n):
        try: s += callee(i, how)
        except ValueError as e: s += e.args[0] * 1000
        s += use(i)
    return s

def tried(f, *args):
    try: return f(*args)
    except ValueError as e:
        lines = []
        t = e.__traceback__
        while t is not None:
            lines.append((t.tb_frame.f_code.co_name, t.tb_lineno, t.tb_frame.f_locals.get("i")))
            t = t.tb_next
        return e.args, lines

for f in (direct, inlined, handled):
    for how in (0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 0):
        for n in (60, 75, 300):
            print(f.__name__, how, n, tried(f, n, how), K, len(frames))
        del frames[:]

# Deeper: each level calls one that was not compiled when its caller was.
def level(k):
    name = "level%d" % k
    source = f"def {name}(x, how): return level{k + 1}(x, how) + K\n" if k < 6 else \
        f"def {name}(x, how): return callee(x, how)\n"
    exec(source, globals())
for k in range(7): level(k)
def deep(n, how):
    s = 0
    for i in range(n): s += level0(i, how)
    return s
for how in (0, 0, 1, 2, 3, 7, 0): print(how, tried(deep, 100, how), K)

# The recursion limit, met in a callee.
def down(n): return down(n + 1) + 1
def ends(n):
    s = 0
    for i in range(n):
        try: s += down(0)
        except RecursionError as e: s += len(str(e)) > 0
    return s
print(ends(5), ends(5))

# Slots that are emptied: of ordinary attributes, of members, of an alias of the object.
class A:
    def __init__(self): self.a = 1; self.b = 2; self.c = 3
class M:
    __slots__ = ("a", "b")
    def __init__(self): self.a = 1; self.b = 2
def reads(o, n, twin=None, name=None):
    s = 0
    for i in range(n):
        s += o.a + o.b
        if i == n - 2 and twin is not None: delattr(twin, name)
    return s
def again(o, n, twin, name):
    try: return reads(o, n, twin, name)
    except AttributeError as e: return str(e)
for _ in range(30): reads(A(), 50); reads(M(), 50)
for make in (A, M):
    for name in ("a", "b"):
        o = make(); print(again(o, 50, o, name), hasattr(o, "a"), hasattr(o, "b"))
def local(n):
    s = 0
    for i in range(n):
        o = A(); p = o
        s += o.c
        del p.c
        try: s += o.c
        except AttributeError: s += 10
        p.c = 5
        s += o.c + len(o.__dict__)
    return s
print(local(10), local(300))
