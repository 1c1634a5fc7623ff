# Methods of builtin types that were bound before a loop: compiled as methods of the receiver.


def collect(n):
    out = []
    add = out.append
    for i in range(n):
        add(i)
    return out


def rotate(n, times):
    items = list(range(n))
    insert, pop = items.insert, items.pop
    for i in range(times):
        insert(i % n, pop(0))
    return items


def other_methods(n):
    d, s, text = {}, set(), []
    put, add, say, join = d.setdefault, s.add, text.append, ",".join
    for i in range(n):
        put(i % 7, []).append(i)
        add(i % 5)
        say(str(i % 3))
    return len(d), sorted(s), join(text)[:20], sum(map(len, d.values()))


def changing(n):
    a, b, d = [], [], {}
    ways = [a.append, b.append, d.get, a.count, abs, str.upper, len]
    out = []
    for i in range(n):
        f = ways[0 if i < n // 2 else i % 7]
        try:
            out.append(f(i))
        except TypeError as e:
            out.append(str(e))
    return len(a), len(b), out[-7:]


class Mine(list):
    def append(self, x):
        super().append((x, len(self)))


def subclass(n):
    m = Mine()
    add = m.append
    plain = list.append.__get__(m)
    for i in range(n):
        add(i)
        plain(i)
    return m[-4:], len(m)


def keywords(n):
    words = ["b", "a"]
    sort = words.sort
    for i in range(n):
        sort(reverse=i % 2 == 0)
    return words


def raising(n):
    items = [1] * n
    pop = items.pop
    got = 0
    while True:
        try:
            got += pop()
        except IndexError as e:
            return got, str(e)


for n in (3, 500, 3000):
    print(len(collect(n)), sum(collect(n)), rotate(5, n), other_methods(n))
    print(changing(n), subclass(n), keywords(n), raising(n))


# Types that have a method's row in common.
def common(n):
    a, b = {1, 2}, frozenset({1, 3})
    out = 0
    for x in [a] * n + [b] * n + [a, b] * 20:
        f = x.union
        out += len(f({7}))
    return out


def of(f, n):
    return sum(len(f({i})) for i in range(n))


print(common(300), of({1}.union, 300), of(frozenset({1, 2}).union, 300), of({3}.union, 5))
