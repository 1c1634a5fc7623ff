import copy
import functools


@functools.lru_cache(maxsize=3)
def f(x, y=0):
    print("computing", x, y)
    return x + y


for x in (1, 2, 1, 3, 4, 1, 2):
    f(x)
print(f.cache_info(), f.cache_parameters())
f(1, y=2)
f(1, y=2)
f((1, 2), y=(3,)) if False else None
f.cache_clear()
print(f.cache_info(), f.__name__, f.__wrapped__(5))
try:
    f([1])
except TypeError as e:
    print(e)


@functools.lru_cache(typed=True)
def g(x):
    print("typed", x)


g(3), g(3.0), g(3), g(x=3), g(x=3)
print(g.cache_info())


@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), fib.cache_info())


class A:
    @functools.lru_cache(None)
    def m(self, x):
        print("method", x)
        return x

    @staticmethod
    @functools.cache
    def s(x):
        return x


a, b = A(), A()
print(a.m(1), a.m(1), b.m(1), A.m(a, 1), A.s(4), A.m.cache_info())
zero = functools.lru_cache(0)(lambda x: x)
print(zero(1), zero(1), zero.cache_info())
print(copy.copy(f) is f, copy.deepcopy(f) is f)
try:
    functools.lru_cache(maxsize="x")
except TypeError as e:
    print(e)


@functools.lru_cache(2)
def raising(x):
    if x < 0:
        raise ValueError(x)
    return x


for x in (-1, 1, -1):
    try:
        raising(x)
    except ValueError as e:
        print("ValueError", e)
print(raising.cache_info())
