class T:
    def __init__(self, c=0): self._c = c
    @property
    def f(self):
        "fahrenheit"
        return self._c * 9 / 5 + 32
    @f.setter
    def f(self, v): self._c = (v - 32) * 5 / 9
    @f.deleter
    def f(self): print("del"); self._c = 0
    ro = property(lambda self: "ro")
    wo = property(None, lambda self, v: print("set", v))
t = T(100); print(t.f); t.f = 50; print(t._c); del t.f; print(t._c, T.f.__doc__, t.ro)
for a in ["t.ro = 1", "del t.ro", "t.wo", "T.f.nope", "t.nope", "T().__init__(1, 2)"]:
    try: exec(a)
    except Exception as e: print(type(e).__name__, e)
t.wo = 5
class U(T):
    @T.f.getter
    def f(self): return "overridden " + str(T.f.fget(self))
u = U(0); print(u.f); u.f = 212; print(u.f, isinstance(T.f, property))
class Lazy:
    def __init__(self, fn): self.fn = fn
    def __set_name__(self, owner, name): self.name = name; print("set_name", owner.__name__, name)
    def __get__(self, obj, cls=None):
        if obj is None: return self
        v = obj.__dict__[self.name] = self.fn(obj)
        return v
class W:
    @Lazy
    def val(self): print("computed"); return 42
w = W(); print(w.val, w.val, w.__dict__)
