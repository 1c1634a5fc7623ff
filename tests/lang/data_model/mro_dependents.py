# A class that has another one in its MRO without deriving from it sees its changes all the same.
class A: n = "A"
class M(type):
    def mro(cls): return [cls, *[b for b in cls.__bases__ if b is not object], A, object]
class L(metaclass=M): pass
class K(L): pass
def get(o): return o.n
for i in range(300): get(L); get(K); get(K())
A.n = "changed"; print(L.n, K.n, get(L), get(K), get(K()), L().n)
A.m = lambda self: "late"; print(L().m(), K().m())
del A.n
try: K.n
except AttributeError as e: print(e)
print(A.__subclasses__(), L.__subclasses__(), [c.__name__ for c in K.__mro__], issubclass(K, A), A in K.__bases__)
