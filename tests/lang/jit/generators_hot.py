def count(n):
    i = 0
    while i < n: yield i; i += 1
def chain(*its):
    for it in its: yield from it
def filt(p, it):
    for x in it:
        if p(x): yield x
def mp(f, it):
    for x in it: yield f(x)
print(sum(mp(lambda x: x * 3, filt(lambda x: x % 2, chain(count(3000), count(3000))))))
def avg():
    t = n = 0; r = None
    while True: x = yield r; t += x; n += 1; r = t / n
g = avg(); next(g)
for i in range(5000): r = g.send(i)
print(r)
class Tree:
    def __init__(self, v, l=None, r=None): self.v, self.l, self.r = v, l, r
    def __iter__(self):
        if self.l: yield from self.l
        yield self.v
        if self.r: yield from self.r
def build(a, b):
    if a >= b: return None
    m = (a + b) // 2; return Tree(m, build(a, m), build(m + 1, b))
print(sum(build(0, 2000)), list(build(0, 10)))
async def co(n): return n if n < 2 else await co(n - 1) + await co(n - 2)
try: co(14).send(None)
except StopIteration as e: print(e.value)
def interleave(n):
    gs = [count(n) for _ in range(20)]; t = 0
    while gs:
        for g in gs[:]:
            try: t += next(g)
            except StopIteration: gs.remove(g)
    return t
print(interleave(100))
def early(n):
    t = 0
    for i in range(n):
        for x in count(10):
            if x == 3: break
            t += x
    return t
print(early(1000)); print(sum(x * y for x in range(60) for y in range(60) if x != y), any(x > 4000 for x in count(5000)), all(x < 5000 for x in count(5000)), max(count(3000)), list(count(5)), tuple(count(3)), "".join(str(x) for x in count(12)))
def fin(n):
    log = 0
    def g():
        nonlocal log
        try: yield 1; yield 2
        finally: log += 1
    for i in range(n):
        it = g(); next(it); it.close()
    return log
print(fin(1000))
def typed(n):
    for i in range(n): yield i if i < n // 2 else float(i) if i < n - 5 else str(i)
t = 0
for x in typed(3000): t += len(x) if isinstance(x, str) else x
print(t)
