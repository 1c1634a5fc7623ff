class A:
    def __init__(self, *a, **k): self.a, self.k = a, k; print("A.init", a, k)
    def m(self, x=1): return f"A.m({x})"
    @classmethod
    def c(cls): return "A.c " + cls.__name__
    @staticmethod
    def s(): return "A.s"
    @property
    def p(self): return "A.p"
class B(A):
    def __init__(self, x, **k): super().__init__(x, extra=1, **k)
    def m(self, x=2): return "B>" + super().m(x) + ">" + super(B, self).m()
    @classmethod
    def c(cls): return "B>" + super().c()
    @property
    def p(self): return "B>" + super().p
    def nested(self): return [super(B, self).m(i) for i in range(2)], (lambda s: super().m(9))(self)
    def gen(self): return [super().m(i) for i in range(2)]
b = B(5, z=2)
print(b.m(), b.c(), B.c(), b.p, b.nested(), b.gen(), super(B, b).s(), super(B, B).c())
print(super(B, b).__thisclass__.__name__, super(B, b).__self_class__.__name__, super(B, b).__self__ is b)
for t in ["super(B, 5)", "super(5)", "super(B, b).nope", "super(A, b).m", "super()"]:
    try: print(eval(t))
    except Exception as e: print(type(e).__name__, e)
def no_class(self): return super().m()
try: no_class(b)
except RuntimeError as e: print(e)
def no_args(): return super()
try: no_args()
except RuntimeError as e: print(e)
class C(B):
    def m(self): del self; return super().m()
try: C(1).m()
except RuntimeError as e: print(e)
class D(B):
    @staticmethod
    def s(): 
        try: return super().s()
        except RuntimeError as e: return str(e)
print(D.s(), __class__ if "__class__" in globals() else "no __class__")
class E:
    def k(self): return __class__.__name__
print(E().k())
