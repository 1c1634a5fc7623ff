from collections import *
c = Counter("abracadabra"); print(c, c.most_common(2), c["z"], sum(c.values()), sorted(c.elements())[:3], c.total()); c.update("aab"); c.subtract({"a": 3}); c["q"] -= 1; print(c, +c, -c, Counter(a=1) + Counter(a=2, b=1), Counter(a=3) - Counter(a=1), Counter(a=1) & Counter(a=2), Counter(a=1) | Counter(a=2), Counter(a=1) <= Counter(a=2), Counter(a=1) == Counter(a=1, b=0)); del c["nope"]
d = defaultdict(list); d["a"].append(1); print(d, d["b"], len(d), d.get("z"), d.default_factory, d.copy(), defaultdict(int, x=1) | {"y": 2})
try: defaultdict(5)
except TypeError as e: print(e)
try: defaultdict()["x"]
except KeyError as e: print("KeyError", e)
q = deque([1, 2, 3], maxlen=4); q.append(4); q.append(5); q.appendleft(0); print(q, q.maxlen, q[0], q[-1], len(q), q.pop(), q.popleft(), q, q.count(2), q.index(3)); q.extend([7, 8]); q.extendleft([9]); q.rotate(1); print(q); q.rotate(-2); q.reverse(); print(q, list(reversed(q)), 7 in q, q == deque(q), q + deque([1]), deque("ab") * 2); q[0] = "set"; del q[1]; q.insert(1, "ins"); q.remove("set"); print(q, deque([1]) < deque([2]), q.copy(), deque(range(3)))
for t in ["deque().pop()", "deque([1])[5]", "deque([1]).remove(2)", "deque(5)", "deque([], -1)", "deque([1], maxlen=1).insert(0, 1)", "deque([1]).index(9)", "deque([1]) + [1]", "hash(deque())", "deque([1]).rotate('a')"]:
    try: print(eval(t))
    except Exception as e: print(t, type(e).__name__, e)
try:
    r = deque([1, 2])
    for x in r: r.append(1)
except RuntimeError as e: print(e)
P = namedtuple("P", "x y", defaults=[5]); p = P(1); print(p, p.x, p[1], p._replace(x=9), p._asdict(), P._fields, P._field_defaults, P._make([7, 8]), p == (1, 5), p + (1,), hash(p) == hash((1, 5)), P.__doc__, P.x.__doc__, isinstance(p, tuple), *p)
for t in ["P()", "P(1, 2, 3)", "p._replace(z=1)", "P._make([1])", "namedtuple('A', 'a a')", "namedtuple('A', 'class')", "namedtuple('A', '_x')", "namedtuple('1', 'a')", "P(z=1)"]:
    try: print(eval(t))
    except Exception as e: print(t, type(e).__name__, e)
print(namedtuple("R", "a class a", rename=True)._fields)
try: p.x = 5
except AttributeError as e: print(e)
o = OrderedDict(a=1, b=2, c=3); o.move_to_end("a"); print(o); o.move_to_end("c", last=False); print(o, o.popitem(), o.popitem(last=False), o == {"b": 2}, OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), list(reversed(OrderedDict(x=1, y=2))))
m = ChainMap({"a": 1}, {"a": 2, "b": 3}); m["c"] = 4; print(m, m["a"], m["b"], len(m), sorted(m), m.parents, m.new_child({"z": 0})["z"]); u = UserDict(a=1); u["b"] = 2; print(u, UserList([1]) + [2], UserString("ab").upper())
