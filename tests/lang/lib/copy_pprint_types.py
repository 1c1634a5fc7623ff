import pprint, types, copy
d = {"name": "x" * 30, "list": list(range(30)), "nested": {"a": [1, 2, {"b": (1, 2)}], "c": {"d": {"e": "f"}}}, "set": {3, 1, 2}, "t": (1,), "none": None, 5: b"bytes" * 10}
del d[5]
pprint.pprint(d); pprint.pprint(d, width=40, depth=2, compact=True); print(pprint.pformat([["a" * 20] * 5] * 2), pprint.pformat({"z": 1, "a": 2}), pprint.pformat({"z": 1, "a": 2}, sort_dicts=False), pprint.saferepr({"k": [1]}), pprint.isreadable([1]), pprint.pformat("word " * 30), pprint.pformat(list("ab"), indent=4, width=5), sep="\n")
l = [1]; l.append(l); print("Recursion on list" in pprint.pformat(l), pprint.isrecursive(l))
from collections import *; pprint.pprint([OrderedDict(a=1), Counter("aab"), deque([1]), defaultdict(int, x=1), types.SimpleNamespace(a=1, b=[2])])
n = types.SimpleNamespace(x=1, y="a"); n.z = 2; print(n, n == types.SimpleNamespace(x=1, y="a", z=2), vars(n)); m = types.MappingProxyType({"a": 1}); print(m, m["a"], len(m), m | {"b": 2})
try: m["a"] = 2
except TypeError as e: print(e)
print(types.FunctionType, types.GeneratorType.__name__, types.new_class("N", (list,), {}, lambda ns: ns.update(v=5)).v, types.resolve_bases((int,)), isinstance(len, types.BuiltinFunctionType), types.NoneType, types.EllipsisType, types.UnionType, types.GenericAlias(list, (int,)), types.DynamicClassAttribute.__name__, types.prepare_class("X", (int,))[0].__name__)
class A:
    def __init__(self): self.l = [1]; self.me = self
a = A(); b = copy.deepcopy(a); print(b.me is b, b.l is a.l, b.l == a.l, copy.copy([1, [2]]), copy.deepcopy({"a": [(1, [2])]}), copy.deepcopy(len) is len, copy.copy(a).l is a.l)
print(copy.replace(types.SimpleNamespace(a=1), a=2), namedtuple("P", "x y")(1, 2)._replace(x=5))
