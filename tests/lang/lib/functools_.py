import functools
from functools import *
print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(max, [3, 9, 2], 5), reduce(lambda a, b: a, [], "init"))
try: reduce(max, [])
except TypeError as e: print(e)
p = partial(int, base=2); print(p("101"), p.func, p.args, p.keywords, p("7", base=8), repr(partial(print, 1, sep="x")).startswith("functools.partial(<built-in function print>, 1, sep='x')"), partial(partial(max, 1), 2)(3), partial(pow, Placeholder, 2)(5))
@lru_cache(maxsize=2)
def sq(x): calls.append(x); return x * x
calls = []; print([sq(i) for i in (1, 2, 1, 3, 2)], calls, sq.cache_info(), sq.cache_parameters(), sq.__wrapped__(9)); sq.cache_clear(); print(sq.cache_info())
@cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(100), fib.cache_info().currsize)
try: sq([])
except TypeError as e: print(e)
@singledispatch
def show(x): return "obj"
@show.register
def _(x: int): return "int"
@show.register(list)
def _(x): return "list"
print(show(1), show([]), show("s"), show(True), show.dispatch(bool)(1), sorted(k.__name__ for k in show.registry))
class K:
    @singledispatchmethod
    def m(self, a): return "any"
    @m.register
    def _(self, a: str): return "str"
    @cached_property
    def cp(self): print("computing"); return 5
    @partialmethod
    def nothing(self): pass
    def base(self, a, b): return a, b
    pm = partialmethod(base, 1)
k = K(); print(k.m(1), k.m("x"), k.cp, k.cp, k.pm(2), vars(k)); del k.cp; print(k.cp)
def deco(f):
    @wraps(f)
    def w(*a):
        "wrapper doc"
        return f(*a)
    return w
@deco
def named(a): "real doc"
print(named.__name__, named.__doc__, named.__wrapped__.__name__, WRAPPER_ASSIGNMENTS)
@total_ordering
class V:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
    def __eq__(self, o): return self.v == o.v
print(V(1) <= V(1), V(2) >= V(3), V(2) > V(1), sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)), cmp_to_key(lambda a, b: 0)(1) == cmp_to_key(lambda a, b: 0)(1) if False else "")
try:
    @total_ordering
    class W: pass
except ValueError as e: print(e)
