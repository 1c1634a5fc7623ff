def check(name, f):
    try:
        f()
        print(name, "no error")
    except RecursionError as e:
        print(name, "RecursionError")
    except Exception as e:
        print(name, type(e).__name__)
def f(): return f()
check("call", f)
class A:
    def __getattr__(self, n): return getattr(self, n + "x")
check("getattr", lambda: A().foo)
class E:
    def __eq__(self, o): return self == o
check("eq", lambda: E() == E())
def nest():
    l = []
    for i in range(200000): l = [l]
    return l
check("repr", lambda: repr(nest()))
check("sorted", lambda: sorted([3,1,2], key=lambda x: f()))
def g():
    yield from g()
check("gen", lambda: list(g()))
class R:
    def __repr__(self): return repr(self)
check("reprself", lambda: repr(R()))
class I:
    def __init__(self): I()
check("init", lambda: I())
class C:
    def __call__(self): return self()
check("callobj", lambda: C()())
class H:
    def __hash__(self): return hash(self)
check("hash", lambda: hash(H()))
class L:
    def __len__(self): return len(self)
check("len", lambda: len(L()))
class N:
    def __add__(self, o): return self + o
check("add", lambda: N() + 1)
class It:
    def __iter__(self): return iter(self)
check("iter", lambda: iter(It()))
class P:
    @property
    def x(self): return self.x
check("prop", lambda: P().x)
check("eqlist", lambda: nest() == nest())
check("eval", lambda: eval("(" * 10000 + ")" * 10000))
check("eval2", lambda: eval("-" * 50000 + "1"))
check("map", lambda: list(map(lambda x: f(), [1])))
class S(str):
    def __str__(self): return str(self)
check("str", lambda: str(S()))
class B:
    def __bool__(self): return bool(self)
check("bool", lambda: bool(B()))
class Meta(type):
    def __instancecheck__(c, o): return isinstance(o, c)
class M(metaclass=Meta): pass
check("instancecheck", lambda: isinstance(1, M))
