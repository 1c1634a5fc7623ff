class A:
    __slots__ = ("x", "y")
    def __init__(self): self.x = 1
a = A(); print(a.x, hasattr(a, "y"), hasattr(a, "__dict__"), A.__slots__, type(A.x).__name__)
for t in ["a.y", "a.z", "setattr(a, 'z', 1)", "delattr(a, 'y')", "a.__dict__", "A.x.__get__(5, A)", "A.x.__set__(5, 1)"]:
    try: print(eval(t))
    except Exception as e: print(t, "->", type(e).__name__, e)
a.y = 2; del a.x; print(hasattr(a, "x"), a.y)
class B(A): __slots__ = "z"
b = B(); b.z = 3; print(b.x, b.z, B.__slots__)
class C(A): pass
c = C(); c.anything = 5; c.x = 9; print(c.__dict__, c.x)
class D: __slots__ = ("a", "__dict__")
d = D(); d.a, d.q = 1, 2; print(d.__dict__, d.a)
for src in ["class X:\n __slots__ = ('a',)\n a = 1", "class X:\n __slots__ = 5", "class X:\n __slots__ = ('1a',)", "class X:\n __slots__ = (1,)", "class X(int):\n __slots__ = ('a',)", "class X(A, D): pass", "class X:\n __slots__ = ('__dict__', '__dict__')", "class Y:\n __slots__ = ('q',)\nclass X(A, Y): pass"]:
    try: exec(src); print("ok")
    except Exception as e: print(type(e).__name__, e)
class P: __slots__ = ("__priv",); 
p = P(); p._P__priv = 1; print(P.__slots__, p._P__priv)
class Doc: __slots__ = {"a": "doc of a"}
print(Doc.a.__doc__, Doc.__slots__)
class E: __slots__ = ()
try: E().v = 1
except AttributeError as e: print(e)
try:
    a.__class__ = E
except TypeError as e: print(e)
