s = {3, 1, 2, 3}
print(sorted(s), len(s), 2 in s, 5 in s, set())
s.add(4); s.discard(99); s.remove(1)
print(sorted(s))
a, b = {1, 2, 3}, {2, 3, 4}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b))
print(a <= b, {2} < a, a >= {1}, a == {3, 2, 1}, a.isdisjoint({9}))
a |= {7}; a -= {1}; a &= {2, 3, 7}; a ^= {2, 100}
print(sorted(a))
print(sorted(set("hello")), len(frozenset([1, 1])), {1} == frozenset([1]))
try:
    s.remove(42)
except KeyError as e:
    print("KeyError", e)
try:
    {[]}
except TypeError as e:
    print(e)
try:
    set().pop()
except KeyError as e:
    print(e)
print(sorted({x % 3 for x in range(10)}), {1}.pop())
