def show(e, depth=0):
    print("  " * depth + repr(e), "cause", repr(e.__cause__), "context", repr(e.__context__), "suppress", e.__suppress_context__)
    if e.__context__ and depth < 5: show(e.__context__, depth + 1)
try:
    try:
        try: raise KeyError(1)
        except KeyError: raise ValueError(2)
    except ValueError as v: raise TypeError(3) from v
except TypeError as e: show(e)
try:
    try: raise KeyError(1)
    except KeyError: raise ValueError(2) from None
except ValueError as e: show(e)
try:
    try: raise KeyError(1)
    finally: raise ValueError(2)
except ValueError as e: show(e)
e1 = ValueError("same")
try:
    try: raise e1
    except ValueError: raise e1
except ValueError as e: show(e)
try:
    try: raise KeyError("a")
    except KeyError as k:
        try: raise ValueError("b")
        except ValueError: raise k
except KeyError as e: show(e)
def gen():
    try: yield
    except ValueError: raise KeyError("in gen")
g = gen(); next(g)
try: g.throw(ValueError("thrown"))
except KeyError as e: show(e)
class CM:
    def __enter__(self): pass
    def __exit__(self, *a): raise RuntimeError("exit")
try:
    with CM(): raise ValueError("body")
except RuntimeError as e: show(e)
e = ValueError("x"); e.__cause__ = KeyError("set"); print(e.__suppress_context__)
for bad in ["e.__cause__ = 5", "e.__context__ = 5", "e.__traceback__ = 5", "e.__suppress_context__ = 1", "del e.__cause__", "raise e from 5", "raise 5 from e", "e.with_traceback(5)"]:
    try: exec(bad); print(bad, "ok")
    except BaseException as x: print(bad, type(x).__name__, x)
e.__cause__ = None; print(e.__cause__)
class NoInst(Exception):
    def __init__(self): raise KeyError("ctor")
try: raise NoInst
except KeyError as x: print(x)
try: raise ValueError from NoInst
except KeyError as x: print("from", x)
