# Numbers in fields: every align, sign and width, around the width that is made without an
# allocation, and floats at all magnitudes, ties and denormals among them.
import math

ints = [0, 7, -7, 99, 100, -12345, 2**31, -2**63, 2**63 - 1, 2**64, -10**30, True]
for align in ("", "<", ">", "^", "=", "*<", "0>", "x=", "é^", "€>"):
    for sign in ("", "+", " ", "-"):
        for rest in ("", "5", "012", "#8x", "#o", "20b", ",", "64", "65d", "70"):
            spec = align + sign + rest
            out = []
            for i in (3, -40, 2**40):
                try:
                    out.append(format(i, spec))
                except ValueError as e:
                    out.append(str(e))
            print(spec.encode("unicode-escape"), ascii(out))
for i in ints:
    print(*(f"{i:{s}}|" for s in ("", "d", "x", "#X", "o", "b", "+", "025", "_", "#_b")))
    print(*(f % i + "|" for f in ("%d", "%i", "%5d", "%-8d", "%08d", "%+d", "% d", "%x", "%#X", "%#o", "%.4d", "%70d")))
    print(*(f % i for f in (b"%d", b"%-5i|", b"%05u", b"%#x")))

floats = [0.0, -0.0, 0.5, 1.5, 2.5, -0.5, 2.675, 0.125, -1.005, 0.05, 0.95, 9.995, 99.995, 999999.5,
          1e15, 1e16, 1e18, 1.8e19, 1e22, 1e23, 5e-324, 2.2250738585072014e-308, 1e-7, 123456.789,
          1 / 3, math.pi * 1e10, 1.7976931348623157e308, math.inf, -math.inf, math.nan]
for x in floats:
    print(*(f"{x:{s}}" for s in (".0f", ".1f", ".2f", "f", ".10f", ".19f", ".20f", ".25f", "+.3F", "012.2f", "*^14.1f", "<12.3f", "z.0f", "#.0f", ",.2f", ".1%", "e", "g")))
    print(*(f % x for f in ("%.0f", "%.2f", "%f", "%10.3f", "%-10.1f|", "%+010.2f", "% .1f", "%#.0f", "%.17f", "%70.1f", "%F")))
    print(x, *(round(x, n) for n in (0, 1, 2, 5, 15, 22, -1, -3, -22)) if math.isfinite(x) and abs(x) < 1e300 else ())

class Int(int):
    def __str__(self):
        return "str of Int"
    __repr__ = __str__
    def __format__(self, spec):
        return "format " + spec

class Float(float):
    def __float__(self):
        return 99.0
    def __str__(self):
        return "str of Float"

i, x = Int(5), Float(2.5)
print("%d %s %r %x %5d" % (i, i, i, i, i), f"{i} {i!s} {i:>4} {i:05d}", "{:3} {}".format(i, i))
print("%.1f %s %d %5.2f" % (x, x, x, x), f"{x} {x!s} {x:.1f}", b"%d %.1f" % (i, x))
print("%s %d" % (True, True), f"{True} {True:d} {False:5}", "%s" % 10**30, f"{10**30}", "%c%c" % (65, "é"))

class Text(str):
    def __str__(self):
        return "str of Text"

print("%s|%5s|%.2s" % (Text("a"), Text("b"), Text("c")), "%s é %s" % ("€", 1), "%s%s" % ("\U0001f600", -5))

for template, values in [("%d", "x"), ("%d %d", 1), ("%s", (1, 2)), ("%d", 1.9), ("%x", 1.5), ("%", 1), ("%5", 1),
                         ("%d %é", (1, 2)), ("%(a)d", 3), ("%(a)d%(b)s", {"a": 1, "b": "é"}), ("%%%d%%", 4), ("%d%", 1),
                         ("%*d|%-*d", (4, 1, 4, 2)), ("%.*f", (2, 1.005)), ("%ld%hs", (1, 2)), ("%f", "x"), ("%d", None)]:
    for t in (template, template.encode()) if template.isascii() else (template,):
        try:
            v = {k.encode(): w.encode("latin-1") if isinstance(w, str) else w for k, w in values.items()} if isinstance(values, dict) and isinstance(t, bytes) else values
            print(ascii(t), ascii(t % v))
        except (TypeError, ValueError) as e:
            print(ascii(t), type(e).__name__, "" if isinstance(t, bytes) else e)
