# What a class statement leaves in the namespace, in order; which instances can be referred to weakly.
class A: pass
class B(A):
    "doc"
    x: int = 1
class C:
    __slots__ = ("b", "a")
class D(int): pass
class E(Exception): pass
from enum import Enum
from dataclasses import dataclass
@dataclass
class F:
    a: int
class G(Enum):
    X = 1
for k in (A, B, C, D, E, F, G): print(k.__name__, list(vars(k)))
import weakref
class D(int): pass
class T(tuple): pass
class B(bytes): pass
class S(str): pass
class E(Exception): pass
class F(float): pass
for x in (D(1), T(), B(), S(), E(), F(), Exception(), 1, "a", (), [], {}, set(), lambda:0, print, type, object(), (i for i in ()), range(3), slice(1), b"", bytearray(), memoryview(b""), 1.5, None, iter([]), property(), classmethod(print), complex(1)):
    try: weakref.ref(x); r="ok"
    except TypeError as e: r=str(e)
    print(type(x).__name__, r)
