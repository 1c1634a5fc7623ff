t = (1, 2, 3)
print(t, (), (1,), len(t), t[0], t[-1], t[1:], t + (4,), t * 2)
a, b, c = t
print(a, b, c)
a, b = b, a
print(a, b)
first, *rest = t
*init, last = t
x, *mid, y = range(6)
print(first, rest, init, last, x, mid, y)
print(t.index(2), t.count(3), 2 in t, (1, 2) < (1, 3), hash((1, 2)) == hash((1, 2)))
for f in [lambda: (1, 2)[2], lambda: t.index(9)]:
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
for n in (2, 4):
    try:
        if n == 2:
            a, b = t
        else:
            a, b, c, d = t
    except ValueError as e:
        print(e)
try:
    t[0] = 1
except TypeError as e:
    print(e)
try:
    a, *b, c = [1]
except ValueError as e:
    print(e)
try:
    a, b = 5
except TypeError as e:
    print(e)
print(tuple("abc"), tuple([1, 2]), tuple(), tuple(range(3)))
