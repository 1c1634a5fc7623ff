print([s.strip() for s in ["  a  ", "\t\n a", "\xa0a\u2003", ""]], "xyxaxy".strip("xy"), "xyxaxy".lstrip("xy"), "xyxaxy".rstrip("xy"), "abc".strip("abc"), "a".strip(""), "éaé".strip("é"))
for w in (0, 3, 4, 7, 8): print(repr("abc".center(w)), repr("abc".ljust(w, "-")), repr("abc".rjust(w, ".")), repr("abcd".center(w, "*")), repr("-42".zfill(w)), repr("+".zfill(w)), repr("".zfill(w)))
print("a\tb\tc".expandtabs(), "a\tb".expandtabs(4), "\t".expandtabs(0), "abc\tde\n\tx".expandtabs(5))
print("é".center(5, "ü"), "日".ljust(3, "本"))
for bad in ["'a'.center(5, 'ab')", "'a'.center(5, '')", "'a'.ljust('x')", "'a'.strip(5)", "'a'.zfill('x')"]:
    try: eval(bad)
    except Exception as e: print(type(e).__name__, e)
t = str.maketrans({"a": "1", "b": None, ord("c"): "three", "d": 0x64 + 1})
print("abcdx".translate(t), "hello".translate(str.maketrans("el", "ip")), "hello".translate(str.maketrans("l", "L", "h")), "ab".translate({97: "X"}), "ab".translate([None] * 98))
for bad in ["str.maketrans('a', 'bc')", "str.maketrans(5)", "str.maketrans({'ab': 1})", "'a'.translate({97: 0x110000})", "'a'.translate({97: 1.5})"]:
    try: eval(bad)
    except Exception as e: print(type(e).__name__, e)
