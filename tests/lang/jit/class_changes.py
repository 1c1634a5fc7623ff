# Classes that change under compiled code: attributes, descriptors, bases, `__class__`, lookup hooks.
N = 20000
class A:
    def __init__(self): self.x = 1
    def m(self): return 1
def get(a): return a.x
def put(a, v): a.x = v
def call(a): return a.m()
def warm(f, *args):
    for _ in range(N): f(*args)
a = A()
warm(get, a); warm(put, a, 1); warm(call, a)
print(get(a), call(a))
A.x = property(lambda s: "property", lambda s, v: log.append(v)); log = []
print(get(a)); put(a, 5); print(log, a.__dict__)
del A.x
print(get(a)); put(a, 6); print(get(a), log)
A.m = lambda s: 2
print(call(a))
a.m = lambda: 3
print(call(a))
del a.m
print(call(a))
A.m = staticmethod(lambda: 4)
print(call(a))
A.m = classmethod(lambda c: c.__name__)
print(call(a))
del A.m
try: call(a)
except AttributeError as e: print(e)
class B:
    def m(self): return "base"
A2 = type("A2", (B,), {"__init__": lambda s: setattr(s, "x", 1)})
b = A2(); warm(call, b); print(call(b))
class C:
    def m(self): return "other base"
A2.__bases__ = (C,)
print(call(b))
C.m = lambda s: "changed base"
print(call(b))
B.m = lambda s: "irrelevant"
print(call(b))
A2.m = lambda s: "own"
print(call(b))
# Hooks.
class H:
    def __init__(self): self.x = 1
h = H(); warm(get, h); warm(put, h, 2); print(get(h))
H.__getattribute__ = lambda s, n: ("hook", n)
print(get(h))
del H.__getattribute__
print(get(h))
H.__setattr__ = lambda s, n, v: print("set", n, v)
put(h, 9); print(get(h))
del H.__setattr__
put(h, 9); print(get(h))
H.__getattr__ = lambda s, n: "missing " + n
del h.x; print(get(h))
# __class__ between the two loads of one call.
class P:
    def __init__(self): self.x = 1; self.y = 2
class Q:
    x = property(lambda s: 100)
    def m(self): return "Q.m"
P.m = lambda s: "P.m"
def swap(o): o.__class__ = Q
def nothing(o): pass
def twice(t, f):
    r = [t[0].x, t[0].m()]
    f(t[0])
    r += [t[0].x, t[0].m()]
    return r
p = (P(),)
warm(twice, p, nothing)
print(twice(p, nothing), twice(p, swap), twice(p, nothing))
def local(o, f):
    r = [o.x]
    f(o)
    r.append(o.x)
    return r
o = P(); warm(local, o, nothing); print(local(o, nothing), local(o, swap), local(o, nothing))
# Counters on classes leave the rest alone, and are seen.
class K:
    n = 0
    def __init__(self): K.n += 1; self.x = K.n
    def m(self): return K.n
def make(): return K().m()
for _ in range(N): r = make()
print(r, K.n)
K.n = "s"
try: make()
except TypeError as e: print(e)
K.n = 0.5
print(make(), make())
# Slots.
class S:
    __slots__ = ("x", "y")
s = S(); s.x = 1
warm(get, s); warm(put, s, 3); print(get(s))
del s.x
try: get(s)
except AttributeError as e: print(e)
put(s, 4); print(get(s))
S.x = 7
print(get(s))
try: put(s, 4)
except AttributeError as e: print(e)
# Shadowing by an instance, in a fresh shape and in one that was seen.
class D:
    v = "class"
def v(o): return o.v
d = D(); warm(v, d); print(v(d)); d.v = "instance"; print(v(d)); del d.v; print(v(d)); D.v = "new"; print(v(d)); del D.v
try: v(d)
except AttributeError as e: print(e)
# The dict of an instance replaced or reached around.
class E:
    def __init__(self): self.x = 1; self.y = 2
e = E(); warm(get, e); print(get(e))
e.__dict__["x"] = 5; print(get(e))
e.__dict__ = {"x": 6}; print(get(e), hasattr(e, "y"))
vars(e)["x"] = 7; print(get(e))
del e.__dict__["x"]
try: get(e)
except AttributeError as x: print(x)
e.__dict__.update(x=8); print(get(e)); put(e, 9); print(e.__dict__)
