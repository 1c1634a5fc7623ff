# Closures that hot code calls get other code or other defaults, or others are called, while it runs.


def change(g, h):
    g.__code__ = h.__code__


def code_of(n, k):
    def g(x):
        return x + 1

    def h(x):
        return x * 100
    s = 0
    for i in range(n):
        s += g(i)
        if i == k:
            change(g, h)
        s += g(i)
    return s


def set_defaults(g, values):
    g.__defaults__ = values


def defaults_of(n, k, values):
    def g(x, y=1):
        return x + y
    s = 0
    for i in range(n):
        s += g(i)
        if i == k:
            set_defaults(g, values)
        try:
            s += g(i)
        except TypeError as e:
            return s, str(e)
    return s


def keywords_of(n, k):
    def g(x, *, y=1):
        return x + y
    s = 0
    for i in range(n):
        s += g(i) + g(i, y=2)
        if i == k:
            g.__kwdefaults__ = {"y": 7}
        if i == k + 9:
            g.__kwdefaults__["y"] = 8
    return s


def make(scale):
    def scaled(x, by=scale):
        return x * by + scale + OFFSET
    return scaled


OFFSET = 1


def others(n):
    s = 0
    f = make(2)
    for i in range(n):
        s += f(i) + f(i, 3)
        if i % 40 == 39:
            f = make(i)
    return s


def other_globals(n, k):
    source = "def make():\n    def f(x): return x + NUMBER\n    return f\n"
    first, second = {"NUMBER": 1}, {"NUMBER": 1000}
    exec(code := compile(source, "<made>", "exec"), first)
    exec(code, second)
    second["make"].__code__ = first["make"].__code__
    f, g = first["make"](), second["make"]()
    print(f.__code__ is g.__code__)
    s = 0
    for i in range(n):
        s += f(i)
        if i == k:
            f = g
        if i == k + 20:
            second["NUMBER"] = 2000
    return s


for n in (100, 3000, 3000, 20000):
    for k in (1, n // 2, n - 2):
        print(n, k, code_of(n, k), defaults_of(n, k, (7,)), defaults_of(n, k, ()), defaults_of(n, k, (5, 6)),
              keywords_of(n, k), other_globals(n, k))
    print(others(n))
OFFSET = 2
print(others(3000))
