l = [5, 3, 8]
l.append(1); l.extend((2, 9)); l.insert(0, 7); l.insert(100, "end"); l.insert(-1, "pen"); print(l)
print(l.pop(), l.pop(0), l.pop(-1), l); l.remove(3); print(l, l.index(8), l.index(8, 1), l.count(5))
for a in [(99,), (5, 1), (5, 1, 2), (1, -3, -1)]:
    try: print(a, l.index(*a))
    except ValueError as e: print(a, e)
l.sort(); print(l); l.sort(key=lambda x: -x); print(l); l.sort(reverse=True, key=str); print(l); l.reverse(); print(l)
m = l.copy(); m.clear(); print(m, l, l * 2, l + [0], l == l[:], l is l[:], l < [100], l > [])
l[1:3] = "abc"; print(l); l[1:1] = [0]; print(l); l[::2] = [9] * len(l[::2]); print(l); del l[1::2]; print(l); l[:] = []; print(l)
for t in ["[1,2][5]", "[1,2]['a']", "[1][1.0]", "[].pop()", "[1].pop(5)", "[1].remove(2)", "[1] + 'a'", "[1] * 'a'", "[1] < 5", "[3, 'a'].sort()", "[1].sort(key=1)", "[1][None]", "[0] * 10 ** 20", "[].index(1)", "list(None)", "[1,2].__setitem__(5, 1)", "[1].__delitem__(3)", "[1].insert('a', 2)"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
def mod(x): l2.append(x); return x
l2 = [3, 1, 2]
try: l2.sort(key=mod)
except ValueError as e: print(e, l2)
def bad(x): raise KeyError("k")
l3 = [2, 1]
try: l3.sort(key=bad)
except KeyError as e: print(e, l3)
r = [1]; r.append(r); print(r, repr([[r]])); print(r == r)
print([1, 2, 3].__contains__(2), [1].__len__(), [1].__iter__().__next__(), [].__eq__([]), [1, 2].__getitem__(slice(0, 1)), [1].__mul__(2), [1].__add__([2]), [1].__reversed__().__next__(), [1].__iadd__([2]), [[1]] * 2)
it = iter([1, 2, 3]); next(it); print(it.__length_hint__(), list(it), list(it))
big = list(range(1000)); del big[10:990]; print(len(big), sum(big), big[::-5])
