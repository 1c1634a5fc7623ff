# Generators that compiled code resumes.
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
def evens(xs):
    for x in xs:
        if x % 2 == 0:
            yield x
def pairs(n):
    for a in range(n):
        for b in range(a % 7):
            yield a, b
def echo():
    t = 0
    while True:
        x = yield t
        if x is None: t += 1
        else: t += x
def fin(n, log):
    try:
        for i in range(n):
            try:
                yield i
            except KeyError as e:
                log.append(('key', i, str(e)))
                yield -1
    finally:
        log.append('fin')
def boom(n):
    for i in range(n):
        if i == n - 1: raise ValueError(i)
        yield i
class Tree:
    def __init__(self, l, v, r): self.l = l; self.v = v; self.r = r
    def __iter__(self):
        if self.l: yield from self.l
        yield self.v
        if self.r: yield from self.r
def tree(lo, hi):
    if lo >= hi: return None
    m = (lo + hi) // 2
    return Tree(tree(lo, m), m, tree(m + 1, hi))
def perms(items, r=None):
    pool = tuple(items); n = len(pool); r = n if r is None else r
    idx = list(range(n)); cycles = list(range(n - r + 1, n + 1))[::-1]
    yield tuple(pool[i] for i in idx[:r])
    while n:
        for i in reversed(range(r)):
            cycles[i] -= 1
            if cycles[i] == 0:
                idx[i:] = idx[i + 1:] + idx[i:i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                idx[i], idx[-j] = idx[-j], idx[i]
                yield tuple(pool[i] for i in idx[:r])
                break
        else:
            return
print(sum(count(20000)), sum(evens(count(20000))), sum(a * b for a, b in pairs(3000)))
g = echo(); next(g); t = 0
for i in range(20000): t = g.send(i if i % 3 else None)
print(t)
log = []
g = fin(20000, log); s = 0
for i in range(12000):
    if i % 1000 == 999: s += g.throw(KeyError(i))
    else: s += next(g)
g.close(); print(s, log[-3:], len(log))
try:
    for x in boom(15000): y = x
except ValueError as e: print('VE', e, y, e.__traceback__.tb_next.tb_lineno)
t = tree(0, 3000); print(sum(t), list(t)[:5], [v for v in t][-3:])
print(len(list(perms(range(7)))), list(perms(range(6)))[-1], sum(p[0] for p in perms(range(7), 4)))
print(sum(x * x for x in range(30000) if x % 3), any(x > 20000 for x in range(30000)), max((x * 7) % 1009 for x in range(20000)))
def deep(n): return sum(deep(n - 1) if n and i == 0 else i for i in range(3))
print(deep(200)); print([deep(k % 30) for k in range(300)][-3:])
def kinds(n):
    for i in range(n): yield i if i % 2 else i * 0.5
print(sum(kinds(20000)))
def delg(n):
    r = yield from (i for i in range(n))
    return (yield from count(n))
print(sum(delg(9000)))
import sys
def frames(n):
    for i in range(n):
        f = sys._getframe()
        yield f.f_lineno, len(f.f_locals)
print(list(frames(9000))[-1])
def late(n):
    for i in range(n):
        yield i
    del i
    yield 'x'
print(sum(1 for _ in late(9000)))
