# Arguments that are handed on by `*args` and `**kwargs`: wrappers, constructors, and who looks at
# the tuple and the dict all the same.
import functools
import sys


def plain(fn):
    def wrapper(*args):
        return fn(*args)
    return wrapper


def full(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)
    return wrapper


def counting(fn):
    def wrapper(*args, **kwargs):
        wrapper.calls += len(args) + len(kwargs)
        kwargs["extra"] = 5
        args += (1,)
        return fn(*args, **kwargs)
    wrapper.calls = 0
    return wrapper


def more(fn):
    def wrapper(x, *args, scale=2, **kwargs):
        return fn(x * scale, 0, *args, key=scale, **kwargs)
    return wrapper


@plain
def add(a, b):
    return a + b


@full
def mul(a, b=3, *, c=1):
    return a * b * c


@counting
def counted(*args, **kwargs):
    return args, sorted(kwargs.items())


@more
def shown(*args, **kwargs):
    return args, kwargs


@full
def keeps(*args, **kwargs):
    kept.append((args, kwargs))
    kwargs["new"] = 1
    return kwargs


@full
@plain
@full
def deep(a, b):
    return a - b


@full
def raises(a, **kw):
    return a // kw.get("by", 0)


@full
def looks(*args, **kw):
    f = sys._getframe(1)
    return f.f_code.co_name, f.f_back.f_code.co_name, args, kw


class Base:
    def __init__(self, *args, **kw):
        self.set(*args, **kw)

    def set(self, x, y=0, **rest):
        self.x = x
        self.y = y
        self.rest = rest


class Derived(Base):
    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)

    @full
    def method(self, k, *, by=1):
        return self.x * k + by


def wrong(n):
    out = []
    for call in (lambda: mul(), lambda: mul(1, 2, 3), lambda: mul(1, a=2), lambda: mul(1, d=4),
                 lambda: shown(1, key=3), lambda: add(a=1, b=2), lambda: Derived(1, x=2)):
        try:
            out.append(call())
        except TypeError as e:
            out.append(str(e))
    return out


kept = []


def run(n):
    d = Derived(n, y=2, z=n)
    e = Derived(n)
    try:
        r = raises(n, by=n % 3)
    except ZeroDivisionError as error:
        tb = error.__traceback__
        names = []
        while tb:
            names.append(tb.tb_frame.f_code.co_name)
            tb = tb.tb_next
        r = names
    return (
        add(n, 2), mul(n), mul(n, 2), mul(n, c=2), mul(b=2, a=n, c=4), counted(n, k=n), shown(n),
        shown(n, 7, scale=3, other=n), keeps(n, a=1), deep(n, 1), d.x, d.y, d.rest, e.rest, r,
        d.method(2), d.method(k=3, by=n), looks(n, q=1), mul(*[n, 2]), mul(*(n,), **{"c": 3}),
        counted(*range(2), **dict(z=1)), add(*"ab"),
    )


def main():
    for i in range(60):
        r = run(i)
        if i in (0, 1, 3, 30, 57, 59):
            print(r)
        if i in (2, 50):
            print(wrong(i))
    print(len(kept), kept[3], kept[-1], mul.__wrapped__(2, c=5))


main()
