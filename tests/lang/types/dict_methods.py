d = {"a": 1, "b": 2}
print(d.get("a"), d.get("x"), d.get("x", 9), d.setdefault("c", 3), d.setdefault("a", 9), d.pop("b"), d.pop("b", "dflt"), d.popitem(), d)
d.update(x=1); d.update({"y": 2}, z=3); d.update([("w", 4)]); print(d, d.copy() == d, d.copy() is d, dict.fromkeys("ab"), dict.fromkeys([1, 2], []))
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), "a" in k, 2 in v, ("y", 2) in i, ("y", 3) in i, sorted(k & {"a", "x"}), sorted(k | {"q"}), sorted(k - {"a"}), sorted(k ^ {"a", "new"}), k == {"a", "x", "y", "z", "w"}, k <= {"a", "x", "y", "z", "w", "q"}, k.isdisjoint({"n"}), list(reversed(k)), list(reversed(i))[0], k.mapping == d)
print(d | {"a": 9}, {"n": 0} | d, d.__or__({}) == d); d |= {"m": 5}; print(d["m"])
for t in ["{}['x']", "{}[1, 2]", "{}.popitem()", "{}.pop('x')", "{[]: 1}", "{{}: 1}", "{}.update(5)", "{}.update([1])", "{}.update(['abc'])", "dict(1)", "dict([('a',)])", "{} + {}", "{} < {}", "{}.keys() + 1", "{}.keys()[0]", "{} | []", "{1: 2}.fromkeys(5)", "{1: 2}.keys().mapping.pop(1)", "{'a': 1}.items().foo", "dict(a=1, **{'a': 2})", "{**5}", "{}.__getitem__('q')", "{}.__delitem__('q')"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
for op in ["d2['new'] = 1", "del d2[1]", "d2.clear()", "d2[1] = 'same size ok'"]:
    d2 = {1: 1, 2: 2, 3: 3}
    try:
        for q in d2: exec(op)
        print(op, "ok", d2)
    except RuntimeError as e: print(op, e)
it = iter({1: 2, 3: 4}.items()); print(next(it), it.__length_hint__(), list(it))
print({1: "a", True: "b", 1.0: "c"}, {"x": 1} == {"x": 1.0}, {None: 1, (): 2, "": 3, 0: 4})
x = {}; x["me"] = x; print(x, [x])
class K:
    def __init__(s, n): s.n = n
    def __hash__(s): return 0
    def __eq__(s, o): return s.n == o.n
    def __repr__(s): return f"K{s.n}"
c = {K(i): i for i in range(6)}; del c[K(2)]; c[K(9)] = 9; c[K(0)] = "z"; print(c, K(2) in c, c[K(5)])
class D(dict):
    def __getitem__(s, k): return "over"
    def keys(s): return ["fake"]
e = D(a=1); print(e["q"], e.get("a"), dict(e), {**e}, list(e), e | {}, type(e | {}).__name__, type(e.copy()).__name__)
for n in (5, 50, 500):
    t = {i: i for i in range(n)}
    for j in range(0, n, 2): del t[j]
    for j in range(n): t[j] = -j
    print(len(t), list(t)[:4], sum(t.values()))
