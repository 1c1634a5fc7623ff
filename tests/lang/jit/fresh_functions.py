# Functions made in hot code: they need not be made, and must look as if they were.
import sys

SCALE = 2


def hot(f, *args, times=60):
    for _ in range(times):
        r = f(*args)
    return r


def captured(n):
    s = 0
    for i in range(n):
        g = lambda x: x + i
        s += g(2)
    return s


def defaults(n):
    s = 0
    for i in range(n):
        def add(x, y=3, *, z=4, k=i):
            return x + y + z + k
        s += add(i) + add(i, 1) + add(i, z=7) + add(y=2, x=1, k=9)
    return s


def computed_defaults(n):
    s = 0
    for i in range(n):
        def add(x, y=i * 2, w=[1]):
            w.append(x)
            return x + y + len(w)
        s += add(i) + add(i) + add(1, w=[0])
    return s


def changes(n):
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    for i in range(n):
        step()
        if i % 3 == 0:
            step(2)
    return count, step()


def recursive(n):
    def fib(k):
        return k if k < 2 else fib(k - 1) + fib(k - 2)
    return fib(n)


def mutual(n):
    def even(k):
        return True if k == 0 else odd(k - 1)

    def odd(k):
        return False if k == 0 else even(k - 1)
    return even(n), odd(n)


def nested(n):
    def outer(a):
        def middle(b):
            def inner(c):
                return a * 100 + b * 10 + c * SCALE
            return inner(b + 1) + inner(1)
        return middle(a + 1)
    return sum([outer(i) for i in range(n)])


def escapes(n):
    kept = []
    for i in range(n):
        def f(x, y=i):
            "doc"
            return x + y + i
        f(1)
        if i % 2:
            kept.append(f)
    return [(f(10), f.__name__, f.__qualname__, f.__module__, f.__doc__, f.__defaults__,
             f.__closure__[0].cell_contents) for f in kept[:2]]


def annotated(n):
    for i in range(n):
        def f(x: int, y: "str" = "a") -> float:
            return x * i
        f(3)
    return f.__annotations__, f(2)


def is_one(n):
    s = 0
    for i in range(n):
        f = lambda: i
        g = f
        if f is g and f() == g():
            s += 1
        if f is not (lambda: i):
            s += 1
    return s


def generators(n):
    s = 0
    for i in range(n):
        def count(k, start=i):
            for j in range(k):
                yield start + j
        for x in count(3):
            s += x
        s += sum(x * i for x in range(3)) + sum(count(2))
    return s


def wrapped(n):
    def twice(f):
        def both(*args, **more):
            return f(*args, **more) + f(*args, **more)
        return both

    @twice
    def add(a, b=1):
        return a + b

    return sum([add(i) + add(i, b=2) for i in range(n)])


def passed_on(n):
    items = list(range(n))
    return (sorted(items, key=lambda x: -x)[:3], list(map(lambda x: x * n, items))[:3],
            [f(2) for f in [lambda k=k: k * k for k in range(3)]] if n < 0 else
            [f() for f in [lambda k=k: k * k for k in range(3)]])


def fails(n):
    s = 0
    for i in range(n):
        def divide(a):
            return a // (i - n + 1)
        try:
            s += divide(7)
        except ZeroDivisionError as e:
            tb = e.__traceback__
            names = []
            while tb:
                names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - fails.__code__.co_firstlineno))
                tb = tb.tb_next
            s = (s, names)
    return s


def looks(n):
    s = 0
    for i in range(n):
        def inner(v):
            if i == n - 1:
                f = sys._getframe()
                return f.f_code.co_name, f.f_back.f_code.co_name, f.f_locals["v"], f.f_locals["i"]
            return v
        s = inner(i)
    return s


def other_types(n, x):
    s = x
    for i in range(n):
        def add(a):
            return a + x
        s = add(s)
    return s


def unbound(n):
    for i in range(n):
        def f():
            return late + i
        if i == n - 1:
            try:
                f()
            except NameError as e:
                return str(e)
        late = 1
        f()
        del late


def wrong_calls(n):
    out = []
    for i in range(n):
        def f(a, b=1):
            return a
        try:
            f() if i == n - 1 else f(1)
            f(1, 2, 3) if i == n - 2 else f(2)
            f(1, c=2) if i == n - 3 else f(3, b=2)
        except TypeError as e:
            out.append(str(e))
    return out


def attributes(n):
    s = 0
    for i in range(n):
        def f():
            return f.count
        f.count = i
        s += f()
        f.__defaults__ = (1,)
    return s


def code_changes(n):
    s = 0
    for i in range(n):
        def f(x):
            return x + 1
        if i == n - 2:
            f.__code__ = (lambda x: x * 100).__code__
        s += f(i)
    return s


def classes(n):
    for i in range(n):
        class Box:
            def __init__(self, v):
                self.v = v + i

            def get(self):
                return self.v + i
        b = Box(1)
        r = b.get()
    return r


def cells_are_shared(n):
    s = 0
    for i in range(n):
        def put(v):
            nonlocal held
            held = v

        def get():
            return held
        held = i
        put(get() + 1)
        s += held + get()
        put(get() * 2)
        s += held
    return s


for f in (captured, defaults, computed_defaults, changes, nested, escapes, is_one, generators, wrapped,
          passed_on, fails, looks, unbound, wrong_calls, attributes, code_changes, classes,
          cells_are_shared):
    print(f.__name__, hot(f, 20))
for f in (recursive, mutual):
    print(f.__name__, hot(f, 11))
print(hot(annotated, 9))
for x in (1, 1.5, "a", [1], 1 << 80, True):
    print(other_types(30, x))

# What they name may change.
SCALE = 3
print(nested(20))


def rebinds(n):
    global SCALE
    s = 0
    for i in range(n):
        def scaled(x):
            return x * SCALE + LATER(x)
        s += scaled(i)
        if i == n // 2:
            SCALE += 1
    return s


def LATER(x):
    return x


print([rebinds(40) for _ in range(4)])
LATER = abs
print(rebinds(40))
