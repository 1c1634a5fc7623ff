def g(a):
    b = yield a
    yield b
x = g(5)
print(x.__name__, x.__qualname__, x.gi_running, x.gi_frame.f_locals, x.gi_code.co_name, x.gi_yieldfrom, x.gi_suspended, type(x).__name__)
next(x); print(x.gi_suspended, x.gi_frame.f_lineno); x.__name__ = "new"; print(x.__name__); x.close(); print(x.gi_frame, x.gi_suspended)
import inspect
print(inspect.getgeneratorstate(g(1)), inspect.isgeneratorfunction(g), inspect.isgenerator(x))
def d():
    yield from sub
sub = g(1); y = d(); next(y); print(y.gi_yieldfrom is sub, inspect.getgeneratorstate(y))
print((i for i in []).__name__, (lambda: (yield))().__name__, iter(x) is x)
z = (i * j for i in range(3) for j in range(i)); print(list(z))
n = 5; z = (n for _ in range(2)); n = 6; print(list(z))
try: (i for i in 5)
except TypeError as e: print(e)
q = (1 / i for i in (1, 0, 2)); print(next(q))
try: next(q)
except ZeroDivisionError as e: print(e)
print(list(q))
async def co(): pass
c = co(); print(c.__name__, c.cr_running, c.cr_await, c.cr_code.co_name, type(c).__name__); c.close()
async def ag(): yield 1
a = ag(); print(a.__name__, a.ag_running, a.ag_await, type(a).__name__)
for bad in ["iter(co())", "for i in c: pass", "next(ag())", "[*ag()]"]:
    try: exec(bad)
    except TypeError as e: print(e)
import warnings; warnings.simplefilter("ignore")
for e in ["x.__name__ = 5", "x.gi_frame = 1", "del x.__name__"]:
    try: exec(e)
    except Exception as v: print(type(v).__name__, v)
