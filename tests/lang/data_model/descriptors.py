class Data:
    def __set_name__(self, o, n): self.n = n
    def __get__(self, obj, cls): return (f"get {self.n}", obj is None, cls.__name__)
    def __set__(self, obj, v): print("set", self.n, v)
    def __delete__(self, obj): print("delete", self.n)
class NonData:
    def __get__(self, obj, cls=None): return "nondata"
class SetOnly:
    def __set__(self, obj, v): obj.__dict__["so"] = v * 2
class C:
    d, n, so = Data(), NonData(), SetOnly()
c = C()
print(c.d, C.d, c.n); c.d = 5; del c.d
c.__dict__["d"] = "shadow"; print(c.d)
c.__dict__["n"] = "shadow"; print(c.n)
print(c.so.__class__.__name__); c.so = 4; print(c.so)
try: del c.so
except AttributeError as e: print(e)
class NoSet:
    def __get__(self, *a): return 1
    def __delete__(self, o): print("del")
class E: x = NoSet()
e = E()
try: e.x = 1
except AttributeError as err: print(err)
del e.x
class Raise:
    def __get__(self, *a): raise AttributeError("from get")
class F:
    x = Raise()
    def __getattr__(self, n): return "fallback " + n
print(F().x, F().y, getattr(E(), "zz", "dflt"))
class Meta(type):
    @property
    def cp(cls): return "meta prop of " + cls.__name__
    md = Data()
    def mm(cls): return "mm"
class G(metaclass=Meta): md = 5
print(G.cp, G.md, G.mm())
try: G().cp
except AttributeError as err: print(err)
G.md = 7
def func(self): return "func"
print(func.__get__(5)(), func.__get__(None, int) is func, NonData().__get__(None), property(lambda s: 3).__get__(1), classmethod(lambda c: c).__get__(None, int)(), staticmethod(func).__get__(1) is func)
print(hasattr(property, "__set__"), hasattr(func, "__set__"), C.__dict__["d"].n)
class Cls:
    @classmethod
    def a(cls): return cls.__name__
    b = classmethod(len) if False else staticmethod(len)
print(Cls.a(), Cls().a(), Cls.b([1]), Cls.__dict__["a"].__func__.__name__, Cls.__dict__["a"].__wrapped__.__name__)
