import json
v = {"s": "é\"\\\n\t\u2028😀/", "i": 1, "f": 1.5, "b": [True, False, None], "e": {}, "l": [], "n": {"k": [1, {"z": -0.0}]}, 5: "intkey", None: "n", True: "t", 1.5: "f"}
s = json.dumps(v); print(s); print(json.dumps(v, indent=2)[:80]); print(json.dumps(v, ensure_ascii=False)); print(json.dumps({"b": 1, "a": [1, 2]}, sort_keys=True, separators=(",", ":")), json.dumps([1, [2]], indent="\t"), json.dumps((1, 2)), json.dumps("x"), json.dumps(float("inf")), json.dumps(10 ** 30), json.dumps([]), json.dumps({}, indent=1), json.dumps([[]], indent=1))
print(json.loads(s) == {str(k) if not isinstance(k, bool) and k is not None else {None: "null", True: "true"}[k]: x for k, x in v.items()}, json.loads(' [1, 2.5, -3e2, 1E5, "\\u00e9\\ud83d\\ude00\\n", true, null, {"a": {}}] '), json.loads("NaN"), json.loads("-Infinity"), json.loads(b'"bytes"'), json.loads("1.0"), json.loads("123456789012345678901"), json.loads('{"a":1,"a":2}'), json.loads('"\\ud800"') == "\ud800")
for t in ["", "{", "[1,", "[1,]", "{'a':1}", '{"a":}', '{"a" 1}', '{"a":1,}', "nul", "01", "1.", "-", '"abc', '"\\x"', '"\\u12"', "[1 2]", "1 2", '"a\nb"', "{1:2}", "tru", "[", "+1", ".5", "\ufeff1", "[1]]"]:
    try: print(repr(t), json.loads(t))
    except json.JSONDecodeError as e: print(repr(t), "->", e, e.pos, e.lineno, e.colno)
for t in ["json.dumps({1, 2})", "json.dumps(object)[:5]", "json.dumps({(1,): 2})", "json.dumps({(1,): 2}, skipkeys=True)", "json.dumps(float('nan'), allow_nan=False)", "json.loads(5)", "json.dumps(b'x')", "json.dumps(1j)", "json.dumps([{'a': {1}}])"]:
    try: print(eval(t))
    except Exception as e: print(t, type(e).__name__, e, getattr(e, "__notes__", ""))
l = []; l.append(l)
try: json.dumps(l)
except ValueError as e: print(e)
class E(json.JSONEncoder):
    def default(self, o): return sorted(o) if isinstance(o, set) else super().default(o)
print(json.dumps({"s": {2, 1}}, cls=E), json.dumps({1, 2}, default=list), json.loads('{"a": 1.5, "b": 2}', parse_float=str, parse_int=lambda x: x + "i"), json.loads('{"a": {"b": 1}}', object_hook=lambda d: tuple(d.items())), json.loads('{"a": 1}', object_pairs_hook=list), json.JSONDecoder().raw_decode('[1] x'), "".join(json.JSONEncoder(indent=1).iterencode([1, {"a": 2}])))
import io; f = io.StringIO(); json.dump([1, "a"], f); f.seek(0); print(json.load(f))
import enum
class I(enum.IntEnum): A = 1
class S(str): pass
print(json.dumps([I.A, S("x"), True]), json.dumps({S("k"): 1}))
