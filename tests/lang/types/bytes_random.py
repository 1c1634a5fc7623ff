# Operations on bytes and bytearray with random operands: one digest for each operation.
import hashlib
import random

R = random.Random(3)
SEEN = {}


def note(name, f, *args):
    try:
        r = f(*args)
    except Exception as e:
        r = type(e).__name__, str(e)
    SEEN.setdefault(name, hashlib.sha256()).update(repr((r, type(r).__name__)).encode())


def some(n=None):
    alphabet = R.choice([bytes(range(256)), b"abcdefABCDEF0123456789", b"aZ 0\t\n+-"])
    return bytes(R.choice(alphabet) for _ in range(R.randrange(71) if n is None else n))


def a_slice():
    bound = lambda: R.choice([None, R.randrange(-80, 80), R.randrange(-5, 5)])
    return slice(bound(), bound(), R.choice([None, -1, 1, 2, -2, 3, -3, 7, -100, R.randrange(1, 10)]))


def digits():
    text = some(R.randrange(150)).hex(*R.choice([(), (" ", R.randrange(1, 20))]))
    if R.random() < 0.3:
        text = text.upper()
    if R.random() < 0.5 and text:
        i = R.randrange(len(text))
        text = text[:i] + R.choice("g \n\0@`G/:\x0b\x1c") + text[i + 1 :]
    return text


class Index:
    def __index__(self):
        return 7


for _ in range(300):
    b = some()
    a = bytearray(b)
    for name in "upper lower title swapcase capitalize isalpha isalnum isdigit isspace istitle".split():
        note(name, getattr(b, name))
        note(name, getattr(a, name))
    width = R.randrange(-3, 120)
    for name in "center ljust rjust".split():
        note(name, getattr(b, name), width)
        note(name, getattr(a, name), width, b"x")
    note("zfill", b.zfill, width)
    note("zfill", (R.choice([b"-", b"+"]) + a).zfill, width)
    note("slice", b.__getitem__, s := a_slice())
    note("slice", a.__getitem__, s)
    text = digits()
    note("fromhex", bytes.fromhex, text)
    note("fromhex", bytearray.fromhex, text)
    note("fromhex", bytes.fromhex, text.encode())
    for args in (), (":",), ("-", R.randrange(-9, 9)), (b"x", R.randrange(-200, 200)), ("é",), ("ab",):
        note("hex", b.hex, *args)
        note("hex", a.hex, *args)
    table = bytes(R.randrange(256) for _ in range(256))
    note("translate", b.translate, table)
    note("translate", b.translate, table, b[:4])
    note("translate", a.translate, None, b[::2])
    note("translate", a.translate, table[1:])
    numbers = list(b)
    if R.random() < 0.4 and b:
        numbers[R.randrange(len(b))] = R.choice([256, -1, 1.5, "a", True, Index(), 2**70, None])
    for make in bytes, bytearray:
        note("from ints", make, numbers)
        note("from ints", make, tuple(numbers))
        note("from ints", lambda: make(iter(numbers)))
    note("concat", lambda: (b + b"", b + a, a + b, b"" + b))

for name, digest in SEEN.items():
    print(name, digest.hexdigest()[:16])

for text in "é", "1é", "12 3€", "1", "12 3", "12 3 4", "0" * 63, "0" * 64 + "x0":
    try:
        print(bytes.fromhex(text))
    except ValueError as e:
        print(e)
print(bytearray(b"a'"), bytearray(b"'\""), b"a'")
