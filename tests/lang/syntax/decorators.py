log = []
def tag(n):
    log.append("eval " + n)
    def d(f): log.append("apply " + n); return f
    return d
@tag("a")
@tag("b")
def f(): pass
@tag("c")
class C:
    @tag("m")
    def m(self): pass
    @staticmethod
    @tag("s")
    def s(): return "s"
print(log, C.s())
class D:
    def deco(f): f.mark = True; return f
    @deco
    def m(self): pass
    del deco
print(D.m.mark)
ds = [lambda f: f(), {"k": lambda f: "dict"}]
@ds[0]
def r(): return 42
@ds[1]["k"]
def q(): pass
@lambda f: [f(), f()]
def p(): return 1
@(x := tag("w"))
def w(): pass
@tag("z").__call__
def z(): pass
print(r, q, p, x is not None)
@property
def prop(self): return 1
print(type(prop).__name__, prop.fget(0))
try:
    @5
    def bad(): pass
except TypeError as e: print(e)
try: bad
except NameError as e: print(e)
def count(f):
    def g(*a): g.n += 1; return f(*a)
    g.n = 0; return g
@count
def fact(n): return n * fact(n - 1) if n else 1
print(fact(5), fact.n)
@type.__call__ if False else (lambda c: c())
class Singleton: v = 9
print(Singleton.v)
@tag("async")
async def co(): pass
co().close(); print(log[-2:])
