# Variables that nobody reads again, and objects that stay inside, are looked at from outside: by callees,
# through tracebacks, through generators; and are set from outside.
import sys


class Vec:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return f"Vec({self.x}, {self.y})"

    def plus(self, other):
        sum_x = self.x + other.x
        r = Vec(sum_x, self.y + other.y)
        look("plus")
        return r


seen = {}
wanted = False


def look(who, depth=1):
    if wanted:
        f = sys._getframe(depth)
        seen[who] = sorted((k, repr(v)) for k, v in f.f_locals.items())


def filled(text):
    return text.format(**sys._getframe(1).f_locals)


def merged(n):
    name = "bob"
    total = 0
    for i in range(n):
        total += i
        last = [i]
        half = i / 2
        pair = i, n
    if n % 2:
        kind = "odd"
    else:
        kind = "even"
    where = Vec(n, total)
    point = (n, 2)
    both = {"a": n}
    look("merged")
    return filled("{name} {total} {kind} {i} {last} {half} {pair} {where} {point} {both}")


def sides(n):
    if n % 2:
        left = Vec(n, 1)
        deep = n * 0.5
    else:
        right = (n, n + 1)
    look("sides")
    return n


def vectors(n):
    s = Vec(0, 0)
    for i in range(n):
        p = Vec(i, 1)
        q = Vec(1, i)
        s = s.plus(p)
        t = p.x + q.y
    look("vectors")
    return s.x


def outer(n):
    a = n + 1
    b = [a]
    del a
    return middle(b, n)


def middle(b, n):
    c = (b, n)
    d = c[0][0] * 2
    return inner(d) + 1


def inner(d):
    e = {"d": d}
    look("outer", 3)
    look("middle", 2)
    look("inner")
    return d


def numbers(n):
    x = 0.5
    for i in range(n):
        dx = x * i
        d2 = dx * dx
        x = x + d2 / (d2 + 1.0)
        if i == n - 1:
            look("numbers")
    return x


def closes(n):
    count = n
    def step():
        nonlocal count
        count += 1
        look("step")
        return count
    step()
    kept = Vec(n, count)
    del step
    look("closes")
    return count


def items(n):
    i = 0
    while i < n:
        square = i * i
        name = (i, square)
        yield i
        i += 1
        even = i % 2 == 0


def walks(n):
    s = 0
    for x in items(n):
        s += x
        look("walks")
    g = items(n)
    for x in g:
        s += x
        if x == 2:
            break
    return s, sorted(g.gi_frame.f_locals.items()) if wanted else None


def fails(n):
    for i in range(n):
        twice = i * 2
        v = Vec(i, twice)
    if n > 3:
        big = "yes"
    else:
        big = "no"
    return 1 // (n - stop)


def caught(n):
    try:
        return fails(n)
    except ZeroDivisionError as e:
        t = e.__traceback__
        found = []
        while t:
            f = t.tb_frame
            found.append((f.f_code.co_name, sorted((k, repr(v)) for k, v in f.f_locals.items() if k not in "etf found")))
            t = t.tb_next
        return found


def poke(v, name="x"):
    if v == flip:
        sys._getframe(1).f_locals[name] = "poked"


def set_outside(n):
    x = n
    poke(n)
    return x


def set_in_loop(n):
    x = 0
    for i in range(n):
        x += 1
        poke(i)
        if x == "poked":
            return i, x
    return x


def set_inlined(n):
    return set_outside(n), n


def set_unread(n):
    y = n
    v = Vec(n, 2)
    poke(n, "v")
    poke(n, "y")
    return filled("{y} {v}")


def all_of_it(n):
    return (merged(n), sides(n), vectors(n), outer(n), numbers(n), closes(n), walks(n), caught(n),
            set_outside(n), set_in_loop(n), set_inlined(n), set_unread(n))


flip = -1
stop = -1
for round in range(60):
    all_of_it(round % 7 + 1)
for round in range(3):
    wanted = True
    stop = 5
    for n in 5, 4:
        for r in all_of_it(n):
            print(r)
        for who in sorted(seen):
            print(who, seen[who])
        seen.clear()
    wanted = False
    flip = 3
    print(set_outside(3), set_outside(4), set_in_loop(9), set_in_loop(2), set_inlined(3), set_inlined(4), set_unread(3), set_unread(4))
    flip = -1
    for again in range(20):
        all_of_it(again % 7 + 6)

# By other names than theirs.
everything = locals, vars
evaluate = eval


def by_other_names(n):
    for i in range(n % 7 + 1):
        last = [i]
    if n % 2:
        kind = "odd"
    else:
        kind = "even"
    p = Vec(n, 1)
    r = everything[n & 1]()
    return "{n} {i} {last} {kind} {p}".format(**r), evaluate("n, i, last, kind, p")


def calls_it(n):
    q = Vec(n, 3)
    return by_other_names(n), q.x


for n in range(60):
    r = calls_it(n)
print(r, calls_it(3))
