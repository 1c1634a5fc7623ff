import traceback, sys
def inner(): raise ValueError("x")
def outer(): inner()
try: outer()
except ValueError as e:
    for f in traceback.extract_tb(e.__traceback__): print(f.name, f.lineno, f.line, f.colno, f.end_colno)
    print(traceback.format_exception_only(e), len(traceback.format_tb(e.__traceback__)))
    te = traceback.TracebackException.from_exception(e); print(te.exc_type_str, str(te), len(te.stack))
    print("".join(traceback.format_exception(e)).replace(__file__, "FILE"), end="")
print(traceback.format_exception_only(KeyError("k")), traceback.format_exception_only(SyntaxError("m", ("f", 1, 2, "text\n"))), traceback.format_exception_only(type(None), None))
def stack(): return [f.name for f in traceback.extract_stack()]
print(stack())
fr = sys._getframe(); print(fr.f_code.co_name, fr.f_lineno, fr.f_back, fr.f_globals is globals())
def depth(): f = sys._getframe(1); return f.f_code.co_name, f.f_locals.get("loc")
def caller(): loc = 7; return depth()
print(caller())
