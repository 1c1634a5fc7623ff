# Elements whose hashes are the same in each run come in CPython's order: the table's sizes, its
# probing, when it is rebuilt, and which operand an operation walks.
import random

print({3, 1, 2}, {30, 1, 20, 11}, {8, 16, 0, 24, 32}, frozenset({5, 3, 9, 17}))
print({x * 7 % 31 for x in range(12)}, set([1.5, 2, 0.25, 1 << 40]), set(range(30, 0, -3)))
print(list(set([9, 1, 17, 25]) | {33, 4}), list({9, 1, 17} & {17, 9, 4, 33}), {1, 2, 3} ^ {9, 3, 17})
s = {0}
s.add(8)
s.discard(0)
s.add(16)
print(list(s))
s = set(range(40))
for i in range(30):
    s.discard(i)
for i in range(128, 148):
    s.add(i)
print(list(s), [s.pop() for _ in range(5)], list(s))
print(list(dict.fromkeys([9, 1, 17]).keys() & {17, 1, 33, 9}), dict.fromkeys([9, 1, 17]).keys() - {1})
a = {1: 2, 3: 4}
print(sorted(a.items() ^ {(1, 2), (5, 6)}), a.keys() | [9, 17, 1])


def values(r):
    k = r.random()
    if k < 0.6:
        return r.randrange(-20, 200)
    if k < 0.75:
        return r.randrange(-(10**6), 10**12)
    if k < 0.85:
        return (r.randrange(5), r.randrange(5))
    if k < 0.92:
        return r.randrange(100) / 8
    return frozenset(r.randrange(30) for _ in range(r.randrange(4)))


def check(seed):
    r = random.Random(seed)
    pool = [values(r) for _ in range(r.randrange(5, 400))]

    def some(n):
        return [r.choice(pool) for _ in range(r.randrange(n))]

    sets = [set(some(60)) for _ in range(4)]

    def other():
        kind = r.randrange(7)
        items = some(400 if kind > 4 else 60)
        makers = [set, frozenset, dict.fromkeys, list, lambda x: r.choice(sets)]
        makers += [lambda x: dict.fromkeys(x).keys(), set]
        return makers[kind](items)

    total = 0
    for _ in range(150):
        i = r.randrange(4)
        s, o = sets[i], other()
        so = o if isinstance(o, (set, frozenset)) else set(o)
        k = r.randrange(26)
        if k == 0:
            s.add(r.choice(pool))
        elif k == 1:
            s.discard(r.choice(pool))
        elif k == 2 and s:
            total = total * 31 + hash(s.pop())
        elif k == 3:
            s.update(o)
        elif k < 8:
            sets[i] = [s | so, s & so, s - so, s ^ so][k - 4]
        elif k == 8:
            s |= so
        elif k == 9:
            s &= so
        elif k == 10:
            s -= so
        elif k == 11:
            s ^= so
        elif k < 16:
            name = ["union", "intersection", "difference", "symmetric_difference"][k - 12]
            sets[i] = getattr(s, name)(o)
        elif k < 20:
            name = ["update", "intersection_update", "difference_update", "symmetric_difference_update"][k - 16]
            getattr(s, name)(o)
        elif k == 20:
            sets[i] = s.copy()
        elif k == 21:
            sets[i] = {x for x in some(60)}
        elif k < 26:
            view = dict.fromkeys(some(60)).keys()
            sets[i] = [view & so, view - so, view ^ so, view | so][k - 22]
        if r.random() < 0.02:
            s.clear()
        total = (total * 31 + hash(tuple(sets[i]))) % (1 << 61)
        total = (total * 31 + hash(tuple(frozenset(sets[i])))) % (1 << 61)
    return total


print([check(seed) for seed in range(20)])


# Comparisons that change the set meanwhile.
class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 7

    def __eq__(self, other):
        global target
        changed, target = target, None
        if changed is not None and len(changed) < 40:
            changed.add(Key(len(changed) + 100))
            target = changed
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return f"K{self.n}"


target = None
s = {Key(i) for i in range(6)}
target = s
print(Key(3) in s, len(s) > 6)
target = None
print(len(s), Key(2) in s, Key(1000) in s)
