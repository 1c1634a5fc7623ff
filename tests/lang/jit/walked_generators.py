# Generators that a loop walks into: what is seen of them when the loop or the generator is left in
# every way, and when the loop is left for the interpreter in the middle.
import sys


def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def evens(xs):
    for x in xs:
        if x % 2 == 0:
            yield x


def pairs(xs, ys):
    for x in xs:
        for y in ys:
            if x < y:
                yield x, y


def nothing():
    return
    yield


def total(n):
    s = 0
    for x in count(n):
        s += x
    return s


def total_pairs(xs):
    s = 0
    for a, b in pairs(xs, xs):
        s += a * b
    return s


def nested(n):
    out = 0
    for x in count(n):
        for y in evens(range(x)):
            for z in count(2):
                out += x * y + z
    return out


def broken(xs, limit):
    last = None
    for x in evens(xs):
        if x > limit:
            break
        if x == 4:
            continue
        last = x
    else:
        return ("whole", last)
    return ("broken", last)


def empty():
    x = "before"
    for x in nothing():
        pass
    return x


def returned_from(n):
    for x in count(n):
        if x * x > 50:
            return x
    return None


def changing(xs):
    "Types change in the generator and in the loop."
    s = 0
    for x in evens(xs):
        s = s + x
    return s


def raising(xs):
    for x in xs:
        yield 10 // x


def catches(xs):
    out = []
    try:
        for v in raising(xs):
            out.append(v)
    except ZeroDivisionError as e:
        tb = e.__traceback__
        lines = []
        while tb is not None:
            lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
            tb = tb.tb_next
        out.append((str(e), lines))
    return out


def stops(xs):
    for x in xs:
        if x == 3:
            raise StopIteration("early")
        yield x


def stopped(xs):
    out = []
    try:
        for v in stops(xs):
            out.append(v)
    except RuntimeError as e:
        out.append((str(e), repr(e.__cause__)))
    return out


def look(name):
    f = sys._getframe(1)
    names = []
    while f is not None and len(names) < 3:
        names.append(f.f_code.co_name)
        f = f.f_back
    return name, names


def looking(n):
    i = 0
    while i < n:
        if i == n - 1:
            seen.append(look("inside"))
        yield i
        i += 1


def looked(n):
    s = 0
    for x in looking(n):
        if x == n - 1:
            seen.append(look("outside"))
        s += x
    return s


class Bag:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        for x in self.items:
            yield x

    def positive(self, scale):
        for x in self.items:
            if x > 0:
                yield x * scale


class Other(Bag):
    def __iter__(self):
        for x in reversed(self.items):
            yield -x


def bag_sum(b):
    s = 0
    for x in b:
        s = s * 3 + x
    for y in b.positive(2):
        s += y
    return s


def closure(k):
    def inner(xs):
        for x in xs:
            yield x * k
    s = 0
    for v in inner([1, 2, 3]):
        s += v
    return s


def genexpr(xs):
    s = 0
    for v in (x * x for x in xs if x):
        s += v
    return s


def defaults(n, step=2, *rest, key=1):
    for i in range(0, n, step):
        yield i + key + len(rest)


def called_with():
    return [x for x in defaults(6)], sum_of(defaults), sum_of_key()


def sum_of(f):
    s = 0
    for x in f(9, 3, "a", "b"):
        s += x
    return s


def sum_of_key():
    s = 0
    for x in defaults(4, key=100):
        s += x
    return s


def sent(n):
    for i in range(n):
        got = yield i
        if got is not None:
            raise AssertionError(got)


def takes_sent(n):
    s = 0
    for i in sent(n):
        s += i
    return s


def float_steps(n):
    x = 0.5
    for _ in range(n):
        yield x
        x = x * 1.5 + 1


def float_sum(n):
    s = 0.0
    for v in float_steps(n):
        s += v
    return round(s, 6)


def handled(xs):
    for x in xs:
        try:
            y = 100 // x
        except ZeroDivisionError:
            y = -1
        yield y


def handled_sum(xs):
    s = 0
    for v in handled(xs):
        s += v
    return s


def cleaned(log, xs):
    try:
        for x in xs:
            yield x
    finally:
        log.append("closed")


def cleaning(xs):
    log = []
    for x in cleaned(log, xs):
        if x > 2:
            log.append(x)
    return log


def big(n):
    x = 1 << 58
    for _ in range(n):
        yield x
        x += x


def big_sum(n):
    s = 0
    for v in big(n):
        s += v
    return s


seen = []


def main():
    for round in range(40):
        results = (
            total(20), total_pairs([1, 2, 3, 4]), nested(5), broken(range(20), 9),
            broken([1, 3], 9), empty(), returned_from(30), catches([5, 2, 1]),
            catches([5, 2, 0, 1]), stopped([1, 2, 3, 4]), bag_sum(Bag([1, -2, 3])),
            bag_sum(Other([1, -2, 3])), closure(round % 3), genexpr([0, 1, 2]), called_with(),
            takes_sent(5), float_sum(6), handled_sum([1, 2, 0, 4]), cleaning([1, 2, 3, 4]),
            big_sum(8), looked(4),
        )
        if round in (0, 39):
            print(results)
    print(sorted(set(map(str, seen))))
    for xs in ([2, 4, 5], [2.0, 4.0, 5.0], [2, 4.0], [True, False, 2], [1 << 70, 3]):
        print(changing(xs), end=" ")
    print()
    before = count.__code__
    count.__code__ = evens.__code__
    try:
        print(total(range(10)))
    except TypeError as e:
        print(e)
    count.__code__ = before


for _ in range(4):
    main()
