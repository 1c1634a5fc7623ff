import gc
n = None
for i in range(200000): n = (n, i)
c, t = 0, n
while t: c += 1; t = t[0]
print(c); del n, t; gc.collect()
l = []
for i in range(100000): l = [l]
del l; gc.collect(); print("list freed")
class Node:
    __slots__ = ("next",)
    def __init__(self, n): self.next = n
h = None
for i in range(100000): h = Node(h)
del h; gc.collect(); print("nodes freed")
d = {}
for i in range(50000): d = {"d": d}
del d; gc.collect(); print("dicts freed")
r = []
for _ in range(500): r = [r]
print(len(repr(r)))
for _ in range(200000): r = [r]
for f in (repr, hash, lambda x: x == x[0], str):
    try: f(r); print("fine")
    except RecursionError: print("RecursionError")
    except TypeError as e: print(e)
a, b = [], []
a.append(b); b.append(a)
try: print(a == b)
except RecursionError: print("RecursionError")
strs = ["x" * i for i in range(2000)]; print(sum(map(len, strs))); del strs
big = [bytearray(1000) for _ in range(2000)]; print(len(big)); del big
x = [[j for j in range(50)] for i in range(1000)]; print(sum(map(sum, x)))
for i in range(30): tmp = list(range(20000)); tmp2 = {k: str(k) for k in tmp[:500]}
print(len(tmp), len(tmp2))
