# Short texts are searched, replaced and translated by ways of their own; long ones by others.
texts = ["", "a", "aa", "aaa", "abab", "xaabaabx", "hello world", "a" * 199 + "b", "ab" * 100, "ab" * 150, "é" * 5 + "ab", "€ab€ab", "\U0001f600ab"]
for t in texts:
    for n in ("", "a", "aa", "ab", "aab", "ba", "é", "€a", "zz", "aaaa"):
        print(t.find(n), t.rfind(n), t.count(n), n in t, t.startswith(n), t.endswith(n), t.find(n, 1, 3), t.rfind(n, -3),
              ascii(t.replace(n, "-")[:40]), ascii(t.replace(n, "", 2)[:40]), ascii(t.replace(n, "€", 1)[:40]),
              *(ascii(p)[:60] for p in (t.split(n), t.rsplit(n, 1), t.partition(n)) if True) if n else "-")
    b = t.encode()
    for n in (b"a", b"aa", b"ab", b"zz"):
        print(b.find(n), b.rfind(n), b.count(n), b.replace(n, b"--")[:40], len(b.split(n)))

class S(str):
    pass

for s in (S("abc"), S(""), S("  x ")):
    for r in (s.lower(), s.strip(), s.replace("z", "y"), s.translate({}), s.upper(), s.casefold(), "".join([s])):
        print(type(r).__name__, r, end="; ")
print()
for s in ("Ab \t", " \x1c\x1f a b \x0b\x0c\r\n", "\x85\xa0é\u2003", "aXa", "éaé", "xxx", ""):
    print(*(ascii(r) for r in (s.strip(), s.lstrip(), s.rstrip(), s.strip("aé "), s.strip("x"), s.strip(""), s.split(), s.lower(), s.swapcase())))

class Table:
    def __init__(self):
        self.asked = []
    def __getitem__(self, c):
        self.asked.append(c)
        if c == 98:
            raise LookupError
        if c == 99:
            return None
        return c - 32

table = Table()
print("abcabc".translate(table), table.asked)
for m in ({97: "x"}, {97: None}, {97: ""}, {97: "xyz"}, {97: "é"}, {97: 0xE9}, {97: 0x20AC, 98: "b"}, {97: 65, 98: 120}, str.maketrans("ab", "ba", "c"), "x" * 97 + "YZ", {97: True}):
    print(*(ascii(s.translate(m)) for s in ("aabbcc", "", "cab" * 3, "éaé", "€a")))
for m in ({97: -1}, {97: 0x110000}, {97: 1.5}, {97: b"x"}):
    try:
        print("ba".translate(m))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)

for t in ["12\n", "-5\x0b\n", " 7 ", "5\x1f", "1_0\n", "\n", "-\n", "9" * 18 + "\n", "9" * 19 + " ", "5\x00", "٣\n"]:
    try:
        print(int(t), *map(int, [t]))
    except ValueError as e:
        print(ascii(str(e)))

class Shown:
    def __str__(self):
        return S("shown")

print(type(str(Shown())).__name__, *[type(s).__name__ for s in map(str, [Shown(), S("a"), 1])])
for parts in (["a", 1], ["a", None, "b"], [b"a"]):
    try:
        "-".join(parts)
    except TypeError as e:
        print(e)
print(ascii("é".join(["a", "€", "b"])), ascii(",".join(("x",))), ascii("".join(["é", "a"])), ascii("\U0001f600".join("abc")))
