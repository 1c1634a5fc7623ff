class O: pass
class A(O): n = "A"
class B(O): n = "B"
class C(A, B): pass
class D(B, A): pass
try:
    class E(C, D): pass
except TypeError as e: print(e)
class X: pass
class Y(X): pass
try:
    class Z(X, Y): pass
except TypeError as e: print(e)
print(C.n, D.n, [k.__name__ for k in C.mro()], C.__base__.__name__, O.__subclasses__() == [A, B])
class F: 
    def f(self): return ["F"]
class G(F):
    def f(self): return ["G"] + super().f()
class H(F):
    def f(self): return ["H"] + super().f()
class I(G): pass
class J(H, F):
    def f(self): return ["J"] + super().f()
class K(I, J): 
    def f(self): return ["K"] + super().f()
print(K().f(), [k.__name__ for k in K.__mro__])
G.__bases__ = (H,); print([k.__name__ for k in I.__mro__], I().f())
try: F.__bases__ = (G,)
except TypeError as e: print(e)
try: F.__bases__ = ()
except TypeError as e: print(e)
class M(type):
    def mro(cls): return [cls, A, object]
class L(metaclass=M): pass
print([k.__name__ for k in L.__mro__], L.n)
A.n = "changed"; print(C.n, L.n); del A.n; print(C.n)
A.late = lambda self: "late"; print(C().late()); C.late = lambda self: "C late"; print(C().late()); del C.late; print(C().late())
print(issubclass(K, F), issubclass(F, K), isinstance(K(), (int, G)), issubclass(bool, (str, int)))
