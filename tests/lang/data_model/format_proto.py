class M:
    def __init__(self, v): self.v = v
    def __format__(self, spec): return f"[{spec}|{self.v}]"
    def __str__(self): return "str"
    def __repr__(self): return "repr"
m = M(5)
print(f"{m}", f"{m:x>5}", f"{m!r}", f"{m!s:>6}", format(m, "abc"), "{:q}".format(m), "{0!r:>6}".format(m), "%s" % m)
class N: pass
try: format(N(), "5")
except TypeError as e: print(e)
print(format(None), format([1]), format(True), format(True, "d"), format(True, "5"), f"{None!s:>6}")
for v, s in [(None, "5"), ([], "5"), (object, "x")]:
    try: format(v, s)
    except TypeError as e: print(e)
class I(int):
    def __str__(self): return "I!"
class F(float):
    def __repr__(self): return "F!"
class S(str):
    def __str__(self): return "S!"
print(f"{I(5)}", f"{I(5):d}", f"{I(5)!s}", "%d %s" % (I(5), I(5)), f"{F(1.5)}", f"{F(1.5):.2f}", f"{S('x')}", f"{S('x'):>3}", "%s" % S("x"), str(S("x")), repr(I(5)))
import enum
class C(enum.IntEnum): A = 1
class K(str, enum.Enum): A = "a"
print(f"{C.A}", f"{C.A:d}", f"{K.A}", str(K.A), format(C.A), C.A, "%d" % C.A)
