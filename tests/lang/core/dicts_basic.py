d = {"a": 1, "b": 2}
print(d, len(d), d["a"], d.get("z"), d.get("z", 0), "a" in d, "z" in d)
d["c"] = 3; d["a"] = 10
print(d)
del d["b"]
print(d, list(d), list(d.keys()), list(d.values()), list(d.items()))
for k, v in d.items():
    print(k, v)
print(d.pop("a"), d.pop("zz", "none"), d)
print(d.setdefault("x", []), d.setdefault("x", 1), d)
d.update({"y": 1}, z=2); d.update([("w", 0)])
print(d, d.popitem())
print({1: "int", 1.0: "float", True: "bool"})
print({**{"a": 1}, **{"b": 2, "a": 3}}, {"a": 1} | {"b": 2})
print(dict(a=1, b=2), dict([("k", "v")]), dict.fromkeys("abc", 0))
print({"a": 1, "b": 2} == {"b": 2, "a": 1}, {} == {}, {(1, 2): "t"}[1, 2])
for f in [lambda: {}["k"], lambda: {}[1], lambda: {}.pop(3), lambda: {}.popitem(), lambda: {[]: 1}]:
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
e = {i: i * i for i in range(20)}
for i in range(0, 20, 2):
    del e[i]
print(e, sum(e), sum(e.values()))
try:
    for k in e:
        e[k + 100] = 1
except RuntimeError as err:
    print(err)
big = {}
for i in range(1000):
    big[str(i)] = i
print(len(big), big["500"], sum(big.values()), list(big)[:3], next(reversed(big)))
d.clear(); print(d)
