# Generators and coroutines around compiled loops: closed, thrown into, left midway, changed.
N = 20000
log = []
def gen(n):
    try:
        for i in range(n):
            got = yield i * 2
            if got: log.append(got)
    except ValueError as e: log.append(("thrown", i)); yield -1
    finally: log.append(("closed", i))
def total(n, stop):
    s = 0
    g = gen(n)
    for x in g:
        s += x
        if x == stop: break
    g.close()
    return s
print(total(N, -5), total(N, N), log); log.clear()
g = gen(N)
for i in range(N // 2): next(g)
print(g.send("hello"), g.throw(ValueError), next(g, "end"), log); log.clear()
g = gen(N)
for i in range(N // 2): next(g)
g.close(); g.close(); print(log, list(g)); log.clear()
def genexp(n): return sum(x * x for x in range(n) if x % 3)
print(genexp(N), genexp(N))
def nested(n): return sum(sum(i * j for j in range(5)) for i in range(n))
print(nested(N // 4))
def delegate(n):
    a = yield from gen(n)
    yield a
print(sum(x for x in delegate(N) if x)); log.clear()
def send_loop(n):
    def acc():
        t = 0
        while True:
            x = yield t
            if x is None: return t
            t += x
    g = acc(); next(g)
    for i in range(n): r = g.send(i)
    try: g.send(None)
    except StopIteration as e: return r, e.value
print(send_loop(N))
def hot(n):
    total = 0
    for i in range(n):
        total += i
    yield total
    for i in range(n):
        total -= i
    yield total
    for i in range(n): total += 0.5
    yield total
print(list(hot(N)))
def leaves(n):
    for i in range(n):
        if i == n - 1: yield "last"
        j = i + 1
    yield j
print(list(leaves(N)))
def raising(n):
    for i in range(n):
        yield i
    raise RuntimeError("end")
def consume(n):
    s = 0
    try:
        for x in raising(n): s += x
    except RuntimeError as e: return s, str(e)
print(consume(N))
def stop_inside(n):
    def it():
        for i in range(n): yield next(iter([]))
    try:
        for x in it(): pass
    except RuntimeError as e: return str(e), type(e.__cause__).__name__
print(stop_inside(N))
class It:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n <= 0: raise StopIteration
        self.n -= 1
        return self.n
def iterate(it):
    s = 0
    for x in it: s += x
    return s
print(iterate(It(N)), iterate([1.5] * N), iterate(It(5)), iterate(x for x in (1, 2)), iterate(range(N)), iterate({1: 2}), iterate(map(abs, [-1, -2])))
It.__next__ = lambda s: 7 if log.append(1) or len(log) < 4 else next(iter(()))
print(iterate(It(3))); log.clear()
def mutate(n):
    xs = list(range(10)); seen = 0
    for x in xs:
        seen += 1
        if len(xs) < n: xs.append(x)
        if seen % 1000 == 0: xs.pop(0)
    return seen, len(xs)
print(mutate(N))
def shrinking(n):
    xs = list(range(n)); c = 0
    for x in xs: xs.pop(); c += 1
    return c, len(xs)
print(shrinking(N))
def dicts(n):
    d = {i: i for i in range(50)}
    s = 0
    for _ in range(n // 50):
        for k, v in d.items(): s += k * v
        for k in d: s -= k
    try:
        for k in d: d[k + 100] = 1
    except RuntimeError as e: return s, str(e)
print(dicts(N))
async def co(n):
    s = 0
    for i in range(n): s += await val(i)
    return s
async def val(i): return i
def run(c):
    try: c.send(None)
    except StopIteration as e: return e.value
print(run(co(N)))
async def agen(n):
    for i in range(n): yield i
async def asum(n):
    s = 0
    async for x in agen(n):
        s += x
        if x == n - 5: break
    return s + sum([x async for x in agen(100)])
print(run(asum(N)))
def unpack(n):
    a = b = 0
    for i in range(n):
        a, b = b, i
        (c, *d), e = [a, b, i], i
        a, b = d
    return a, b, c, e
print(unpack(N))
def zipped(n):
    s = 0
    for i, (a, b) in enumerate(zip(range(n), reversed(range(n)))): s += i * a - b
    return s
print(zipped(N))
