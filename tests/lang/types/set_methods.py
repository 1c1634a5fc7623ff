a, b = {1, 2, 3}, {3, 4}
S = lambda s: sorted(s, key=repr)
print(S(a | b), S(a & b), S(a - b), S(a ^ b), S(a.union([9], "x")), S(a.intersection([1, 3], [3])), S(a.difference([1], [2])), S(a.symmetric_difference([3, 5])))
print(a <= {1, 2, 3}, a < {1, 2, 3}, a > {1}, a.issubset(range(9)), a.issuperset([1]), a.isdisjoint(b), a == frozenset(a), a != b, a == [1, 2, 3], {1} < {2}, set() < a)
c = a.copy(); c.add(7); c.discard(1); c.discard(99); c.update([8], {9}); print(S(c)); c.intersection_update([7, 8, 2]); print(S(c)); c.difference_update([7]); print(S(c)); c.symmetric_difference_update([2, 5]); print(S(c)); c.clear(); print(c)
f = frozenset([1, 2]); print(f, hash(f) == hash(frozenset([2, 1])), {f: 1}[frozenset([2, 1])], f | {3}, type(f | {3}).__name__, type({3} | f).__name__, f.copy() is f, frozenset(f) is f, {frozenset([1])} == {frozenset([1])}, frozenset([1]) in {frozenset([1])}, {1} in {frozenset([1])})
for t in ["{1}.remove(2)", "set().pop()", "{1} | [2]", "{1} < [2]", "{[]}", "{1}.add([])", "{1}[0]", "set(5)", "frozenset([1]).add(2)", "hash({1})", "{1} + {2}", "{1}.union(5)", "{1}.remove([])", "[] in {1}", "{1} - 5", "{1}.update(5)", "{*5}", "set(1, 2)", "{1}.issubset(5)", "{(1, []): 2}"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
s = {1, 2, 3}
try:
    for x in s: s.add(x + 100)
except RuntimeError as e: print(e)
print(len({1, 1.0, True, 1 + 0j}), {0, False, 0.0}, S({"a", 1, None}), {i % 4 for i in range(100)}, sum({1, 2, 3}), max({5, 2}), S(set("hello")), set([1, 2]) == {2, 1}, bool(set()), S({*[1], *(2,), *"a"}), {1, 2}.pop() in (1, 2))
big = set(range(10000)); big -= set(range(0, 10000, 3)); print(len(big), sum(big), 9999 in big, 9998 in big, len(big & set(range(100))), repr(set()), repr(frozenset()), str({1}), {()}, {frozenset()})
class SS(set):
    def __repr__(self): return "SS!"
print(SS([1]), type(SS([1]) | {2}).__name__, SS([1]) == {1}, type(SS().copy()).__name__)
class E:
    def __hash__(s): return 5
    def __eq__(s, o): raise ValueError("eq")
try: {E(), E()}
except ValueError as e: print(e)
