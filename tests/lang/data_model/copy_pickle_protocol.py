import copy
class A:
    def __init__(self, x): self.x = x
a = A([1, [2]]); b = copy.copy(a); c = copy.deepcopy(a)
print(b.x is a.x, c.x is a.x, c.x, c.x[1] is a.x[1])
class R:
    def __reduce__(self): return (list, ((1, 2),))
print(copy.copy(R()), copy.deepcopy(R()))
class S:
    def __init__(self): self.a, self.b = 1, 2
    def __getstate__(self): return {"a": self.a}
    def __setstate__(self, st): self.__dict__.update(st); self.restored = True
s = copy.copy(S()); print(s.__dict__)
class C:
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep"
print(copy.copy(C()), copy.deepcopy([C()]))
l = [1]; l.append(l); m = copy.deepcopy(l); print(m[1] is m, m is l)
d = {"a": [1], "b": (1, [2])}; e = copy.deepcopy(d); e["a"].append(2); print(d, e)
class Sl:
    __slots__ = ("p", "q")
x = Sl(); x.p = [1]; y = copy.deepcopy(x); print(y.p, y.p is x.p, hasattr(y, "q"))
print(a.__reduce_ex__(2)[0].__name__, object().__reduce_ex__(4)[1:2], A.__getstate__(a))
import pickle
class Pt:
    def __init__(self, x, y): self.x, self.y = x, y
    def __eq__(self, o): return vars(self) == vars(o)
for v in [1, -5, 2 ** 100, 1.5, "é", b"x", None, True, [1, [2]], (1,), {"a": {1}}, Pt(1, [2]), range(3), frozenset([1])]:
    for p in (0, 2, 5): assert pickle.loads(pickle.dumps(v, p)) == v, (v, p)
print("pickled")
try: pickle.dumps(lambda: 0)
except Exception as e: print(type(e).__name__)
