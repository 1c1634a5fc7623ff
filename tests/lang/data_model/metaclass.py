class Meta(type):
    def __new__(m, name, bases, ns, **kw): print("new", name, [b.__name__ for b in bases], sorted(k for k in ns if not k.startswith("__")), kw); return super().__new__(m, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw): print("init", name, kw); super().__init__(name, bases, ns)
    @classmethod
    def __prepare__(m, name, bases, **kw): print("prepare", name, kw); return {"injected": 1}
    def __call__(cls, *a, **k): print("call", a); return super().__call__(*a, **k)
    def __len__(cls): return 7
    def __getitem__(cls, k): return f"{cls.__name__}[{k}]"
    def __iter__(cls): return iter("ab")
    def __contains__(cls, x): return x == 1
    def __instancecheck__(cls, o): return o == "yes"
    def __subclasscheck__(cls, c): return c is int
class A(metaclass=Meta, opt=5):
    x = 1
    def __init__(self, *a): pass
class B(A): y = 2
A(1, 2); print(A.injected, len(A), A["k"], list(A), 1 in A, isinstance("yes", A), isinstance(5, A), issubclass(int, A), type(B).__name__)
class M2(type): pass
try:
    class Conf(A, metaclass=M2): pass
except TypeError as e: print(e)
class M3(Meta): pass
class D(A, metaclass=M3): pass
print(type(D).__name__)
def fn_meta(name, bases, ns): return (name, bases, sorted(ns))
class F(metaclass=fn_meta): z = 1
print(F)
class Prep(type):
    @classmethod
    def __prepare__(m, n, b):
        class Log(dict):
            def __setitem__(s, k, v): print("ns", k) if not k.startswith("__") else None; super().__setitem__(k, v)
        return Log()
class G(metaclass=Prep):
    a = 1
    def f(self): pass
try:
    class H(5): pass
except TypeError as e: print(e)
try:
    class I(bool): pass
except TypeError as e: print(e)
try:
    class J(int, str): pass
except TypeError as e: print(e)
try:
    class K(A, A): pass
except TypeError as e: print(e)
class Entries:
    def __mro_entries__(self, bases): return (list,)
class L(Entries()): pass
print(L.__bases__, len(L.__orig_bases__))
print(type("X", (), {}).__name__, type.__call__(type, 5), type(type), Meta.__mro__[1:], A.__class__.__name__)
