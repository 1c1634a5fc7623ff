import typing, abc
from typing import *
print(Optional[int], Union[int, str], List[int], Dict[str, int], Callable[[int], str], Any, Tuple[int, ...], Literal["a", 1], ClassVar[int], get_type_hints(lambda: 0), get_origin(List[int]), get_args(Dict[str, int]), Union[int, int], Optional[None], Union[int, None] == Optional[int], int | str == Union[int, str])
T = TypeVar("T"); print(T, T.__name__, Generic[T], List[T][int], TypeVar("B", bound=int).__bound__)
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
print(Box[int](5).v, Box[int], Box.__parameters__, Box[int].__origin__ is Box)
class NT(NamedTuple): a: int; b: str = "x"
print(NT(1), NT._fields, NT.__annotations__, NT._field_defaults)
class TD(TypedDict, total=False): a: Required[int]; b: str
print(TD(a=1), TD.__required_keys__, TD.__optional_keys__, TD.__total__)
@runtime_checkable
class Pr(Protocol):
    def close(self): ...
class Has:
    def close(self): pass
print(isinstance(Has(), Pr), isinstance(5, Pr), issubclass(Has, Pr))
class NotRt(Protocol): x: int
for t in ["isinstance(1, NotRt)", "NotRt()", "isinstance([], List[int])", "Optional[5, 6]", "Generic[int]", "Box[int, str]", "Union[()]", "Any()", "List[int, str]", "Literal[[]]"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
@overload
def f(x: int) -> int: ...
def f(x): return x
@final
class Fin: pass
print(f(1), Fin.__final__, cast(int, "x"), NewType("UserId", int)(5), TYPE_CHECKING, assert_type(1, int), reveal_type.__name__, get_type_hints(NT), is_typeddict(TD), Annotated[int, "m"].__metadata__)
class A(abc.ABC):
    @abc.abstractmethod
    def m(self): ...
    @property
    @abc.abstractmethod
    def p(self): ...
class B(A):
    def m(self): return 1
class C(B): p = 5
for k in (A, B, C):
    try: print(k().m())
    except TypeError as e: print(e)
print(sorted(A.__abstractmethods__), isinstance(C(), A))
class Reg(abc.ABC): pass
Reg.register(int); print(isinstance(5, Reg), issubclass(bool, Reg), issubclass(str, Reg))
class Hook(abc.ABC):
    @classmethod
    def __subclasshook__(cls, c): return hasattr(c, "quack")
class Duck: quack = 1
print(isinstance(Duck(), Hook), isinstance(5, Hook))
from collections.abc import *
print([n for n, c in {"Iterable": Iterable, "Sized": Sized, "Hashable": Hashable, "Sequence": Sequence, "Mapping": Mapping, "Set": Set, "Iterator": Iterator, "Callable": Callable, "MutableSequence": MutableSequence}.items() for v in [[1]] if isinstance(v, c)])
class Seq(Sequence):
    def __getitem__(self, i): return [1, 2, 3][i]
    def __len__(self): return 3
s = Seq(); print(list(s), 2 in s, s.index(3), s.count(1), list(reversed(s)))
class MM(MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = MM(); m["a"] = 1; m.update(b=2); print(dict(m), m.pop("a"), m.setdefault("z", 9), m.get("q"), list(m.items()), "b" in m, m == {"b": 2, "z": 9}); m.clear(); print(len(m))
