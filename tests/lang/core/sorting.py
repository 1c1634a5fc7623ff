print(sorted([3, 1, 2]), sorted("bca"), sorted([3, 1, 2], reverse=True), sorted({"b": 1, "a": 2}))
print(sorted(["bb", "a", "ccc"], key=len), sorted([(1, "b"), (1, "a"), (0, "z")]))
print(sorted(["B", "a", "C"], key=str.lower), sorted([-3, 2, -1], key=abs))
a = [(i % 3, i) for i in range(10)]
a.sort(key=lambda t: t[0]); print(a)
a.sort(key=lambda t: t[0], reverse=True); print(a)
x = [((i * 7919) % 1009) for i in range(500)]
y = sorted(x)
print(y[:5], y[-3:], all(p <= q for p, q in zip(y, y[1:])), y == sorted(y, reverse=True)[::-1])
print(min([3, 1]), max("a", "c", "b"), min([], default=None), max([1, -5], key=abs), min("bb", "a", key=len))
try:
    sorted([1, "a"])
except TypeError as e:
    print(e)
try:
    max([])
except ValueError as e:
    print(e)
class R:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v > o.v
print([r.v for r in sorted([R(1), R(3), R(2)])])
print(sorted([1.5, 1, True, 0.5]), sorted([[2], [1, 5], []]))
def bubble(l):
    l = l[:]
    for i in range(len(l)):
        for j in range(len(l) - 1 - i):
            if l[j] > l[j + 1]: l[j], l[j + 1] = l[j + 1], l[j]
    return l
def quick(l):
    if len(l) < 2: return l
    p, *r = l
    return quick([v for v in r if v < p]) + [p] + quick([v for v in r if v >= p])
print(bubble([5, 2, 9, 1]), quick([3, 6, 1, 8, 2, 9, 2]))
