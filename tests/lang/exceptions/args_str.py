for e in [Exception(), Exception(1), Exception(1, 2), Exception("a"), KeyError("k"), KeyError(), KeyError(1, 2), OSError(2, "msg"), OSError(2, "msg", "file"), OSError(2, "m", "f1", None, "f2"), OSError("x"), StopIteration(5), SystemExit(1), SystemExit(), SyntaxError("m"), SyntaxError("m", ("f.py", 3, 5, "text")), UnicodeEncodeError("ascii", "é", 0, 1, "r"), UnicodeDecodeError("u8", b"\xff", 0, 1, "r"), UnicodeTranslateError("ab", 0, 2, "r"), ImportError("m", name="n", path="p"), NameError("m", name="n"), AttributeError("m", name="n", obj=5), ValueError([1]), AssertionError(), ExceptionGroup("g", [ValueError(1)]), StopAsyncIteration(3), IndentationError("i", ("f", 1, 1, "t", 1, 4))]:
    print(type(e).__name__, "|", str(e), "|", repr(e), "|", e.args)
e = OSError(2, "msg", "file"); print(e.errno, e.strerror, e.filename, e.filename2, type(e).__name__, isinstance(OSError(13, "x"), PermissionError), type(OSError(17, "")).__name__, type(OSError(9999, "")).__name__)
print([type(OSError(n, "")).__name__ for n in (1, 2, 3, 4, 10, 11, 13, 17, 20, 21, 32, 103, 104, 110, 111, 115)])
s = SyntaxError("m", ("f.py", 3, 5, "text", 3, 9)); print(s.msg, s.filename, s.lineno, s.offset, s.text, s.end_lineno, s.end_offset)
print(StopIteration(5).value, StopIteration().value, SystemExit(3).code, SystemExit().code, SystemExit(1, 2).code, AttributeError("m", name="n", obj=5).obj, ImportError("m", name="n").name)
e = ValueError("a"); e.args = (1, 2); print(e, repr(e)); e.custom = 5; print(e.__dict__)
try: e.args = 5
except TypeError as x: print(x)
for t in ["ImportError(foo=1)", "OSError(x=1)", "UnicodeDecodeError('a')", "ValueError(x=1)", "SyntaxError('m', 5)", "ExceptionGroup('x')", "ExceptionGroup('x', [])", "ExceptionGroup('x', [1])", "ExceptionGroup(1, [ValueError()])", "ExceptionGroup('x', [KeyboardInterrupt()])", "BaseException.__new__(int)", "NameError('m', nope=1)"]:
    try: print(eval(t))
    except Exception as x: print(t, type(x).__name__, x)
class My(Exception):
    def __init__(self, a, b=2): self.a = a
m = My(1, b=3); print(m.args, str(m), repr(m))
class S(ValueError):
    def __str__(self): return "custom"
print(S(1), repr(S(1)), f"{S(1)!r:>10}")
