# Attributes that only a class's annotations announce: instances have room for them.
import gc
from dataclasses import dataclass, field


@dataclass
class Six:
    a: int
    b: int
    c: int
    d: int
    e: int = 5
    f: list = field(default_factory=list)


@dataclass(frozen=True)
class Frozen:
    x: "int"
    y: "float" = 1.5


class Child(Six):
    g: int

    def grow(self, n):
        for i in range(n):
            setattr(self, f"extra{i}", i)
        return self


def make(n):
    total = 0
    for i in range(n):
        s = Six(i, 1, 2, 3)
        s.f.append(i)
        c = Child(i, 2, 3, 4, f=s.f)
        c.g = i
        total += s.a + s.e + len(s.f) + c.d + c.g + Frozen(i).x
    return total


print(make(3), make(2000))
print(Six(1, 2, 3, 4), Child(1, 2, 3, 4).grow(60).extra59, Frozen(3))
print(sorted(vars(Child(1, 2, 3, 4).grow(2))), len(vars(Six(1, 2, 3, 4))))
s = Six(1, 2, 3, 4)
del s.b
s.b = 7
s.__dict__["z"] = 1
print(list(vars(s)), s.z)
gc.collect()
print(s == s, Six(1, 1, 1, 1) == Six(1, 1, 1, 1))
