try:
    1 / 0
except ZeroDivisionError as e:
    print("caught", e, type(e).__name__, e.args)
try:
    raise ValueError("bad", 1)
except (KeyError, ValueError) as e:
    print(e, e.args, repr(e))
else:
    print("never")
try:
    x = 1
except Exception:
    print("never")
else:
    print("else")
finally:
    print("finally")
def f():
    try:
        return "try"
    finally:
        print("cleanup")
print(f())
class MyError(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code
try:
    raise MyError(5)
except Exception as e:
    print(e, e.code, isinstance(e, MyError))
try:
    try:
        raise KeyError("inner")
    except KeyError:
        raise
except KeyError as e:
    print("outer", e)
try:
    raise MyError
except TypeError as e:
    print(e)
try:
    raise 5
except TypeError as e:
    print(e)
try:
    try:
        {}["k"]
    except KeyError as e:
        raise ValueError("new") from e
except ValueError as e:
    print(repr(e.__cause__), e.__suppress_context__)
try:
    e
except NameError as err:
    print(err)
try:
    assert 1 == 2, "message"
except AssertionError as e:
    print("assert", e)
for bad in [lambda: int("x"), lambda: [].x, lambda: None(), lambda: len(5), lambda: 1 + "a", lambda: "a" * "b", lambda: -"x", lambda: 5[0], lambda: iter(3), lambda: None.foo]:
    try:
        bad()
    except Exception as e:
        print(type(e).__name__ + ":", e)
