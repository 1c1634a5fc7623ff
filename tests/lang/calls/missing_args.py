def f(a, b, c=3, *, d, e=5): pass
def g(): pass
def h(x): pass
def k(*, p, q, r): pass
def m(a, b, c, d): pass
class C:
    def meth(self, a): pass
    @classmethod
    def cm(cls, a): pass
    @staticmethod
    def sm(a): pass
    def __init__(self, v): pass
class D: pass
tests = ["f()", "f(1)", "f(1, 2)", "f(1, 2, 3, 4)", "f(1,2,3,4,5,d=1)", "g(1)", "g(1, 2)", "g(a=1)", "h()", "h(1, 2)", "h(y=1)", "h(1, x=2)",
  "k()", "k(p=1)", "k(p=1, q=2)", "k(1)", "m()", "m(1)", "m(1, 2)", "m(1, 2, 3)", "m(1,2,3,4,5)", "m(b=1)", "m(1, a=2)",
  "C()", "C(1, 2)", "C(1).meth()", "C(1).meth(1, 2)", "C.meth()", "C.cm()", "C.cm(1, 2)", "C.sm()", "C(1).sm(1, 2)", "D(1)", "D(a=1)", "C(w=1)"]
for t in tests:
    try: eval(t); print(t, "ok")
    except TypeError as e: print(t, "->", e)
