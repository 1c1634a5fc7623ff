# Generators with several yields that a loop walks into: what is read behind one yield is not what
# is read behind another.


def around(x, y, n):
    if x > 0:
        yield x - 1, y
    if y > 0:
        yield x, y - 1
    if x < n - 1:
        yield x + 1, y
    if y < n - 1:
        yield x, y + 1


def grid(n):
    c = 0
    for x in range(n):
        for y in range(n):
            for a, b in around(x, y, n):
                c = c * 3 % 1000003 + (a ^ b)
    return c


def parts(xs):
    yield -1
    for x in xs:
        yield x
    for x in range(3):
        y = x * 0.5
        yield y
    yield None
    z = len(xs)
    while z:
        z -= 1
        yield str(z)


def all_parts(xs):
    out = []
    for p in parts(xs):
        out.append(p)
    return out


def either(xs):
    total = 0.0
    count = 0
    for x in xs:
        if x & 1:
            count += 1
            yield count
        else:
            total += x / 2
            yield total
    yield total, count


def eithers(xs):
    s = 0
    for v in either(xs):
        if type(v) is tuple:
            return s, v
        s += v
    return None


def groups(xs, n):
    group = []
    for x in xs:
        group.append(x)
        if len(group) == n:
            yield group
            group = []
    if group:
        yield group


def grouped(xs, n):
    s = []
    for g in groups(xs, n):
        s.append(sum(g))
    return s


def unbound(xs):
    for x in xs:
        if x == 0:
            last = "zero"
        yield x
    yield last


def uses_unbound(xs):
    out = []
    try:
        for v in unbound(xs):
            out.append(v)
    except UnboundLocalError as e:
        out.append(str(e))
    return out


class Pair:
    def __init__(self, a, b):
        self.a = a
        self.b = b

    def __iter__(self):
        yield self.a
        yield self.b


def pair_sum(p):
    s = 0
    for x in p:
        s = s * 10 + x
    return s


def vectors(n):
    v = Pair(0, 1)
    for i in range(n):
        yield v
        v = Pair(v.b, v.a + v.b)
        yield v.a


def uses_vectors(n):
    s = 0
    for v in vectors(n):
        if isinstance(v, Pair):
            s += v.a * 2 + v.b
        else:
            s -= v
    return s


def iterators(xs, ys):
    it = iter(ys)
    for x in xs:
        yield x
        for y in it:
            yield y
            if y % 3 == 0:
                break
    for y in it:
        yield -y


def uses_iterators(xs, ys):
    out = []
    for v in iterators(xs, ys):
        if v == 100:
            break
        out.append(v)
    return out


def raises_between(n):
    yield 1
    yield 10 // n
    yield 3


def caught(n):
    out = []
    try:
        for v in raises_between(n):
            out.append(v)
    except ZeroDivisionError as e:
        out.append(e.__traceback__.tb_next.tb_lineno - raises_between.__code__.co_firstlineno)
    else:
        out.append("else")
    return out


def inner(n):
    yield n
    yield n + 1


def outer(n):
    for i in range(n):
        for j in inner(i):
            yield j
        yield "-"


def nested(n):
    out = ""
    for x in outer(n):
        for y in inner(1):
            out += str(x) + str(y)
    return out


def sent_none(n):
    got = yield n
    yield got
    got = yield got
    yield got


def sent(n):
    return [x for x in sent_none(n)]


def shared(n):
    "What is yielded is read again behind one yield only."
    t = (0, 1)
    for i in range(n):
        t = (i, t[0])
        yield t
        yield i
        if i & 1:
            yield t


def uses_shared(n):
    out = []
    s = 0
    for v in shared(n):
        if isinstance(v, tuple):
            a, b = v
            s += a * 3 - b
        else:
            s += v
        if s % 5 == 0:
            out.append(v)
    return s, out


def main():
    for round in range(60):
        n = round % 4
        results = (
            grid(4), all_parts([1, 2]), all_parts([]), all_parts(("a", 2.5)), eithers([1, 2, 3, 4, 5]),
            grouped(range(7), 3), grouped([], 3), grouped([1, 2], 1), uses_unbound([1, 0, 2]),
            uses_unbound([1, 2]) if round > 30 else None, pair_sum(Pair(3, 4)), pair_sum(Pair(1, n)),
            uses_vectors(5), uses_iterators([1, 2], [1, 2, 3, 4, 5, 6, 7]),
            uses_iterators([1, 100, 2], [1, 2, 3]), caught(n), nested(2), sent(n),
            uses_shared(9),
        )
        if round in (0, 3, 40, 59):
            print(results)
    print(all_parts([1 << 70, 2.0, None]), eithers([2, 1 << 65, 3]))


main()
