# isinstance and type of what was always of one class, divmod, min and max of several, reversed.
import math


class A:
    pass


class B(A):
    pass


class Odd:
    @property
    def __class__(self):
        return int


class Meta(type):
    def __instancecheck__(cls, x):
        return x == 7


class Checked(metaclass=Meta):
    pass


def one_of(x):
    return isinstance(x, (int, B)), isinstance(x, (float, (str, A))), isinstance(x, ())


def exact(x):
    return type(x) is int, type(x) is A, type(x) in (float, B), type(x).__name__


def asked(x):
    return isinstance(x, int), isinstance(x, float), isinstance(x, bool), isinstance(x, Checked)


values = [1, 1 << 80, True, None, 1.5, 1e300, "s", A(), B(), Odd(), [1], (1,), {1: 2}, A, int, 7, 7.0]
for v in values:
    for _ in range(50):
        r = one_of(v), exact(v), asked(v)
    print(r)
for _ in range(30):
    for v in values:
        r = one_of(v), exact(v), asked(v)
print(r)


def changes(x):
    r = []
    for i in range(60):
        if i == 50:
            x.__class__ = B
        r.append(isinstance(x, (int, B)) + (type(x) is A) * 2)
    return sum(r)


for _ in range(20):
    r = changes(A())
print(r)


def pairs(x, y):
    try:
        q, r = divmod(x, y)
        return q * 1000 + r
    except ZeroDivisionError as e:
        return str(e)


for x, y in [(7, 2), (-7, 2), (7, -2), (1 << 70, 3), (7.5, 2), (7, 0), (-(1 << 61), -1), (True, 2)]:
    for _ in range(60):
        r = pairs(x, y)
    print(x, y, r)


def extremes(a, b, c, d):
    return min(a, b, c), max(a, b, c, d), min(d, c, b, a), max(c, b, a)


for args in [(3, 1, 2, 0), (1.5, 2.5, -0.0, 0.0), (1, 2.5, 3, True), ("a", "c", "b", ""), (1 << 70, 1, 2, 3),
             (float("nan"), 1.0, 2.0, 3.0), (1.0, float("nan"), 0.5, 2.0), (0.0, -0.0, 0.0, -0.0)]:
    for _ in range(60):
        r = extremes(*args)
    print(args, r)


def backwards(n, l):
    s = 0
    for i in reversed(range(n)):
        s = s * 3 % 1000003 + i
    for i in reversed(range(5, n)):
        s = s * 3 % 1000003 + i
    for i in reversed(range(n, 5, -1)):
        s = s * 3 % 1000003 + i
    for i in reversed(range(3, n, 4)):
        s = s * 3 % 1000003 + i
    for x in reversed(l):
        s = s * 3 % 1000003 + x
    for i, x in enumerate(reversed(l)):
        s = s * 3 % 1000003 + x * i
    return s


for _ in range(60):
    r = backwards(40, [3, 1, 4, 1, 5]), backwards(0, []), backwards(6, [1])
print(r)


def shrinks(l):
    seen = []
    for x in reversed(l):
        seen.append(x)
        if x == 3:
            del l[1:]
        if x == 5:
            l.append(9)
    return seen, l


for _ in range(60):
    r = shrinks([1, 2, 3, 4, 5, 6])
print(r)


def left_early(l):
    it = reversed(l)
    for x in it:
        if x == 3:
            break
    return x, list(it), it.__length_hint__(), next(it, None)


for _ in range(60):
    r = left_early([1, 2, 3, 4])
print(r)


def fails(l):
    try:
        for i in reversed(l):
            1 // (i - 2)
    except ZeroDivisionError:
        return i
    except TypeError as e:
        return str(e)


for _ in range(60):
    r = fails([1, 2, 3]), fails(range(5)), fails([1, "x"]), fails(5)
print(r)


def roots(n):
    s = 0.0
    for i in range(n):
        s += math.sqrt(i) + math.fabs(-i) + math.floor(i / 3)
    return s


for _ in range(60):
    r = roots(40)
print(r, math.sqrt((1 << 61) + 1), roots(0))


def big_roots(x):
    return math.sqrt(x)


for x in [4, (1 << 53) + 1, (1 << 60) + 3, (1 << 61) - 1, 2.0, True]:
    for _ in range(60):
        r = big_roots(x)
    print(r)
