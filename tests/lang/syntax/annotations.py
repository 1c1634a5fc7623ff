import annotationlib
def f(a: undefined1, b: int = 1, *c: "str", d: list[int], **e: X) -> ret: pass
try: f.__annotations__
except NameError as e: print(e)
print(annotationlib.get_annotations(f, format=annotationlib.Format.STRING))
undefined1 = X = ret = int; print(f.__annotations__)
class C:
    x: int
    y: "str" = 5
    z: list[C]
    def m(self, o: C) -> "C": v: nothing_here = 1; return v
print(C.__annotations__, C.m.__annotations__, C().m(1), C.y, hasattr(C, "x"), C.__annotate__ is not None)
modvar: int = 5
later: Fwd
print(__annotations__ if False else modvar)
class Fwd: pass
print(__annotate__(1))
def g(): pass
print(g.__annotations__, g.__annotate__); g.__annotations__ = {"a": 1}; print(g.__annotations__); g.__annotations__["b"] = 2; print(g.__annotations__)
def loc():
    a: int = 1
    b: str
    try: return a, b
    except UnboundLocalError as e: return str(e)
print(loc())
class D(C): pass
print(D.__annotations__, "__annotations__" in D.__dict__)
for fmt in annotationlib.Format: print(fmt.name, fmt.value)
class E: q: missing | int
print(annotationlib.get_annotations(E, format=annotationlib.Format.FORWARDREF)["q"].__class__.__name__, annotationlib.get_annotations(E, format=annotationlib.Format.STRING))
(paren): int = 3; print(paren); o = type("O", (), {})(); o.attr: int = 5; print(o.attr); d = {}; d["k"]: str = "v"; print(d)
for s in ["(a, b): int = 1", "[a]: int", "f(): int", "x: int = 1, 2", "x: int = *a, b", "lambda: (x: int)", "x: (yield)", "def f(): x: (yield)", "for x: int in y: pass", "def f():\n global q\n q: int = 1", "def f(a: (b := 1)): pass", "def f(a: await x): pass"]:
    try: compile(s, "s", "exec"); print(s, "ok")
    except SyntaxError as e: print(s, "->", e.msg)
