# Lists of subclasses: append, len and iteration in compiled code, and classes that override them.
N = 3000


class Plain(list):
    pass


class Counting(list):
    def append(self, v):
        super().append(v)
        self.count_ = getattr(self, "count_", 0) + 1


class Long(list):
    def __len__(self):
        return 1000


class Backwards(list):
    def __iter__(self):
        return reversed(self[:])


class Generated(list):
    def __iter__(self):
        for i in range(len(self)):
            yield self[i] * 2


def fill(l, n):
    for i in range(n):
        l.append(i)
    return len(l)


def add(l):
    s = 0
    for i, x in enumerate(l):
        s += x * (i + 1)
    for x in l:
        s += x
    return s


for kind in (list, Plain, Counting, Long, Backwards, Generated):
    l = kind()
    print(kind.__name__, fill(l, N), add(l), getattr(l, "count_", None), list.__len__(l))


# An override that comes later.
l = Plain()
print(fill(l, N), add(l))
Plain.__len__ = lambda self: -5 + list.__len__(self)
print(fill(l, 10), add(l))
Plain.__iter__ = lambda self: iter([1, 2, 3])
print(fill(l, 10), add(l))
Plain.append = lambda self, v: None
print(fill(l, 10), add(l))


# While it is iterated over.
class Later(list):
    pass


def changing(l, n):
    seen = 0
    for x in l:
        seen += 1
        if seen == n:
            Later.__iter__ = lambda self: iter(())
        if seen < 2 * n:
            l.append(x)
    for x in l:
        seen += 1000000
    return seen, len(l)


print(changing(Later([1]), N))


class D(dict):
    def __missing__(self, k):
        return "missing"


def gets(d, n):
    out = 0
    for i in range(n):
        out += d.get(i % 7, -1)
        if d.get(i) is None:
            out += 1
    return out


print(gets({1: 5, 2: 6}, N), gets(D({1: 5, 2: 6}), N))
try:
    gets({}, 1), {}.get([])
except TypeError as e:
    print(e)


def unhashable(n):
    d, bad = {}, []
    for i in range(n):
        try:
            d.get(i if i < n - 1 else bad)
        except TypeError as e:
            return str(e), e.__traceback__.tb_lineno - unhashable.__code__.co_firstlineno


print(unhashable(N))
