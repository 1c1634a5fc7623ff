# `is` between numbers, as far as CPython promises something, too: the same object, small ints, bools.
one = 1
half = 0.5
big = 1 << 70
yes = True


def nothing():
    pass


def local_and_global():
    x = 1
    nothing()
    return x is one, one is x, x is not one, x is half, half is x, x is yes, x is not yes


def computed(a):
    x = a + 0
    return x is one, x is not one, x is a, one is x


def the_same(x):
    y = x
    nothing()
    z = y
    return z is x, x is not z


def in_loop(n):
    last = None
    same = 0
    for i in range(n):
        if last is i:
            same += 1
        last = i
        if last is i:
            same += 100
        if i is one:
            same += 10000
        if i is not None and i is not yes:
            same += 1000000
    return same


def bools(a, b):
    t = a < b
    return t is True, t is False, t is yes, t is not yes, t is one


def objects(x):
    l = [x]
    t = (x, x)
    return l is l, l is t, t[0] is x, t[0] is t[1], [x] is l, l[0] is t[1]


for i in range(60):
    r = (local_and_global(), computed(1), computed(2), in_loop(5), bools(1, 2), bools(2, 1), objects(nothing),
         [the_same(x) for x in (1, 0.5, 1e300, float("nan"), big, None, True, "s", nothing, -0.0)])
print(*r, sep="\n")
