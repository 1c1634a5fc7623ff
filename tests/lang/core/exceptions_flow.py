def classify(f):
    try: f()
    except ArithmeticError as e: return "arith " + type(e).__name__
    except LookupError as e: return "lookup " + type(e).__name__
    except (TypeError, ValueError) as e: return "tv " + type(e).__name__
    except Exception as e: return "other " + type(e).__name__
    return "ok"
for f in [lambda: 1 / 0, lambda: {}[1], lambda: [][1], lambda: int("x"), lambda: 1 + "", lambda: None.x, lambda: 2.0 ** 5000, lambda: next(iter([])), lambda: 1, lambda: undefined]:
    print(classify(f))
class A(Exception): pass
class B(A): pass
for exc in (A, B, A("x"), B("y", 1)):
    try: raise exc
    except B as e: print("B", e.args)
    except A as e: print("A", e.args)
def f():
    try: raise A("first")
    except A as e:
        try: raise B("second")
        except B as e2: print(repr(e2.__context__), e2.__cause__)
        print("still", e)
        raise
try: f()
except A as e: print("got", e, e.__context__)
try:
    try: raise A("x")
    finally: raise B("y")
except B as e: print(repr(e.__context__))
try: raise A("n") from None
except A as e: print(e.__cause__, e.__suppress_context__)
try: raise A("n") from ValueError
except A as e: print(repr(e.__cause__))
for bad in ["raise", "raise 'str'", "raise A from 5", "raise int"]:
    try: exec(bad)
    except Exception as e: print(type(e).__name__, e)
try:
    try: 1 / 0
    except "notatype": pass
except TypeError as e: print(e)
def loop():
    out = []
    for i in range(6):
        try:
            if i % 2: raise ValueError(i)
            out.append(i)
        except ValueError as e: out.append(-e.args[0])
        else: out.append("e")
    return out
print(loop())
def deep(n):
    if n == 0: raise KeyError("deep")
    try: deep(n - 1)
    finally: cnt.append(n)
cnt = []
try: deep(50)
except KeyError as e: print(e, len(cnt))
print(repr(Exception()), repr(Exception(1)), str(Exception(1, 2)), str(KeyError("k")), str(KeyError()), repr(OSError(2, "No such")), str(OSError(2, "No such", "f")), StopIteration(5).value, SystemExit(3).code, UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"))
