a, *b, c = range(6); print(a, b, c); *x, = "ab"; print(x); [p, *q], r = [1, 2, 3], 4; print(p, q, r)
print([*range(3), *[], *"ab"], (*[1],), {*[1], *[1]}, {**{"a": 1}, **{"a": 2, "b": 3}}, *[1, 2], *(3,))
def f(*a, **k): return a, k
print(f(*[1], 2, *[3], x=1, **{"y": 2}), f(*"ab", *range(2)), f(**dict(a=1)))
for a, *b in [(1, 2, 3), "xy", [9]]: print(a, b)
def g(): return *[1, 2], 3
print(g()); t = *g(), 4; print(t)
def h(): yield *[1], 2
print(list(h())); d = {}; d["k"], *d["rest"] = 1, 2, 3; print(d)
class T: pass
T.a, *T.b = "xyz"; print(T.a, T.b); l = [0] * 3; l[0], *l[1:] = 1, 2, 3, 4; print(l)
i = [[1, 2], [3]]; print([*i[0], *i[1]], max(*i), {"a": 1, **{"b": [*"z"]}}); print(l[*[0]] if False else {(1, 2): "tuple key"}[*[1, 2]])
for s in ["a, b = 1", "a, b = 1, 2, 3", "a, *b, c = 1,", "a, b = {}", "[a] = []", "a, = 'xy'", "(a, b), c = 1, 2", "*a, b = []", "a, b = (x for x in [1])", "a, b = {'k': 1, 'j': 2}; print(a, b)", "a, b = None", "a, *b = 5", "a, b = [1, 2, 3]; ", "f(*None)", "[*5]", "{**[]}", "{*1}", "a, b = iter([1,2,3])"]:
    try: exec(s)
    except Exception as e: print(s, "->", type(e).__name__, e)
