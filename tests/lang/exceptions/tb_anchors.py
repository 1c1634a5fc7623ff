# expect: failure
import sys, traceback
def show(f):
    try: f()
    except Exception: traceback.print_exc()
a, b, d, obj, s = 1, 0, {}, None, "str"
def f1(): return a + 2 * (a / b) - 3
def f2(): return d["x"]["y"]
def f3(): return obj.attr.more
def f4(): return max(1, 2, key=5)
def f5(): return (a +
    s)
def f6(): return [x / 0 for x in (1, 2)]
def f7(): x = y = undefined_name; return x
def f8(): a, b, c = 1, 2
def f9(): s[10]
def f10(): print("a", s.nope(1, 2), "b")
def f11(): return sys.exit.x.y(
    1,
    2)
def f12():
    with open("/nonexistent/file") as f: pass
def f13(): raise ValueError("multi\nline\nmessage")
def f14(): assert a == b, "values differ"
def f15(): assert a == b
def f16(): return f"{a / b}"
def f17(): return (lambda q: q.x)(5)
def f18(): d[s] += a / b
def f19(): del d["é"]["日本"]
def f20(): return "日本語" + "é" + a
for f in [f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, f20]: show(f)
sys.exit(1)
