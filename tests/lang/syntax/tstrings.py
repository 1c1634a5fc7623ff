from string.templatelib import Template, Interpolation, convert
name, n = "world", 5
t = t"hello {name}! {n:>{n}} {n!r} {n + 1 = }"
print(type(t).__name__, t.strings, t.values, [(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations], len(list(t)))
print(repr(t"a{n}b"), t"", t"plain".strings, (t"a{n}" + t"b{name}").strings, t"{n}{n}".strings, repr(Interpolation(1, "x", "r", ">5")))
for item in t"x{n!s:03}y": print(item if isinstance(item, str) else (item.value, item.conversion, item.format_spec))
def html(t): return "".join(p if isinstance(p, str) else str(p.value).replace("<", "&lt;") for p in t)
print(html(t"<b>{'<script>'}</b>"), Template("a", Interpolation(1, "e"), "b").strings, Template("x", "y").strings, convert("é", "a"), convert(1, None))
match t"{n}":
    case Template(strings=s, interpolations=(Interpolation(v, e),)): print(s, v, e)
for s in ["t'{n}' + 'a'", "'a' + t'{n}'", "Template(5)", "t'{}'", "t'' b''", "t'a' 'b'", "t'{n' ", "Interpolation()", "t'x'.foo", "hash(t'') and 1", "t'a' == t'a'", "str(t'a')[:8]", "rt'\\n{n}'.strings", "t'{n!z}'", "Interpolation(1, 'x', 'q')"]:
    try: print(s, eval(s))
    except SyntaxError as e: print(s, "SyntaxError", e.msg)
    except Exception as e: print(s, type(e).__name__, e)
