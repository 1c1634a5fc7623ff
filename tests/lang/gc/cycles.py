import gc, weakref
class N: pass
def cyc(kind):
    if kind == "self": n = N(); n.me = n
    elif kind == "list": n = N(); n.l = [n]
    elif kind == "dict": n = N(); n.d = {"k": n}
    elif kind == "closure":
        n = N()
        def f(): return n
        n.f = f
    elif kind == "method": n = N(); n.m = N.__init__.__get__(n)
    elif kind == "gen":
        n = N()
        def g(o): yield o
        n.g = g(n); next(n.g)
    elif kind == "exc":
        n = N()
        try: raise ValueError(n)
        except ValueError as e: n.e = e
    elif kind == "tuple": n = N(); n.t = (n, (n,))
    elif kind == "set": n = N(); n.s = {n}
    elif kind == "partial":
        import functools; n = N(); n.p = functools.partial(print, n)
    elif kind == "class":
        class K: pass
        n = K; K.me = K()
    elif kind == "weak": n = N(); n.w = weakref.ref(n)
    return weakref.ref(n)
for k in ["self", "list", "dict", "closure", "method", "gen", "exc", "tuple", "set", "partial", "class", "weak"]:
    r = cyc(k); gc.collect(); print(k, r() is None)
print(gc.isenabled(), gc.disable(), gc.isenabled(), gc.enable(), type(gc.collect()).__name__)
keep = [N() for _ in range(100)]
for i, n in enumerate(keep): n.next = keep[(i + 1) % 100]
rs = [weakref.ref(n) for n in keep]; gc.collect(); print(all(r() for r in rs)); del keep, n; gc.collect(); print(any(r() for r in rs))
total = 0
for i in range(20000): t = [i, [i]]; t.append(t); total += t[1][0]
print(total)
d = {}
for i in range(5000): d[i] = (i, str(i), [i]); d.pop(i - 100, None)
print(len(d), d[4999])
s = []
for i in range(100): s = [s]
depth = 0
while s: s = s[0]; depth += 1
print(depth)
