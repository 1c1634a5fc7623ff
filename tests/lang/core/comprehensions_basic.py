print([x for x in range(5)], [x * y for x in range(3) for y in range(3)], [x for x in range(20) if x % 2 if x % 3])
print({x: x ** 2 for x in range(4)}, sorted({c for c in "hello"}), list(x for x in "ab"))
print([[j for j in range(i)] for i in range(4)])
print([(x, y) for x in range(3) if x for y in range(x)])
x = "outer"
print([x for x in range(3)], x)
def f(n):
    return [lambda: i + n for i in range(3)]
print([g() for g in f(10)])
class K:
    items = [1, 2, 3]
    doubled = [i * 2 for i in items]
print(K.doubled)
print([y := 5, y ** 2], [z for w in [1, 2, 3] if (z := w * 2) > 2], z)
m = [[1, 2, 3], [4, 5, 6]]
print([list(r) for r in zip(*m)], [v for row in m for v in row], {v: k for k, v in {"a": 1}.items()})
print([a + b for a, (b, *c) in [(1, (2, 3)), (4, (5,))]])
def h():
    return [(lambda q: [q + r for r in range(2)])(p) for p in range(2)]
print(h())
try:
    [1 / v for v in (1, 0)]
except ZeroDivisionError as e:
    print(e)
