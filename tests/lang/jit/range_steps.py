# Ranges with a step that is not known: not made where it is greater than zero, right everywhere.
def total(start, stop, step):
    n = r = 0
    for i in range(start, stop, step):
        r += i
        n += 1
    return n, r


for _ in range(100):
    r = total(3, 100, 7)
print(r)
for start, stop, step in [
    (0, 10, 3), (0, 9, 3), (0, 0, 1), (10, 0, 5), (-7, 8, 5), (5, -6, -2), (0, 1, 1 << 31),
    (0, 1, 1 << 33), (0, 1 << 40, 1 << 38), (0, 1 << 40, 1 << 32), (True, 10, True),
    (-(1 << 59), 1 << 59, (1 << 57) + 1), ((1 << 60) - 5, 1 << 60, 2), (0, 1 << 70, 1 << 69),
    (1, 5, 1 << 70),
]:
    try:
        print(start, stop, step, total(start, stop, step))
    except TypeError as e:
        print(e)
for step in 0, 1.5, "a", None:
    try:
        print(total(0, 10, step))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)


def sieve(n):
    composite = bytearray(n + 1)
    i = 2
    while i * i <= n:
        if not composite[i]:
            for j in range(i * i, n + 1, i):
                composite[j] = 1
        i += 1
    return [i for i in range(2, n + 1) if not composite[i]]


for _ in range(30):
    primes = sieve(1000)
print(len(primes), primes[-5:])


# Often zero, often less: the general way.
def count(steps):
    n = 0
    for step in steps:
        try:
            for i in range(0, 12, step):
                n += i
        except ValueError:
            n += 1000
        for i in range(12, 0, -step or 1):
            n -= i
    return n


print([count([0, 1, -1, 2, 0, -3, 5] * 20) for _ in range(40)][-1])


# The step changes in the loop; the range does not.
def changing(n):
    step = 1
    seen = []
    for i in range(0, n, step):
        step += 1
        for j in range(i, n, step):
            seen.append(j)
    return len(seen), sum(seen), step


print([changing(40) for _ in range(40)][-1])


# Never entered, and the step is zero in front of the loop that is not run.
def guarded(xs, step):
    n = 0
    for x in xs:
        if x:
            for i in range(0, 10, step):
                n += i
        else:
            n += 1
    return n


for _ in range(100):
    guarded([1, 0, 1], 3)
print(guarded([0, 0, 0], 0), guarded([1, 0], 4))
