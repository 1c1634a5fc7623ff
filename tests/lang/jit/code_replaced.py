# A function gets other code while it is running within its compiled caller: what runs goes on with the
# code that it began with.
import sys


def other(x):
    return "other"


def larger(x):
    a, b, c, d, e, f, g, h = range(8)
    return [a, b, c, d, e, f, g, h, x]


def f(x):
    y = x + 1
    if x == flip:
        f.__code__ = new.__code__
    z = [y, x]
    return z


def calls(n):
    out = []
    for i in range(n):
        out.append(f(i))
    return out


old = f.__code__
flip = -1
for k in range(50):
    calls(50)
for new in other, larger:
    for flip in 3, 50, 52, 53:
        print(calls(54)[47:50], calls(54)[-1:])
        f.__code__ = old


# Two frames deep, and in a method.
class C:
    def __init__(self, v):
        self.v = v

    def inner(self, x):
        w = self.v * x
        if x == flip:
            C.inner.__code__ = replaced.__code__
            C.outer.__code__ = replaced.__code__
        return w + self.v

    def outer(self, x):
        t = (x, self.inner(x))
        return t


def replaced(self, x):
    return "replaced"


def methods(n):
    c = C(3)
    last = None
    for i in range(n):
        last = c.outer(i)
    return last


codes = C.inner.__code__, C.outer.__code__
flip = -1
for k in range(50):
    methods(50)
for flip in 40, 48, 49:
    print(methods(50), methods(50))
    C.inner.__code__, C.outer.__code__ = codes


# A generator that a loop walks into.
def backwards(n):
    i = 0
    while i < n:
        yield -i
        i += 2


def forwards(n):
    i = 0
    while i < n:
        if i == flip:
            forwards.__code__ = backwards.__code__
        yield i
        i += 1


def total(n):
    s = 0
    for x in forwards(n):
        s += x
    return s


def some(n):
    g = forwards(n)
    s = 0
    for x in g:
        s += x
        if x in (20, -20):
            forwards.__code__ = backwards.__code__
            break
    return s, next(g, None), next(g, None)


old = forwards.__code__
flip = -1
for k in range(50):
    total(50)
    some(50)
    forwards.__code__ = old
for flip in 3, 48, 49, -1:
    print(total(50), total(50))
    forwards.__code__ = old
    print(some(50), some(50))
    forwards.__code__ = old


# Looked at from a callee, and from a traceback.
def looks(x):
    if x == flip:
        looked.__code__ = other.__code__
        g = sys._getframe(1)
        print(g.f_code is old, g.f_code.co_name, sorted(g.f_locals.items()), g.f_lineno - g.f_code.co_firstlineno)
        if flip == 30:
            raise ValueError(x)
    return x


def looked(x):
    y = x * 2
    looks(x)
    return y


def looking(n):
    s = 0
    for i in range(n):
        s += looked(i)
    return s


old = looked.__code__
flip = -1
for k in range(50):
    looking(20)
for flip in 19, 30:
    try:
        print(looking(32))
    except (TypeError, ValueError) as e:
        t = e.__traceback__
        while t:
            print(t.tb_frame.f_code.co_name, t.tb_lineno, t.tb_frame.f_code is old)
            t = t.tb_next
    looked.__code__ = old
