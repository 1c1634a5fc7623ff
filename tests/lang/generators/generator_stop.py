def a(): yield 1; raise StopIteration("x")
def b(): yield next(iter([]))
for f in (a, b):
    try: print(list(f()))
    except RuntimeError as e: print(e, repr(e.__cause__))
def c():
    try: yield 1
    finally: print("cleanup c")
for _ in c(): break
import gc; gc.collect()
def d():
    for i in range(3):
        try: yield i
        except GeneratorExit: print("exit at", i); raise
x = d(); next(x); next(x); x.close()
def e():
    with open("/dev/null") as f: yield f
y = e(); f = next(y); print(f.closed); y.close(); print(f.closed)
def nested():
    def g2():
        yield from (i * 2 for i in range(3))
    yield from g2()
    yield sum(g2())
print(list(nested()))
def state():
    total = 0
    while True:
        v = yield total
        if v is None: return total
        total += v
s = state(); next(s); print([s.send(i) for i in range(5)])
try: s.send(None)
except StopIteration as z: print(z.value)
def swap():
    a = b = None
    while 1: a, b = (yield (a, b)), a
w = swap(); next(w); print(w.send(1), w.send(2), w.send(3))
def fib():
    a, b = 0, 1
    while 1: yield a; a, b = b, a + b
from itertools import islice; print(list(islice(fib(), 100, 103)))
def perm(l):
    if len(l) < 2: yield l
    else:
        for i in range(len(l)):
            for p in perm(l[:i] + l[i + 1:]): yield [l[i]] + p
print(sum(1 for _ in perm(list(range(6)))), next(perm([1, 2, 3])))
lots = [fib() for _ in range(500)]
for _ in range(5): tot = sum(next(g) for g in lots)
print(tot)
