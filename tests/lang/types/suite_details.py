# Details that CPython's own tests ask for.
import functools
import gc
import pickle
import sys
import weakref

# ── numbers ──
print(repr(sum([-0.0])), repr(sum([-0.0], -0.0)), repr(sum([], -0.0)))
limit = sys.get_int_max_str_digits()
sys.set_int_max_str_digits(1000)
for text in ("1" * 1001, " " + "2" * 1001):
    try:
        int(text)
    except ValueError as e:
        print(e)
try:
    str(10**1000)
except ValueError as e:
    print(e)
sys.set_int_max_str_digits(0)
print(len(str(10**20000)))
sys.set_int_max_str_digits(limit)

# ── ranges ──
wide = iter(range(-(2**65), 20, 2))
wide.__setstate__(2**64 + 7)
print(list(wide), list(pickle.loads(pickle.dumps(wide))))
wide = iter(range(2**65, 2**65 + 9, 3))
next(wide)
print(list(pickle.loads(pickle.dumps(wide))), list(wide))
try:
    iter(range(10, 2**65, 2)).__setstate__(1.0)
except TypeError:
    print("TypeError")

# ── memoryviews ──
m = memoryview(bytearray(b"abc"))
r = weakref.ref(m)
print(r() is m)

# ── classes ──
for name in ("A\0B", "A\udcdcB"):
    try:
        type(name, (), {})
    except (ValueError, UnicodeEncodeError) as e:
        print(type(e).__name__)
try:
    type("A", (), {"__doc__": "x\udcdcy"})
except UnicodeEncodeError as e:
    print(e)
try:
    type("A", (int,), {"__slots__": "x"})
except TypeError as e:
    print(e)
A = type("A", (), {"__firstlineno__": 42})
A.__module__ = "elsewhere"
print("__firstlineno__" in A.__dict__)


class Slotted:
    __slots__ = ("a", "__weakref__")


s = Slotted()
print(s.__weakref__)
r = weakref.ref(s)
print(s.__weakref__ is r)

# ── weak references ──


class MyRef(weakref.ref):
    def __init__(self, ob, callback=None, value=42):
        self.value = value
        super().__init__(ob, callback)


o = A()
mine = MyRef(o, value=24)
plain = weakref.ref(o)
print(mine() is o, mine.value, weakref.getweakrefs(o) == [plain, mine], weakref.getweakrefs(o)[0] is plain)
for arguments in ((), (0, 0, 0)):
    try:
        plain.__init__(*arguments)
    except TypeError as e:
        print(e)

# ── partial ──
p = functools.partial(print, 1)
try:
    del p.__dict__
except TypeError as e:
    print(e)
p.x = 1
p.__setstate__((print, (2,), {}, None))
print(p.args, p.__dict__)


class Evil:
    def __repr__(self):
        p.__setstate__((print, (None,), {"keyword": None}, None))
        gc.collect()
        return "Evil"


p = functools.partial(print, Evil(), arg=None)
print(repr(p).replace("<built-in function print>", "print"))

# ── codecs ──
import codecs


def replace_with_long(e):
    e.object = b"\0" * 8
    return "\ufffd", e.start


codecs.register_error("replace_with_long", replace_with_long)
print(ascii(b"\0".decode("utf-16", "replace_with_long")), ascii(b"\0".decode("utf-32", "replace_with_long")))
