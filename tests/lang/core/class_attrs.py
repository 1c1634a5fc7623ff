class A:
    shared = []
    n = 0
    def __init__(self): self.own = []; A.n += 1
a, b = A(), A()
a.shared.append(1); a.own.append(2); a.n = 100
print(b.shared, b.own, A.n, a.n, b.n, A.__dict__["n"], "n" in a.__dict__, "n" in b.__dict__)
A.late = lambda self, x: (self is a, x); print(a.late(5), b.late(6))
a.fn = lambda x: x * 2; print(a.fn(4))
del A.late
print(hasattr(a, "late"), sorted(k for k in vars(A) if not k.startswith("__")))
class M: __private = 1
class N:
    def __init__(self): self.__x = 5
    def get(self): return self.__x
print(N().__dict__, N().get(), M._M__private)
class Meta(type):
    def __call__(cls, *a): print("creating", cls.__name__); return super().__call__(*a)
    def __repr__(cls): return f"<meta {cls.__name__}>"
class X(metaclass=Meta):
    def __init__(self, v): self.v = v
print(X, X(3).v, type(X) is Meta)
D = type("D", (A,), {"z": 1, "m": lambda self: self.z}); print(D().m(), D.__name__, D.__bases__)
print(A.__qualname__, A.__module__, a.__class__ is A, a.__init__.__func__ is A.__init__, A.__init__.__qualname__)
class Single:
    _i = None
    def __new__(cls, *a):
        if cls._i is None: cls._i = super().__new__(cls)
        return cls._i
    def __init__(self, v): self.v = v
s1, s2 = Single(1), Single(2); print(s1 is s2, s1.v)
a.__class__ = D; print(type(a).__name__, a.z)
class E: pass
e = E(); e.__dict__["k"] = 3; print(e.k); e.__dict__ = {"j": 1}; print(e.j, hasattr(e, "k"))
