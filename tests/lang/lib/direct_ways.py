# Ways that are direct for the usual case, and the cases that are not usual.
import struct
from collections import Counter

for n in range(250):
    fmt = f"<{n + 1}s"
    assert struct.unpack(fmt, struct.pack(fmt, b"ab")) == (b"ab"[: n + 1].ljust(n + 1, b"\0"),)
print(struct.calcsize("<IhB"), struct.pack("<IhB", 1, 2, 3), struct.pack(b"<h", 5))
for bad in ("<Z", 5, "é"):
    try:
        struct.pack(bad, 1)
    except (struct.error, TypeError, UnicodeEncodeError) as e:
        print(type(e).__name__, e)


class Text(str):
    pass


print(struct.pack(Text("<h"), 7))

print(sum(range(5)), sum(range(10, 0, -3)), sum(range(2**70, 2**70 + 3)), sum(range(0)))
print(sum(b"abc"), sum(bytearray(b"abc")), set(range(2**61 - 1, 2**61 + 1)) == {2**61 - 1, 2**61})


class Bytes(bytes):
    def __iter__(self):
        return iter([1, 2])


print(sum(Bytes(b"abc")), list(Bytes(b"abc")))

flags = bytearray(10)
flags[1::3] = b"xyz"
flags[::-4] = b"abc"
print(flags)
try:
    flags[::2] = b"too long"
except ValueError as e:
    print(e)


class Pretends:
    @property
    def __class__(self):
        return int


class Fails:
    def __getattribute__(self, name):
        raise ZeroDivisionError(name)


print(isinstance(Pretends(), int), isinstance(Pretends(), str), isinstance(5, str))
try:
    isinstance(Fails(), int)
except ZeroDivisionError as e:
    print(e)


class Loud(Counter):
    def __setitem__(self, k, v):
        super().__setitem__(k, v * 10)


class Get(Counter):
    def get(self, k, d=None):
        return 100


print(Counter("abca"), dict(Loud("aab")), dict(Get("ab")), Counter(range(3)) == {0: 1, 1: 1, 2: 1})
print({1, 2}.isdisjoint({3}), {1, "a"}.isdisjoint({"a"}), {1.0}.isdisjoint({1}), set().isdisjoint(set()))
