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

def evens(xs):
    for x in xs:
        if x % 2 == 0:
            yield x

def changing(xs):
    s = 0
    for x in evens(xs):
        s = s + x
    return s

kinds = [2, 4, 5], [2.0, 4.0, 5.0], [2, 4.0], [True, False, 2], [1 << 70, 3]
print([changing(kinds[i % 5]) for i in range(200)][-5:])

def lowered(xs):
    t = 0
    for x in xs:
        t = t + x * 2 - 1
        if x < t: t -= 0.5
        if x >= 3: t = t / 2
    return t

numbers = [1, 2.5, 3, 4.0, -7, 5, 0.1]
print(sum(lowered(numbers[i % 7:] + numbers) for i in range(200)))

def masked(n, x):
    for i in range(n):
        x = x + 1 if i % 3 else x - 2
        x &= (1 << 62) - 1
        x |= i
    return x

print(sum(masked(20, (1 << 61) - 10 + i % 5) for i in range(300)) % 1000003)

def counted(n):
    i = 0
    while i < n:
        yield i
        i += 1

def counted_sum(n):
    s = 0
    for x in counted(n):
        s += x
    return s

def several():
    return (counted_sum(20), sum([1, 2, 3, 4]), counted_sum(5), changing(range(20)), counted_sum(30))

for i in range(200):
    r = several()
print(r)
