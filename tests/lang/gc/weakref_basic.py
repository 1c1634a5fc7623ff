import weakref, gc
class A:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"A{self.n}"
a = A(1); r = weakref.ref(a); print(r() is a, r() , weakref.ref(a) is r, weakref.getweakrefcount(a), hash(r) == hash(a))
log = []; cb = weakref.ref(a, lambda w: log.append(w() is None)); del a; gc.collect(); print(r(), log)
d = weakref.WeakValueDictionary(); b = A(2); d["k"] = b; print(dict(d), len(d), "k" in d); del b; gc.collect(); print(len(d), d.get("k"), "k" in d)
k = weakref.WeakKeyDictionary(); c = A(3); k[c] = "v"; print(k[c], len(k)); del c; gc.collect(); print(len(k))
s = weakref.WeakSet(); e, f = A(4), A(5); s.add(e); s.add(f); print(len(s), e in s); del e; gc.collect(); print(len(s), [x.n for x in s])
p = weakref.proxy(f); print(p.n, type(p).__name__); p.n = 50; print(f.n); del f; gc.collect()
try: p.n
except ReferenceError as x: print(x)
for v in [5, "s", None, (), [], {}, object(), 1.5]:
    try: weakref.ref(v); print("ok")
    except TypeError as x: print(x)
for v in [set(), frozenset(), lambda: 0, A, len, type("L", (list,), {})(), (i for i in []), A(1).__init__]: print(type(v).__name__, weakref.ref(v)() is not None or True)
class S: __slots__ = ("x",)
try: weakref.ref(S())
except TypeError as x: print(x)
class SW: __slots__ = ("x", "__weakref__")
sw = SW(); print(weakref.ref(sw)() is sw)
m = A(6); wm = weakref.WeakMethod(m.__repr__); print(wm()()); del m; gc.collect(); print(wm())
g = A(7); fin = weakref.finalize(g, log.append, "finalized"); print(fin.alive); del g; gc.collect(); print(fin.alive, log, fin())
h = A(8); w1, w2 = weakref.ref(h), weakref.ref(h); h2 = A(8); print(w1 == w2, w1 == weakref.ref(h2), w1 is w2)
try: w1.x = 1
except AttributeError as x: print("no attr")
