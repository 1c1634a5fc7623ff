# Set operations whose comparisons run Python code that changes the sets; order of elements; iteration
# over sets that change; sorting of tuples.
class Key:
    def __init__(self, name, hash_, act=None):
        self.name, self.hash_, self.act = name, hash_, act

    def __hash__(self):
        return self.hash_

    def __eq__(self, other):
        if self.act:
            self.act()
        return isinstance(other, Key) and self.name == other.name

    def __repr__(self):
        return self.name


def names(s):
    return sorted(repr(x) for x in s)


for op in ("__and__", "__sub__", "__or__", "__xor__", "__le__", "__lt__", "__eq__", "isdisjoint"):
    log = []
    a = {Key("a", 1), Key("b", 2), Key("c", 3), 4, 5}
    b = {Key("a", 1, lambda: log.append("eq")), Key("b", 2), Key("x", 3), 5, 6}
    r = getattr(a, op)(b)
    print(op, names(r) if isinstance(r, set) else r, len(log) > 0)

# A comparison that takes an element out of the set that is walked, and puts it back elsewhere.
a = set()
again = Key("z", 40)


def disturb():
    a.discard(again)
    a.add(again)


first = Key("k", 0)
a.update([first, again] + list(range(1, 4)))
b = {Key("k", 0, disturb), again, 1, 2, 3}
r = a & b
print(len(r) == len(set(r)), names(r))
r = a - {Key("other", 0, disturb)}
print(len(r) == len(set(r)), names(r))

print([sorted(set(range(n)) - {0, n - 1}) for n in (1, 3, 6)], {1, 2, 3, 70, 130} & {130, 2, 9})
print([list(frozenset(range(0, n, 7)) - frozenset({7})) for n in (20, 40, 90)])
print([list(frozenset(range(n)) & frozenset(range(5, 30))) for n in (3, 8, 40)])


def growing(s):
    try:
        for x in s:
            s.add(len(s) + 100)
    except RuntimeError as e:
        return str(e)


print(growing({1, 2}), growing(set()))


class Adds:
    def __init__(self, s):
        self.s = s

    def __lt__(self, other):
        self.s.add(len(self.s) + 100)
        return True

    __gt__ = __lt__


s = set()
s.update([Adds(s), Adds(s), Adds(s)])
for f in (min, max):
    try:
        f(s)
    except RuntimeError as e:
        print(e)

print(min({3, 1, 2}), max(frozenset("abc")), sum({1, 2, 3}), sorted({(2, "b"), (1, "z"), (2, "a")}))
nan = float("nan")
print(sorted([(True, 2), (False, 3), (True, 1), (False, 3)]), sorted([(1.5, "b"), (1.5, "a"), (0.5, "c")]))
print(sorted([("a", 1), ("a",), ("a", 0), ("", 5)]), sorted([(1, None), (0, None)]))
print(sorted([(0, True), (0, 0), (0, 2), (False, 1)]), sorted([(nan, 1), (nan, 0)])[0][1])
try:
    sorted([(1, None), (1, 2)])
except TypeError as e:
    print(e)
print(sorted([(2**70, 1), (2**70, 0), (5, 5)])[0], sorted([("é", 1), ("z", 2), ("a", 3)]))
