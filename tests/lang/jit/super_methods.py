# `super().name(…)` in compiled code: one class, several, classes that change, instances with an
# attribute of the name, `super` shadowed, class methods, two arguments, receivers that do not fit.
N = 3000


class Base:
    def __init__(self, x):
        self.x = x

    def get(self, y):
        return self.x + y

    @classmethod
    def make(cls, x):
        return cls(x)


class Middle(Base):
    def get(self, y):
        return super().get(y) * 2


class Left(Middle):
    def __init__(self, x):
        super().__init__(x)
        self.left = True

    def get(self, y):
        return super().get(y) + 1

    @classmethod
    def make(cls, x):
        return super().make(x + 1)


class Right(Middle):
    def __init__(self, x):
        super(Right, self).__init__(x)
        self.right = True

    def get(self, y):
        return super(Right, self).get(y) + 2


class Diamond(Left, Right):
    pass


def total(objects, n):
    s = 0
    for i in range(n):
        for o in objects:
            s += o.get(i)
    return s


print(total([Left(1)], N))
print(total([Left(1), Right(2)], N))
print(total([Left(1), Right(2), Diamond(3)], N))
print([type(Left.make(i)).__name__ for i in range(2)], Left.make(3).x, Diamond.make(3).x)

# A method behind `super()` is replaced, then the bases are.
Base.get = lambda self, y: self.x - y
print(total([Left(1), Diamond(3)], N))


class Other:
    def __init__(self, x):
        self.x = -x

    def get(self, y):
        return 7


Middle.__bases__ = (Other,)
print(total([Left(1), Right(2)], N))


# An instance that has an attribute of the name: `super()` does not look there.
o = Left(1)
o.get2 = o.get
o.__dict__["get"] = lambda y: -1
print(sum(o.get(i) for i in range(N)), sum(o.get2(i) for i in range(N)))


def shadowed():
    class super:
        def __init__(self, *args):
            self.args = args

        def get(self, y):
            return ("shadow", len(self.args), y)

    class A(Base):
        def get(self, y):
            return super().get(y)

    return [A(1).get(i) for i in range(N)][-1]


print(shadowed())


class Strict(Base):
    def get(self, y):
        return super(Left, self).get(y)


def wrong():
    try:
        return Strict(1).get(1)
    except TypeError as e:
        return str(e)


for _ in range(N):
    text = wrong()
print(text)


# The class cell is another one for each class that one function body made.
def family(k):
    class A:
        def f(self):
            return k

    class B(A):
        def f(self):
            return super().f() + 1

    return B


kinds = [family(k) for k in range(3)]
print(sum(kinds[i % 3]().f() for i in range(N)))
print(sum(family(k)().f() for k in range(300)))


# `__class__` of an instance is reassigned while its methods are hot.
def switch(n):
    o, s = Left(1), 0
    for i in range(n):
        s += o.get(i)
        if i == n // 2:
            o.__class__ = Right
    return s


print(switch(N))
