# Ints and floats in any order, at their edges.
def f(xs):
    t = 0
    for x in xs:
        t = t + x * 2 - 1
        if x < t: t -= 0.5
        if x >= 3: t = t / 2
        if t > 1 << 55: t = 1
    return t
data = [1, 2.5, 3, 4.0, -7, 1e300, 5, 2**53 + 1, 0.1] * 2000
print(f(data))
def g(n):
    a = 0; c = 0
    for i in range(n):
        a = a + (i if i % 3 else i * 0.5)
        if a == i: c += 1
        if a < 2**60: c += 2
        if float(i) == i: c += 1
        a = a - 1
    return a, c
print(g(20000))
def h(n):
    big = 2**53
    k = 0
    for i in range(n):
        x = big + (i & 3)
        y = float(big) if i & 1 else big + 1
        k += (x == y) + 2 * (x < y) + 4 * (x > y) + 8 * (x != y)
    return k
print(h(20000))
def ov(n):
    x = 1.5
    for i in range(n):
        if i % 2: x = 2**61 - 5
        x = x + 3
        if x > 2**61: x = 0.5
        x = x * 3
    return x
print(ov(20000))
