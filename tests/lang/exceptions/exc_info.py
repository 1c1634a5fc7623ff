import sys
print(sys.exc_info(), sys.exception())
try: raise ValueError("a")
except ValueError as e:
    print(sys.exc_info()[0].__name__, sys.exc_info()[1] is e, sys.exception() is e, sys.exc_info()[2] is e.__traceback__)
    try: raise KeyError("b")
    except KeyError: print(sys.exception())
    print(sys.exception())
    def f(): return sys.exception()
    print(f() is e)
    def g():
        yield sys.exception()
        try: raise TypeError("t")
        except TypeError: yield sys.exception()
        yield sys.exception()
    it = g(); print(repr(next(it)), repr(next(it)), repr(sys.exception()), repr(next(it)))
print(sys.exception())
it = g(); print(repr(next(it)), repr(next(it)), repr(sys.exception()), repr(next(it)))
def gen():
    try: raise ValueError("outer")
    except ValueError:
        yield 1
        try: raise
        except ValueError as e: print("reraised", e)
x = gen(); next(x)
try: raise KeyError("between")
except KeyError:
    try: next(x)
    except StopIteration: pass
    print(repr(sys.exception()))
try: raise
except RuntimeError as e: print(e)
def reraise(): raise
try:
    try: raise OSError("o")
    except OSError: reraise()
except OSError as e: print("from helper", e)
tb = None
def a(): b()
def b(): raise ValueError
try: a()
except ValueError as e: tb = e.__traceback__
names = []
while tb: names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno)); tb = tb.tb_next
print(names)
try: raise ValueError().with_traceback(None)
except ValueError as e: print(e.__traceback__.tb_lineno, e.__traceback__.tb_next)
for i in range(2):
    try: raise ValueError
    except ValueError: continue
    finally: print(repr(sys.exception()))
print(sys.exception())
