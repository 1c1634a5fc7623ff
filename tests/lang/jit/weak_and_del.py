# Objects die when compiled code lets go of them; finalizers that change things run in between.
import gc, weakref
N = 9000
class O:
    def __init__(self, v): self.v = v
def make(n):
    dead = 0; refs = []
    for i in range(n):
        o = O(i)
        if i % 1000 == 0: refs.append(weakref.ref(o))
    del o
    return refs
refs = make(N)
gc.collect(); gc.collect()
print(len(refs), sum(r() is not None for r in refs) <= 1)
count = 0
class D:
    def __init__(self, v): self.v = v
    def __del__(self):
        global count
        count += self.v
def dels(n):
    for i in range(n):
        d = D(1)
        e = d.v + 1
    return e
print(dels(N)); gc.collect(); gc.collect(); print(count >= N - 2, count <= N)
# A finalizer changes a global and a class that the loop relies on.
scale = 1
class Trap:
    def __del__(self):
        global scale
        scale = 2
        P.m = lambda s: 1000
class P:
    def m(self): return 1
def loop(n):
    p = P(); t = 0; k = set()
    x = Trap()
    for i in range(n):
        if i == n // 2: x = None; gc.collect()
        t += p.m() * scale
        k.add((p.m(), scale))
    # (A collection may find the trap later than that: when `p.m()` has run, and before `scale` is read.)
    return sorted(k - {(1, 2)})
loop(N); scale = 1; P.m = lambda s: 1
print(loop(N))
# Resurrection, and weak callbacks.
saved = []
class R:
    def __del__(self): saved.append(self)
def res(n):
    for i in range(n):
        r = R() if i == n - 1 else None
    return None
res(N); gc.collect(); print(len(saved) <= 1, all(type(s) is R for s in saved))
calls = []
def cb(r): calls.append(1)
def weak(n):
    ws = []
    for i in range(n):
        o = O(i)
        ws.append(weakref.ref(o, cb))
        if len(ws) > 100: ws.pop(0)
    return len(ws)
print(weak(N)); gc.collect(); print(len(calls) <= N)
wd = weakref.WeakValueDictionary()
def table(n):
    keep = []
    for i in range(n):
        o = O(i); wd[i] = o
        if i % 100 == 0: keep.append(o)
    return keep
keep = table(N); gc.collect(); gc.collect()
print(sorted(k for k in wd if k % 100 == 0) == list(range(0, N, 100)), len(wd) < 120, all(wd[i].v == i for i in range(0, N, 100)))
# Structures that only compiled code's registers hold while it collects.
def tree(d): return None if d == 0 else (tree(d - 1), [d], {"d": d}, tree(d - 1))
def check(t):
    if t is None: return 0
    l, x, y, r = t
    return 1 + check(l) + check(r) + (x[0] == y["d"]) - 1
def build(n):
    s = 0
    for i in range(n):
        t = tree(6)
        s += check(t)
        if i % 25 == 0: gc.collect()
    return s
print(build(150))
def strings(n):
    parts = []; s = ""
    for i in range(n):
        s += str(i)
        if len(s) > 50: parts.append(s[-10:]); s = s[:5]
    return len(parts), parts[-1], s
print(strings(N))
def floats(n):
    xs = [1e300 * (i + 1) * 1e-300 for i in range(n)]
    ys = [x * 1e-310 for x in xs]
    gc.collect()
    return sum(xs), sum(ys)
print(floats(N))
def cells(n):
    fs = []
    for i in range(n):
        def f(k=i): return k + i
        if i % 500 == 0: fs.append(f)
    gc.collect()
    return [f() for f in fs]
print(cells(N))
def bound(n):
    o = P(); ms = []
    for i in range(n):
        m = o.m
        if i % 1000 == 0: ms.append(m)
    gc.collect()
    return [m() for m in ms]
print(bound(N))
