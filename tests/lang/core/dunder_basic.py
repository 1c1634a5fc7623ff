class V:
    def __init__(self, *items): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def __setitem__(self, i, v): self.items[i] = v
    def __delitem__(self, i): del self.items[i]
    def __contains__(self, x): return x in self.items
    def __iter__(self): return iter(self.items)
    def __bool__(self): return len(self.items) > 2
    def __str__(self): return "V" + str(self.items)
    def __call__(self, *a): return ("called",) + a
    def __neg__(self): return V(*[-x for x in self.items])
    def __lt__(self, o): return len(self) < len(o)
    def __hash__(self): return 7
    def __eq__(self, o): return isinstance(o, V) and self.items == o.items
v = V(1, 2, 3)
print(len(v), v[0], v[-1], v[0:2], 2 in v, 9 in v, list(v), bool(v), bool(V()), str(v), v(4), str(-v))
v[0] = 10; del v[1]
print(v.items, v < V(1, 2, 3), v > V(), sorted([V(1, 2), V()])[0].items, hash(v), {v: 1}[V(10, 3)])
a, b = v
print(a, b, [*v], max(v), sum(v))
class OldIter:
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i * i
print(list(OldIter()), 4 in OldIter(), tuple(reversed([1, 2])))
class NoBool:
    def __len__(self): return 0
print(bool(NoBool()), bool(object()))
class Ctx:
    def __enter__(self): print("enter"); return self
    def __exit__(self, *a): print("exit", a[0] and a[0].__name__); return True
with Ctx() as c:
    raise ValueError("x")
with Ctx(), Ctx() as d:
    print("body", d is c)
