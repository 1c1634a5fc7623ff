from enum import *
class C(Enum):
    RED = 1; GREEN = 2; ALIAS = 1
    def hi(self): return self.name.lower()
    @classmethod
    def first(cls): return next(iter(cls))
    @property
    def dbl(self): return self.value * 2
print(C.RED, repr(C.RED), C.RED.name, C.RED.value, C(2), C["RED"], C.ALIAS is C.RED, list(C), len(C), C.RED in C, 1 in C, 9 in C, C.RED.hi(), C.first(), C.GREEN.dbl, C.__members__, isinstance(C.RED, C), C.RED == 1, C.RED is C.RED, hash(C.RED) == hash("RED"), {C.RED: 1}[C.RED], str(C.RED), f"{C.RED}", type(C.RED))
for t in ["C(9)", "C['X']", "C.X", "setattr(C, 'RED', 5)", "C.RED < C.GREEN", "setattr(C.RED, 'value', 5)", "C()", "C.RED.foo", "delattr(C, 'RED')", "Enum('X', 'a a')"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
try:
    class D(C): pass
except TypeError as e: print(e)
try:
    class D(Enum): A = 1; A = 2
except TypeError as e: print(e)
class I(IntEnum): A = 1; B = auto(); C = auto()
print(I.B + 1, I.A < I.B, I.C, repr(I.C), I(2), f"{I.A}", [1, 2, 3][I.A], sorted([I.C, I.A]), I.A == 1, int(I.B), "%d" % I.B)
class F(Flag): R = 1; W = 2; X = 4; RW = R | W
print(F.R | F.W, repr(F.R | F.X), F.RW, F.R in F.RW, ~F.R, F(7), F(0), bool(F(0)), F.RW & F.W, F.R ^ F.RW, list(F.RW), F.RW.value, F["R"], len(F.RW), F.R.name, (F.R | F.X).name)
try: F(8)
except ValueError as e: print(e)
class IF(IntFlag): A = 1; B = 2
print(IF.A | IF.B, IF.A | 8, repr(IF(9)), IF.A + 1, IF(3) == 3)
class S(StrEnum): A = auto(); B = "bee"
print(S.A, S.B, S.A == "a", S.B.upper(), f"{S.A:>3}", repr(S.A), S("bee"))
class T(Enum):
    def _generate_next_value_(name, start, count, last): return name.lower()
    X = auto(); Y = auto()
print(T.X.value, T.Y.value); E = Enum("E", "P Q"); print(E.P.value, list(E)); print(Enum("G", {"a": 5}).a, Enum("H", [("x", 1)])(1))
@unique
class U(Enum): A = 1
try:
    @unique
    class V(Enum): A = 1; B = 1
except ValueError as e: print(e)
class Pl(Enum):
    EARTH = (1, 2)
    def __init__(self, a, b): self.a, self.b = a, b
    @classmethod
    def _missing_(cls, v): return cls.EARTH if v == "home" else None
print(Pl.EARTH.a, Pl("home"), Pl.EARTH.value, Pl((1, 2)))
class N(Enum): A = nonmember(5); B = member(6); _ignore_ = ["t"]; t = 1
print(N.A, N.B, hasattr(N, "t"))
