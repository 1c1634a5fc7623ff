class Countdown:
    def __init__(self, n): self.n = n
    def __iter__(self): return CountIter(self.n)
class CountIter:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n <= 0: raise StopIteration
        self.n -= 1
        return self.n + 1
c = Countdown(3)
print(list(c), list(c), [(a, b) for a in c for b in c][:4], dict(zip(c, "abc")), 2 in c, sorted(c), max(c))
i = iter(c); print(next(i)); print(*i); print(next(i, "end"))
class NotIter:
    def __iter__(self): return 5
try: iter(NotIter())
except TypeError as e: print(e)
class NoNext:
    def __iter__(self): return self
try:
    for _ in NoNext(): pass
except TypeError as e: print(e)
class None_: __iter__ = None
try: iter(None_())
except TypeError as e: print(e)
for bad in [5, None, 1.5, len]:
    try:
        for _ in bad: pass
    except TypeError as e: print(e)
def g():
    x = yield
    print("x", x)
    raise StopIteration("bad")
try:
    it = g(); next(it); it.send(1)
except RuntimeError as e: print(e, repr(e.__cause__))
l = [1, 2, 3]
for x in l:
    if x < 3 and len(l) < 6: l.append(x * 10)
print(l)
it = iter([1, 2]); l2 = list(it); l3 = list(it); print(l2, l3)
s = {1, 2, 3}
try:
    for x in s: s.add(x + 10)
except RuntimeError as e: print(e)
try: next(5)
except TypeError as e: print(e)
