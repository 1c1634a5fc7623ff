def f(a: int, b: str = "x", /, *c, d: list = [], **e) -> None:
    "doc"
    v = 1
    return lambda: v
print(f.__name__, f.__qualname__, f.__doc__, f.__module__, f.__defaults__, f.__kwdefaults__, f.__annotations__, f.__dict__, f.__closure__)
c = f.__code__
print(c.co_name, c.co_qualname, c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_varnames, c.co_cellvars, c.co_freevars, c.co_flags & 12, c.co_firstlineno)
f.__defaults__ = ("y",); f.__kwdefaults__ = {"d": 9}; f.__name__ = "renamed"; f.__doc__ = None
print(f.__name__, f.__doc__, f.__code__.co_name)
def g(a, b): return a, b
g.__defaults__ = (1, 2); print(g(), g(5)); g.__defaults__ = None
try: g()
except TypeError as e: print(e)
def h(): return "h"
g.__code__ = h.__code__; print(g())
for s in ["g.__code__ = 5", "g.__name__ = 5", "g.__defaults__ = 5", "g.__dict__ = 5", "g.__closure__ = ()", "g.__globals__ = {}", "del g.__code__", "g.__code__ = f(1).__code__"]:
    try: exec(s); print(s, "ok")
    except Exception as e: print(s, type(e).__name__, e)
class K:
    def m(self):
        def inner(): pass
        return inner
print(K.m.__qualname__, K().m().__qualname__, (lambda: 0).__qualname__, [x for x in [lambda: 0]][0].__qualname__)
import types
k = types.FunctionType(h.__code__, {}, "made"); print(k(), k.__name__)
print(f.__type_params__, h.__builtins__ is not None, h.__globals__ is globals())
