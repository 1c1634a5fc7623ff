class A:
    def __new__(cls, *a): print("new", cls.__name__, a); return super().__new__(cls)
    def __init__(self, *a): print("init", a)
A(1)
class B(A):
    def __new__(cls, *a): return 5 if a else super().__new__(cls)
print(B(1)); B()
class Other(A): pass
class C:
    def __new__(cls): return A.__new__(Other)
    def __init__(self): print("never")
print(type(C()).__name__)
class D:
    def __init__(self): return 5
try: D()
except TypeError as e: print(e)
class Pt(tuple):
    __slots__ = ()
    def __new__(cls, x, y): return super().__new__(cls, (x, y))
    x = property(lambda s: s[0])
print(Pt(1, 2), Pt(1, 2).x, Pt(1, 2) == (1, 2))
class Even(int):
    def __new__(cls, v): return super().__new__(cls, v // 2 * 2)
print(Even(7), type(Even(7)).__name__, Even(7) + 1)
for t in ["object(1)", "object.__new__(A, 1)", "object.__new__(int)", "object.__new__()", "object.__new__(5)", "int.__new__(str)", "tuple.__new__(list)", "object.__init__(A.__new__(A), 1)", "D.__new__(D, 1)"]:
    try: eval(t); print(t, "ok")
    except TypeError as e: print(t, "->", e)
class N:
    def __new__(cls, v): return super().__new__(cls)
try: N()
except TypeError as e: print(e)
class I:
    def __init__(self, v): pass
try: I()
except TypeError as e: print(e)
try: I(1, 2)
except TypeError as e: print(e)
print(bool(I(1)), isinstance(I(3), I))
