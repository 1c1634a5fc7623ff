def ack(m, n):
    if m == 0: return n + 1
    if n == 0: return ack(m - 1, 1)
    return ack(m - 1, ack(m, n - 1))
print(ack(2, 5))
def hanoi(n, a="A", b="B", c="C"):
    return [] if n == 0 else hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c)
print(len(hanoi(8)), hanoi(2))
def perms(l):
    if not l: return [[]]
    return [[x] + p for i, x in enumerate(l) for p in perms(l[:i] + l[i + 1:])]
print(perms([1, 2, 3]))
def flatten(x):
    return [z for y in x for z in flatten(y)] if isinstance(x, list) else [x]
print(flatten([1, [2, [3, [4]], 5]]))
def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
print(depth(800))
def forever(): return forever()
try:
    forever()
except RecursionError as e:
    print(type(e).__name__, "maximum recursion depth exceeded" in str(e))
class R:
    def __getattr__(self, n): return getattr(self, n + "x")
try:
    R().a
except RecursionError:
    print("recursion in getattr")
def gcd(a, b): return a if not b else gcd(b, a % b)
print(gcd(1071, 462))
def subsets(s):
    if not s: return [[]]
    r = subsets(s[1:])
    return r + [[s[0]] + x for x in r]
print(sorted(subsets([1, 2, 3])))
