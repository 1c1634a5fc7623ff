# Class and static methods by class, by instance and by subclass, replaced while callers are hot; and
# with attributes of their own.
N = 3000


class A:
    k = 1

    @classmethod
    def add(cls, x):
        return cls.k + x

    @classmethod
    def twice(cls, x):
        return cls.add(cls.add(x))

    @staticmethod
    def neg(x):
        return -x


class B(A):
    k = 10


def run(n):
    s = 0
    a, b = A(), B()
    for i in range(n):
        s += A.twice(i) + B.twice(i) + A.neg(i) + a.neg(i) + b.add(i) + a.twice(i)
    return s


print(run(N))
A.k = 2
print(run(N))
B.add = classmethod(lambda cls, x: x)
print(run(N))
A.neg = staticmethod(lambda x: x * 3)
print(run(N))
A.twice.__func__.note = "noted"
print(A.twice.note, A.__dict__["twice"].__wrapped__.note)
A.__dict__["add"].extra = 4
print(A.__dict__["add"].extra, run(N))
A.neg = lambda self, x=None: "method" if x is None else x
print(A.neg(3), A().neg())


def swapping(n):
    out = []
    for i in range(n):
        out.append(A.add(1))
        if i == n // 2:
            A.add = classmethod(lambda cls, x: ("other", x))
    return out[0], out[-1], len(set(out))


print(swapping(N))


class M:
    @classmethod
    def name(cls):
        return cls.__name__


class M2(M):
    pass


def names(kinds, n):
    return [kinds[i % len(kinds)].name() for i in range(n)][-2:]


print(names([M], N), names([M, M2], N), names([M, M2, M()], N))
