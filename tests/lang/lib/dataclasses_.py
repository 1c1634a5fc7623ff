from dataclasses import *
@dataclass
class P:
    x: int
    y: int = 0
    z: list = field(default_factory=list, repr=False, compare=False)
    def total(self): return self.x + self.y
p = P(1, 2); print(p, p == P(1, 2, [5]), p.total(), asdict(p), astuple(p), [f.name for f in fields(P)], replace(p, x=9), P.__match_args__, is_dataclass(p))
@dataclass(order=True, frozen=True)
class O: a: int; b: str = "z"
print(O(1) < O(2), sorted([O(2), O(1, "b"), O(1, "a")]), hash(O(1)) == hash(O(1)), {O(1): 5}[O(1)])
for t in ["setattr(O(1), 'a', 2)", "delattr(O(1), 'a')", "P()", "P(1, 2, 3, 4)", "P(q=1)", "O(1) < 5", "hash(p)", "replace(p, q=1)", "asdict(5)", "fields(5)"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
@dataclass(kw_only=True, slots=True)
class K:
    a: int
    b: int = 5
    c: InitVar[int] = 3
    def __post_init__(self, c): self.b += c
k = K(a=1, c=10); print(k, K.__slots__, hasattr(k, "__dict__"))
try: K(1)
except TypeError as e: print(e)
@dataclass
class Base: a: int; b: int = 1
@dataclass
class Sub(Base): c: int = 2; a: str = "over"
print(Sub(), [f.name for f in fields(Sub)])
for src in ["@dataclass\nclass X:\n a: int = 1\n b: int", "@dataclass\nclass X:\n a: list = []", "@dataclass(order=True, eq=False)\nclass X: pass", "@dataclass\nclass X:\n a: int = field(default=1, default_factory=int)", "@dataclass(frozen=True)\nclass X(Base): pass"]:
    try: exec(src)
    except Exception as e: print(type(e).__name__, e)
M = make_dataclass("M", ["x", ("y", int), ("z", int, 5)]); print(M(1, 2), M.__name__)
@dataclass
class Rec: me: object = None; d: dict = field(default_factory=dict)
r = Rec(); r.me = r; print(r, asdict(Rec(P(1), {"k": [P(2)]})))
class C: pass
@dataclass
class CV:
    from typing import ClassVar
    n: ClassVar[int] = 5
    m: int = field(default=1, metadata={"u": 1}, init=False)
print(CV(), fields(CV)[0].metadata["u"], fields(CV)[0].default, CV.n, fields(P)[2].default is MISSING)
