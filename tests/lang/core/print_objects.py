class A: pass
class B:
    def __repr__(self): return "B!"
class C:
    def __str__(self): return "str C"
    def __repr__(self): return "repr C"
print(B(), [B()], {B(): B()}, (B(),), C(), [C()], f"{C()} {C()!r}", str(C()), repr(C()), "%s %r" % (C(), C()))
print(A, [int, A], len, print, str.join, [].__class__, type(None), range(3), slice(1), ..., NotImplemented, {}.keys(), {1: 2}.items(), {1: 2}.values())
class Bad:
    def __repr__(self): return 5
try: print(Bad())
except TypeError as e: print(e)
class Bad2:
    def __str__(self): return None
try: str(Bad2())
except TypeError as e: print(e)
print(set(), frozenset(), frozenset({1}), {1}, b"x", bytearray(b"y"), 1j, -0.0, 1e100, [[]], [()], ((),), {"a": [1, {"b": ()}]})
try: print(1, sep=5)
except TypeError as e: print(e)
try: print(1, foo=5)
except TypeError as e: print(e)
print("a", "b", sep="", end=""); print(None, end="\n\n"); print(*[], sep="x"); print(*range(3), sep=", ")
print(Exception("e"), repr(ValueError("x", 2)), [KeyError("k")])
