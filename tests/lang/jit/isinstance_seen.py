# `isinstance` of objects whose class was always the same, and then is not.
N = 3000


class A:
    pass


class B(A):
    pass


class Meta(type):
    def __instancecheck__(cls, o):
        return o == 5


class Odd(metaclass=Meta):
    pass


class Liar:
    __class__ = A


def count(objects, kind):
    n = 0
    for o in objects:
        if isinstance(o, kind):
            n += 1
    return n


print(count([A()] * N, A), count([B()] * N, A), count([A()] * N, B))
print(count([A(), B(), 1, "x", None, 2.5, True, [], Liar()] * N, A))
print(count([1] * N, int), count([True] * N, int), count([2**70] * N, int), count([None] * N, int))
print(count([5] * N, Odd), count([A()] * N, Odd), count([Liar()] * N, A))


def one(o):
    return isinstance(o, A)


print(sum(one(B()) for _ in range(N)))
o = B()
o.__class__ = A
print(one(o), one(3), one(B), one(Liar()), one([]))


class Late:
    pass


def late(o):
    return isinstance(o, Late)


x = A()
print(sum(late(x) for _ in range(N)))
x.__class__ = Late
print(late(x))
