for r in [range(5), range(2, 8), range(0, 10, 3), range(10, 0, -2), range(0), range(5, 0), range(-3, 3), range(0, 2 ** 70, 2 ** 68)]:
    print(r, list(r), len(r), r.start, r.stop, r.step, r[::-1], list(r[1:3]), 4 in r, 4.0 in r, "a" in r, bool(r), list(reversed(r)), hash(r) == hash(range(r.start, r.stop, r.step)))
r = range(2, 20, 3)
for t in ["r[0]", "r[-1]", "r[99]", "r[1:4]", "r[::-2]", "r.index(5)", "r.index(6)", "r.count(8)", "r == range(2, 19, 3)", "range(0) == range(5, 5)", "r['a']", "range(1.5)", "range('a')", "range(1, 2, 0)", "r + r", "r.start", "r < r", "len(range(2 ** 70))", "range(2 ** 70)[2 ** 69]", "max(r)", "sum(r)", "5 in r", "True in range(2)", "range(3) == [0, 1, 2]", "range(True)", "[*r]", "r[2:][1]", "r.foo", "range(3, step=1)"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
try: r.start = 5
except AttributeError as e: print(e)
it = iter(range(3)); print(next(it), it.__length_hint__(), list(it))
class I:
    def __index__(self): return 4
print(list(range(I())), range(I())[I() - 1 if False else 1], sum(range(10 ** 6)), range(10 ** 20, 10 ** 20 + 3)[1])
s = slice(1, 10, 2)
print(s, s.indices(5), slice(None, None, -1).indices(5), slice(-3, None).indices(5), slice(5, -10, -2).indices(5), s == slice(1, 10, 2), hash(s) == hash(slice(1, 10, 2)))
for t in ["slice()", "slice(1, 2, 0).indices(5)", "slice('a').indices(5)", "slice(1).indices(-1)", "slice(1, 2, 3, 4)", "[1][slice('a')]"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
