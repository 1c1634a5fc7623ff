# Exits at instructions that few programs leave at: the first of a function, behind calls, untaken ones.
ONE = 1

def plus(x):
    y = x + 1
    return y + ONE

print(sum(map(plus, range(100))))

def maybe(c):
    if c:
        y = c
    repr(c)
    return y

for i in range(1, 50):
    maybe(i)
try:
    maybe(0)
except UnboundLocalError as e:
    print(e)

def importing(x):
    from math import sqrt
    return sqrt(x)

print(sum(importing(i * i) for i in range(50)))

def check(x, y):
    assert x == y, "differ"

n = 0
for i in range(50):
    try:
        check([i], [i, i])
    except AssertionError as e:
        n += len(str(e))
print(n)

class Noted:
    a: int

class Number(int):
    pass

n = 0
for i in range(50):
    try:
        Noted.__annotate__(Number(3))
    except NotImplementedError:
        n += 1
print(n, Noted.__annotate__(Number(1)))

class Holder:
    def __init__(self, f):
        self.f = f

def held(h, v):
    return h.f(v)

print(sum(held(Holder(len), "x" * i) for i in range(50)))

def halve(c, x):
    if c:
        h = x // 2
        return h
    return x

print(sum(halve(False, i) for i in range(50)), sum(halve(True, i) for i in range(50)))

def spread(c, g, *args):
    if c:
        return g(*args)
    return 0

def spreading(c, g, i):
    return spread(c, g, i, 7)

for c in False, True:
    print(sum(map(spreading, [c] * 50, [max, min] * 25, range(50))))

def named(c, g, kwargs):
    if c:
        return g(**kwargs)
    return 0

print(sum(named(False, dict, {}) for i in range(50)), named(True, dict, {"a": 1}), named(True, dict, {"b": 1}))
