# A division whose operands do not change in a loop, and that is not reached in every round, is not
# done in front of the loop: the divisor may be zero.
def divide(k, n):
    r = 0
    for i in range(n):
        if i > 5:
            r += 10 // k + 7 % k
    return r


def caught(k, n):
    r = 0
    for i in range(n):
        try:
            r += 100 // k
        except ZeroDivisionError:
            r -= 1
    return r


def floats(k, n):
    r = 0.0
    for i in range(n):
        if i > 5:
            r += 10.0 / k + 7.5 % k
    return r


def between(n):
    yield 1
    yield 10 // n
    yield 3


def total(n):
    s = 0
    try:
        for v in between(n):
            s += v
    except ZeroDivisionError:
        s += 1000
    return s


for j in range(300):
    divide(2, 9), caught(3, 9), floats(2.0, 9), total(j % 3 + 1)
print(divide(0, 3), divide(0, 5), divide(3, 8), caught(0, 4), caught(7, 3), floats(0.0, 4))
print([total(n) for n in (0, 1, 2, 0)])
for f, args in ((divide, (0, 8)), (floats, (0.0, 8))):
    try:
        print(f(*args))
    except ZeroDivisionError as e:
        print(e)
