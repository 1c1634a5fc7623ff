d = {}
for k in "zebra": d[k] = len(d)
print(d); del d["e"]; d["e"] = 9; d["z"] = 7; print(d, list(reversed(d)))
d = {i: i for i in range(10)}
for i in range(8): del d[i]
d[3] = "back"; print(d)
a, b = {"x": 1, "y": 2}, {"y": 3, "z": 4}
print(a | b, b | a, a.keys() & b.keys(), sorted(a.keys() | b.keys()), sorted(a.keys() - b.keys()), a.items() & {("x", 1)}.union())
ks, vs, its = a.keys(), a.values(), a.items()
a["new"] = 5; print(ks, vs, its, len(ks), "new" in ks, ("x", 1) in its, 5 in vs)
a |= {"q": 1}; a |= [("r", 2)]; print(a)
print({"a": 1}.items() == {"a": 1}.items(), {"a": 1}.keys() == {"a"}, dict(zip("ab", range(2))), list({}.items()))
def kw(**k): return list(k)
print(kw(z=1, a=2, m=3), list(vars(type("T", (), {"b": 1, "a": 2})))[:2])
try:
    {} | 5
except TypeError as e: print(e)
for bad in ["dict(5)", "dict([1])", "dict([(1,2,3)])", "dict(1, 2)", "{}.update(5)", "dict.fromkeys(5)", "{}.get()", "{}.pop()"]:
    try: eval(bad)
    except Exception as e: print(type(e).__name__, e)
n = {"a": {"b": {"c": 1}}}
n["a"]["b"]["d"] = n["a"]["b"]["c"] + 1; print(n)
x = {}; x["self"] = x; print(x)
it = iter({"a": 1}); print(next(it), next(it, None))
