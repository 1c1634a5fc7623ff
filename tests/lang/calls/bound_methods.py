class A:
    def m(self, x): return self, x
    def __eq__(self, o): return True
    __hash__ = None
a, b = A(), A()
m = a.m
print(m.__name__, m.__self__ is a, m.__func__ is A.m, m == a.m, m == b.m, m is a.m, m(1)[1])
f = A.m
print(f(a, 2)[0] is a, type(f).__name__, type(m).__name__, A.__dict__["m"] is f)
import types
n = types.MethodType(lambda s, *r: (s, r), 5)
print(n(1, 2), n.__self__, [].append.__self__, len.__self__.__name__, "x".upper.__name__)
up = str.upper; print(up("a"), up.__name__, up.__qualname__, list(map(str.strip, [" a ", "b "])))
print((1).__add__(2), int.__add__(1, 2), [].__len__(), list.__len__([1]), (5).__class__, type(list.append).__name__, type([].append).__name__, type([].__len__).__name__, type(list.__len__).__name__, type(dict.fromkeys).__name__)
class B:
    def __call__(self, *a, **k): return a, k
o = B(); print(o(1, k=2), B.__call__(o, 3), callable(o))
o.__call__ = lambda: "instance"; print(o())
class C:
    def __init__(self): self.f = lambda *a: a
    g = lambda self, *a: a
    h = len
    i = B()
    j = print
print(C().f(1), C().g(1), C().h([1, 2]), C().i(5))
try: m.attr = 1
except AttributeError as e: print(e)
f.attr = 1; print(m.attr, f.__dict__)
try: types.MethodType(5, 1)
except TypeError as e: print(e)
try: types.MethodType(len, None)
except TypeError as e: print(e)
