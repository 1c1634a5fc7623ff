class A:
    kind = "a"
    def __init__(self, n):
        self.n = n
    def hi(self):
        return f"A.hi {self.n}"
    def call(self):
        return self.hi()
class B(A):
    kind = "b"
    def __init__(self, n, m):
        super().__init__(n)
        self.m = m
    def hi(self):
        return "B+" + super().hi()
class C(B):
    pass
c = C(1, 2)
print(c.hi(), c.call(), c.kind, c.n, c.m)
print(isinstance(c, A), isinstance(c, (int, B)), issubclass(C, A), issubclass(A, C), isinstance(A(0), B))
print(C.__bases__, C.__mro__)
class D:
    def who(self): return ["D"]
class E(D):
    def who(self): return ["E"] + super().who()
class F(D):
    def who(self): return ["F"] + super().who()
class G(E, F):
    def who(self): return ["G"] + super().who()
print(G().who(), [k.__name__ for k in G.__mro__])
try:
    class Bad(D, E): pass
except TypeError as e:
    print(e)
class L(list):
    def total(self): return sum(self)
l = L([1, 2]); l.append(3)
print(l, l.total(), len(l), isinstance(l, list), l + [4], type(l[:]))
class I(int):
    def __add__(self, o): return I(int(self) + int(o) + 100)
print(I(1) + 1, 1 + I(1), type(I(1) * 2), I(5) == 5)
class S(str): pass
print(S("x") + "y", type(S("x").upper()), {S("k"): 1}["k"])
class DD(dict):
    def __missing__(self, k): return k * 2
print(DD()["ab"], DD(a=1)["a"])
