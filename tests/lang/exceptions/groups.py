eg = ExceptionGroup("top", [ValueError(1), TypeError("t"), ExceptionGroup("sub", [KeyError("k"), ValueError(2)])])
print(repr(eg), str(eg), eg.message, eg.exceptions, eg.args)
m, r = eg.split(ValueError); print(repr(m), repr(r))
print(repr(eg.subgroup(KeyError)), eg.subgroup(OSError), repr(eg.subgroup(lambda e: "t" in str(e) and not isinstance(e, BaseExceptionGroup))), repr(eg.subgroup((KeyError, TypeError))), eg.split(OSError)[0], eg.subgroup(ExceptionGroup) is eg)
print(type(BaseExceptionGroup("b", [ValueError()])).__name__, type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__, isinstance(eg, Exception))
class MyG(ExceptionGroup):
    def derive(self, excs): return MyG(self.message + "!", excs)
g = MyG("mine", [ValueError(1), KeyError(2)]); g.add_note("note"); g.__cause__ = OSError("c")
p, q = g.split(KeyError); print(type(p).__name__, repr(p), p.__notes__, repr(p.__cause__), repr(q))
print(repr(eg.derive([OSError()])), eg.__class_getitem__ is not None)
try: raise eg
except ExceptionGroup as e: print(e is eg, e.__traceback__ is not None)
for bad in ["eg.split(5)", "eg.subgroup([ValueError])", "eg.split()", "eg.derive(5)", "eg.message = 1", "eg.exceptions = 1"]:
    try: exec(bad)
    except Exception as e: print(bad, type(e).__name__, e)
