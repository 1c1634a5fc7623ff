# Attributes that are removed: order, shadowing, __dict__, collisions with slots and many ways.
import random
class A:
    def __init__(s): s.a, s.b, s.c, s.d = 1, 2, 3, 4
    e = "class"
def read(o): return [getattr(o, n, None) for n in "abcdef"]
o = A(); del o.b; print(vars(A()), read(o)); o.b = 9; print(o.__dict__, read(o))
for n in "abcd":
    o = A(); delattr(o, n)
    try: delattr(o, n)
    except AttributeError as e: print(e)
    setattr(o, "e", 5); del o.e; print(o.e, read(o), list(vars(o)))
class S(A): __slots__ = ("x", "y")
o = S(); o.x = 1; o.y = 2; del o.a; del o.x; print(read(o), o.y, hasattr(o, "x"), vars(o)); o.x = 3; print(o.x, o.y)
class Many: pass
r = random.Random(5); objects = [(Many(), {}) for i in range(6)]; names = ["n%d" % i for i in range(30)]
for step in range(6000):
    o, d = r.choice(objects); n = r.choice(names[: 4 + step // 300])
    if r.random() < .5: setattr(o, n, step); d[n] = step
    elif n in d: delattr(o, n); del d[n]
    if step % 7 == 0: assert [getattr(o, m, None) for m in names] == [d.get(m) for m in names], step
    if step % 1000 == 0: print(step, len(d)); assert list(vars(r.choice(objects)[0])) is not None
for o, d in objects: print(list(vars(o).items()) == list(d.items()), len(d))
def loop(n):
    s = 0
    for i in range(n):
        o = A(); del o.a, o.c; s += o.b + o.d; o.a = i; s += o.a
        if i % 3: del o.b; s += o.d - o.a
    return s
print(loop(3000))
