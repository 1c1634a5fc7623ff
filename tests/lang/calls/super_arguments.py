class A:
    def __init__(self, x): self.x = x
    def f(self): return ("A", self.x)
    @classmethod
    def g(cls): return cls.__name__
    p = property(lambda self: self.x * 2)
class B(A):
    def __init__(self, x):
        super(B, self).__init__(x)
        self.y = super(B, self).p
    def f(self): return ("B", super(B, self).f(), super(A, self).__repr__ is not None)
    @classmethod
    def g(cls): return super(B, cls).g() + "!"
    def __new__(cls, x): return super(B, cls).__new__(cls)
class M(type):
    def __call__(cls, *a): return super(M, cls).__call__(*a)
class C(B, metaclass=M):
    def h(self, other): return super(C, other).f()
for i in range(300):
    r = C(i).f(), C.g(), C(1).y
print(r, C(3).h(C(4)))
def bad():
    class D: 
        def f(self): return super(int, self).f()
    try: D().f()
    except TypeError as e: print(e)
    class E: 
        def f(self): return super(E, self).zz
    try: E().f()
    except AttributeError as e: print(e)
    class F: 
        def f(self): return super(self, self).f()
    try: F().f()
    except TypeError as e: print(e)
bad()
