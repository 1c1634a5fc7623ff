import string, textwrap
print(string.ascii_letters, string.digits, string.punctuation, repr(string.whitespace), string.hexdigits, string.capwords("hello  big world"), string.Template("$a ${b}c $$").substitute(a=1, b=2), string.Template("$a $zz").safe_substitute(a=1))
for s in ["$a", "$", "${a", "$1"]:
    try: print(string.Template(s).substitute())
    except Exception as e: print(type(e).__name__, e)
f = string.Formatter(); print(f.format("{0} {a!r} {1:>5}", 1, 2, a="x"), list(f.parse("a{b!r:c}d{{}}")), f.vformat("{0[k]}", [{"k": 5}], {}))
t = "The quick brown fox jumped over the lazy dog. " * 3
print(textwrap.wrap(t, 30), textwrap.fill(t, 40, initial_indent="* ", subsequent_indent="  "), textwrap.shorten(t, 25), textwrap.dedent("  a\n    b\n  c"), textwrap.indent("a\n\nb", "> "), textwrap.wrap("averyveryverylongword short", 8), textwrap.wrap("a-b-c hyphen-ated", 6), textwrap.wrap(""), sep="\n")
