t = (1, 2, 3, 2)
print(t.count(2), t.index(2), t.index(2, 2), t[1:], t[::-1], t + (4,), t * 2, 2 * t, 2 in t, len(t), hash(t) == hash((1, 2, 3, 2)), t < (1, 3), t == (1, 2, 3, 2), t == [1, 2, 3, 2], tuple(t) is t, t[:] is t, () is (), repr((1,)), repr(()), min(t), sum(t), sorted(t))
for e in ["t[9]", "t['a']", "t.index(9)", "t.index(1, 1)", "t + [1]", "t * 'a'", "t < [1]", "t.append(1)", "hash((1, []))", "tuple(5)", "(1,) * 10 ** 20", "t.count()", "t[1.5]", "t[None]", "t.__getitem__('a')", "t.x"]:
    try: print(e, eval(e))
    except Exception as x: print(e, type(x).__name__, x)
x = ([],); y = (x, x); x[0].append(y); print(x)
print(hash(()) == hash(tuple()), len({(1, 2), (1, 2), (2, 1)}), (1, (2, (3,)))[1][1][0], tuple("ab"), tuple({1: 2}), tuple(x for x in range(3)), (1, 2) + (), () * 5, (None,) * 3, (1, "a") < (1, "b"), (1, 2) < (1, 2, 3), ((1, 2), (3, 4))[1])
class T(tuple):
    def __new__(cls, *a): return super().__new__(cls, a)
    def __getitem__(self, i): return "over"
v = T(1, 2); print(v, v[0], list(v), type(v + (1,)).__name__, type(v[:]).__name__, v == (1, 2), len(v), hash(v) == hash((1, 2)))
a, (b, *c), d = 1, (2, 3, 4), 5; print(a, b, c, d)
for i, (p, q) in enumerate(zip((1, 2), "ab")): print(i, p, q)
nan = float("nan"); print((nan,) == (nan,), nan in (nan,), (nan,).index(nan), (nan,).count(nan))
