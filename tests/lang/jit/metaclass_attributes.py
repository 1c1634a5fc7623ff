# Attributes of classes with metaclasses, in caches and compiled code: members of enums, a metaclass
# that changes under them, data descriptors and `__getattribute__` of metaclasses, classes whose
# metaclass is reassigned.
from enum import Enum, IntEnum, Flag

N = 3000


class Colour(Enum):
    RED = 1
    GREEN = 2


class Number(IntEnum):
    ONE = 1
    TWO = 2


class Bits(Flag):
    A = 1
    B = 2


def reds(n):
    k = 0
    for i in range(n):
        c = Colour.RED if i % 3 else Colour.GREEN
        k += c == Colour.RED
        k += Number.TWO
        k += (Bits.A | Bits.B) is Bits(3)
    return k


print(reds(N))


class Meta(type):
    def made(cls):
        return "made"


class A(metaclass=Meta):
    x = 1

    @classmethod
    def who(cls):
        return cls.__name__

    @staticmethod
    def plain(v):
        return v + 1


class B(A):
    pass


def read(cls, n):
    out = None
    for _ in range(n):
        out = (cls.x, cls.who(), cls.plain(1), cls.made())
    return out


print(read(A, N), read(B, N))
B.x = 2
print(read(A, N), read(B, N))
# A data descriptor of the metaclass goes before the class's own.
Meta.x = property(lambda cls: "meta " + cls.__name__)
print(read(A, N), read(B, N))
del Meta.x
print(read(A, N), read(B, N))
Meta.__getattribute__ = lambda cls, name: 9 if name == "x" else type.__getattribute__(cls, name)
print(read(A, N), read(B, N))
del Meta.__getattribute__
print(read(A, N), read(B, N))


class Meta2(Meta):
    x = property(lambda cls: "second")

    def made(cls):
        return "made again"


B.__class__ = Meta2
print(read(A, N), read(B, N))
Meta2.made = lambda cls: "third"
print(read(B, N))


# A metaclass that changes while a loop over its class's attribute is running.
def changing(n):
    seen = []
    for i in range(n):
        v = A.x
        if not seen or seen[-1] != v:
            seen.append(v)
        if i == n // 2:
            Meta.x = property(lambda cls: "now")
    return seen


print(changing(N))
del Meta.x
print(A.x)
