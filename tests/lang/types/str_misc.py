s = "añ日😀"
print(len(s), [ord(c) for c in s], s[::-1], s[1:3], s * 2, s[-1], list(s), sorted(s), max(s), hash(s) == hash("añ" + "日😀"), s.encode("utf-8"), s.isascii())
print("a" + "é" + "日" + "😀", "abc"[1:100], "abc"[-100:2], "abc"[5:], "abc"[::-2], "ab" * 0, "ab" * -1, "" or "empty")
print(str.__add__("a", "b"), "a".__contains__("a"), "a".__mul__(3), "a".__rmul__(2), "%d" % 5 if "a".__mod__ else 0, "ab".__getitem__(0), "a".__len__(), "a".__eq__("a"), "a".__eq__(1), "a".__lt__("b"), "a".__ne__("b"), "a".__hash__() == hash("a"))
print([x in "abc" for x in ("", "a", "bc", "ac", "abcd")], "a" < "B", "a" < "á", "\uffff" < "\U00010000", "abc" == "abc", "Abc" < "abc", "" < "a")
class S(str):
    def __eq__(self, o): return True
    def __hash__(self): return 1
    def __len__(self): return 99
x = S("q"); print(x == "zz", "zz" == x, len(x), x.upper(), x + "y", "".join([x, x]), f"{x}", {x: 1}.get("q"))
print(repr("\x00\x1f\x7f\x80\xad\u0378\ue000\U0001f600\U000e0001"), ascii("\x80é日😀"), repr("\\'\""), str("a\nb"), repr("\r\n\t\b"))
print("Hello %s, you are %d" % ("Bob", 5), "abc".__class__, type("").__name__, str(), str(5), str(None), str(b"x"), str([1, "a"]), str(("a",)), str(object)[:7])
print("\N{LATIN SMALL LETTER E WITH ACUTE}", "\N{DIGIT ONE}", "e\u0301" == "é", len("e\u0301"))
print("a,b;c".replace(",", ";").split(";"), "x=1;y=2".split(";")[1].split("=")[1], " ".join("a  b".split()), "CamelCaseString".swapcase(), "%s" % "%s", "{}".format("{}"))
i = "interned"; j = "inter" + "ned"; print(i == j, i.__sizeof__() > 0, iter("ab").__next__(), "".join(reversed("abc")), "abc".index("c"), dict(zip("abc", range(3))), "a" "b")
u = ""
for ch in map(chr, [65, 233, 26085, 128512, 66]): u += ch; print(u, len(u), end=" ")
print()
