def run(exc):
    out = []
    try:
        try: raise exc
        except* ValueError as e: out.append(("V", repr(e)))
        except* (KeyError, TypeError) as e: out.append(("KT", repr(e)))
        else: out.append("else")
        finally: out.append("fin")
    except BaseException as rest: out.append(("rest", repr(rest)))
    print(out)
run(ExceptionGroup("g", [ValueError(1), KeyError(2), ValueError(3)]))
run(ExceptionGroup("g", [OSError(1), ValueError(2)]))
run(ValueError("naked")); run(OSError("naked other"))
run(ExceptionGroup("g", [ExceptionGroup("n", [TypeError(1), ValueError(2)]), OSError(3)]))
run(KeyboardInterrupt())
def reraise():
    try: raise ExceptionGroup("g", [ValueError(1), KeyError(2), OSError(3)])
    except* ValueError: raise
    except* KeyError: raise TypeError("new")
try: reraise()
except BaseException as e: print(repr(e), [repr(x.__context__) for x in e.exceptions])
try:
    try: raise ExceptionGroup("g", [ValueError(1)])
    except* ValueError as e: raise ExceptionGroup("other", [e])
except ExceptionGroup as e: print(repr(e), repr(e.__context__))
try:
    try: raise ExceptionGroup("g", [ValueError(1)])
    except* ExceptionGroup: pass
except TypeError as e: print(e)
try:
    try: raise ValueError
    except* 5: pass
except BaseException as e: print(repr(e))
try: pass
except* ValueError: print("never")
else: print("else runs")
for src in ["try: pass\nexcept* ValueError: pass\nexcept KeyError: pass", "try: pass\nexcept*: pass", "for i in x:\n try: pass\n except* V: break", "def f():\n try: pass\n except* V: return 1", "for i in x:\n try: pass\n except* V: continue", "try: pass\nexcept: pass\nexcept V: pass", "try: pass\nexcept A, B: pass", "try: pass\nexcept A, B as c: pass"]:
    try: compile(src, "s", "exec"); print("compiles")
    except SyntaxError as e: print(e.msg)
def loop():
    for i in range(3):
        try: raise ExceptionGroup("g", [ValueError(i)])
        except* ValueError as e: print("caught", e.exceptions[0])
    try: e
    except NameError as n: print(n)
loop()
