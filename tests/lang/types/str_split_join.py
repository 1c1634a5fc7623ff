for s, a in [("a b  c", ()), (" a b ", ()), ("a,b,,c", (",",)), ("a,b,c", (",", 1)), ("", ()), ("", (",",)), ("abc", ("",)), ("aXXbXXc", ("XX",)), ("a b c", (None, 1)), ("  a  b  c  ", (None, 2)), ("\ta\nb\xa0c\u2003d", ())]:
    for f in ("split", "rsplit"):
        try: print(f, ascii(s), a, ascii(getattr(s, f)(*a)))
        except ValueError as e: print(e)
print("a\nb\r\nc\rd\x0be\x0cf\x1cg\x85h\u2028i".splitlines(), "a\n\nb".splitlines(True), "".splitlines(), "\n".splitlines(), "a\n".splitlines())
print("a-b-c".partition("-"), "a-b-c".rpartition("-"), "abc".rpartition("-"), ",".join("abc"), ",".join(["x"]), "".join(str(i) for i in range(5)), "-".join({"k": 1}))
for bad in ["','.join([1])", "','.join(['a', None])", "','.join(5)", "'a'.partition('')", "'a'.split(sep=5)", "'a'.split(maxsplit='x')"]:
    try: eval(bad)
    except Exception as e: print(type(e).__name__, e)
print("a b c".split(sep=" ", maxsplit=1), "x".split("x"), "axbxc".rsplit("x", 1), "one  two".split(" "))
