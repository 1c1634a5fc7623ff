# Operations on strings of all widths with random operands: one digest for each operation.
import hashlib
import random

R = random.Random(4)
SEEN = {}
ALPHABETS = [
    "abcXYZ 019_-\t\n'\"\\",
    "éßµÿÀªº\x80\xff\xa0aZ ",
    "ŉǅǆΣσςßİıﬁжЖ€ a'Z\u0345\u2028",
    "😀𐐀𐐨a Σé\u200b\U000e0001Ⴀ",
    "\ud800\udc80a\udfffé",
    "ΑΣ. \u0301'ΑΣ",
]


def note(name, f, *args):
    try:
        r = f(*args)
    except Exception as e:
        r = type(e).__name__, str(e)
    SEEN.setdefault(name, hashlib.sha256()).update(ascii(r).encode())


def some(n=None):
    alphabet = "".join(R.sample(ALPHABETS, R.choice([1, 1, 1, 2, 3])))
    return "".join(R.choice(alphabet) for _ in range(R.randrange(71) if n is None else n))


def a_slice():
    bound = lambda: R.choice([None, R.randrange(-80, 80), R.randrange(-5, 5)])
    return slice(bound(), bound(), R.choice([None, -1, 1, 2, -2, 3, -3, 7, -100, R.randrange(1, 10)]))


for _ in range(300):
    s = some()
    for name in "upper lower title swapcase capitalize casefold isalpha isalnum isdigit isspace".split():
        note(name, getattr(s, name))
    note("repr", lambda: [hex(ord(c)) for c in repr(s)])
    note("ascii", lambda: (ascii(s), ascii([s])))
    width = R.randrange(-3, 120)
    for name in "center ljust rjust".split():
        note(name, getattr(s, name), width)
        note(name, getattr(s, name), width, some(1))
    note("zfill", (R.choice(["", "+", "-", "a"]) + s).zfill, width)
    note("slice", s.__getitem__, a_slice())
    note("strip", s.strip, some(5))
    note("strip", s.rstrip, s[:3])
    note("rfind", (s * 3).rfind, some(R.randrange(1, 3)))
    for encoding in "utf-8", "ascii", "latin-1", "utf-16":
        for errors in "strict", "replace", "backslashreplace", "surrogateescape", "surrogatepass":
            note("encode", s.encode, encoding, errors)
    encoded = s.encode("utf-8", "surrogatepass")
    broken = bytearray(encoded)
    if encoded:
        broken[R.randrange(len(encoded))] = R.choice(b"a\x80\xbf\xc1\xe0\xed\xf4\xff")
    for errors in "strict", "replace", "ignore", "surrogatepass":
        note("decode", encoded.decode, "utf-8", errors)
        note("decode", broken.decode, "utf-8", errors)
    note("items", lambda: (list(s), tuple(s), sorted(set(s)), sorted(frozenset(s)), [*s, *s]))
    note("map", lambda: (sum(map(ord, s)), list(map(str.upper, s))))
    note("concat", lambda: ((s * 7 + some()) * 3 + s, s + some()))

for name, digest in SEEN.items():
    print(name, digest.hexdigest()[:16])


# A function that raises StopIteration ends a `map`.
def until_c(c):
    if c == "c":
        raise StopIteration
    return ord(c)


m = map(until_c, "abcd")
print(sum(m), list(m))
text = "x" * 300
for _ in range(5):
    longer = text + "é" * 100
    text += "y" * 300
    print(len(text), text[295:305], len(longer), longer[-3:])
