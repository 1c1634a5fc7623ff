print(None, repr(None), bool(None), None == None, None is None, type(None)(), hash(None) == hash(None), None.__class__.__name__, str(None), f"{None}", [None] * 2, None.__bool__(), type(None).__mro__)
print(..., Ellipsis is ..., repr(...), bool(...), type(...)() is ..., NotImplemented, type(NotImplemented)() is NotImplemented)
print(True, int(True), True + 1, True * 3, -True, ~5, True == 1, True is 1 if False else 0, {True: "t"}[1], [10, 20][True], "ab"[False], True & 1, True | False, True ^ True, type(True & 1), type(True & True), str(True), repr(False), bool("False"), bool([0]), True.real, True.bit_length(), True.__and__(False), isinstance(True, int), sum([True, True]), True < 2, max(True, 0), f"{True:d}", f"{True}", f"{True:>6}", "%d" % True, "%s" % True, hash(True), True // 1, True ** 2, round(True), abs(False), divmod(True, 1), int.__repr__(True), bool(float("nan")), bool(0.0), bool(0j), bool(""), bool(range(0)), not 1, not [])
for t in ["None + 1", "None.x", "None()", "None[0]", "None < 1", "-None", "len(None)", "iter(None)", "None.__class__(5)", "type(...)(1)", "... + 1", "bool(1, 2)", "True.x", "True()", "int(None)", "{None: 1}[None]", "NotImplemented + 1", "bool(NotImplemented)"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
class B:
    def __bool__(self): return "x"
class L:
    def __len__(self): return "x"
for v in (B(), L()):
    try: bool(v)
    except TypeError as e: print(e)
for s in ["None = 1", "True = 1", "... = 1", "None.x = 1", "def f(None): pass", "x.True = 1", "del None", "for None in x: pass", "f(None=1)", "import None", "__debug__ = 1"]:
    try: compile(s, "s", "exec"); print(s, "compiles")
    except SyntaxError as e: print(s, "->", e.msg)
