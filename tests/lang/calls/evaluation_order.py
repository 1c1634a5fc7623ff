log = []
def v(x): log.append(x); return x
class T:
    def __repr__(self): return "T()"
    def __getattr__(self, n): log.append("get " + n); return lambda *a, **k: log.append("call " + n)
    def __getitem__(self, k): log.append(("item", k)); return self
    def __setitem__(self, k, x): log.append(("set", k, x))
    def __setattr__(self, n, x): log.append(("setattr", n, x))
t = T()
def show(): print(log); log.clear()
t.a(v(1), *[v(2)], k=v(3), **{"z": v(4)}); show()
t[v("i")] = v("rhs"); show()
t.attr = v(5); show()
t[v(1)][v(2)] = t[v(3)]; show()
v(1) + v(2) * v(3) - v(4); show()
{v("k1"): v("v1"), v("k2"): v("v2")}; show()
x = y = v("multi"); show()
v(1) if v(0) else v(2); show()
v(0) or v(1) and v(2); show()
[v(i) for i in v([1, 2]) if v(i)]; show()
v(1) < v(2) < v(0) < v(9); show()
def d(a=v("default"), *, b: v("ann") = v("kwdefault")) -> v("ret"): pass
show()
@v
def deco(): pass
log.clear()
class C(v(object), metaclass=v(type)): body = v("body")
print([str(x) for x in log]); log.clear()
t[v(1):v(2):v(3)]; show()
(lambda a, b: log.append("body"))(v(1), b=v(2)); show()
(t.p, t.q) = v(1), v(2); show()
f"{v(1)}{v(2):{v(3)}}"; show()
del log[:]
