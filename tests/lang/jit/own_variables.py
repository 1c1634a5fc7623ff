# Hot functions that look at their own variables: locals(), vars(), dir(), eval(), exec(), frames.
import sys


def text(n):
    out = []
    for i in range(n):
        pair = (i, i * 2)
        half = i / 2
        if i % 3 == 0:
            extra = "x" * (i % 4)
        line = "{i} {pair} {half} {extra}".format(**locals())
        if i > n - 3:
            out.append(line)
    return out


def names(n):
    for i in range(n):
        a = i
        if i % 2:
            b = a + 1
        else:
            b = None
            del b
        seen = sorted(vars())
        also = dir()
    return seen, also == sorted(set(seen) | {"seen"}), sorted(locals())


def evaluated(n):
    total = 0
    for i in range(n):
        k = i * 3
        total += eval("k + i")
        total += eval("k", {"k": 1})
        exec("total = -1; k = 5")
        total += k
    return total, i, k


def stored(n):
    ns = {}
    for i in range(n):
        exec("value = value + step if 'value' in dir() else 0", {"step": i}, ns)
    return ns["value"]


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def objects(n):
    s = 0
    for i in range(n):
        p = Point(i, i + 1)
        q = p.x, p.y
        where = locals()
        s += where["p"].x + where["q"][1]
        p.x = 7
        s += where["p"].x
    return s, where["p"] is p


def closures(n):
    count = 0

    def step():
        nonlocal count
        count += 1
        return locals()
    for i in range(n):
        seen = step()
        mine = locals()["count"]
    return seen, mine, count


def frames(n):
    s = 0
    for i in range(n):
        f = sys._getframe()
        v = f.f_locals
        s += v["i"] + f.f_lineno - f.f_code.co_firstlineno
        if i == n - 2:
            v["s"] = 1000
    return s


def by_other_names(n, look=locals, ev=eval):
    for i in range(n):
        square = i * i
        a = look()
        b = ev("square + i")
    return a["square"], sorted(a), b


def generated(n):
    for i in range(n):
        before = sorted(locals())
        yield i, before


def caught(n):
    r = []
    for i in range(n):
        try:
            eval("i // (n - 1 - i)")
        except ZeroDivisionError as e:
            r.append((str(e), sorted(locals())))
            try:
                eval("nothing")
            except NameError as e:
                r.append(str(e))
    return r


def types_change(n, x):
    for i in range(n):
        x = x + x if i % 50 == 0 else x
        y = eval("x")
        if i == n // 2:
            x = str(x)[:5]
    return y, locals()["x"]


def hot(f, *args):
    for _ in range(30):
        r = f(*args)
    return r


for f in (text, names, evaluated, stored, objects, closures, frames, by_other_names, caught):
    print(f.__name__, hot(f, 30))
print(hot(lambda: list(generated(20))[-1]))
for x in (1, 2.5, "ab", [1]):
    print(types_change(200, x))
print(frames(5000), text(5000), objects(5000), closures(5000), evaluated(3000))


# Cells that are not read again are variables, too.
def inner_cells(n):
    for i in range(n):
        def inner(v):
            if i == n - 1:
                f = sys._getframe()
                return sorted(f.f_locals), f.f_locals["v"], f.f_locals["n"], f.f_locals["i"]
            return v
        s = inner(i)
        if i == n - 1:
            late = i * n
            return s, sorted(locals()), (lambda: late)()


def generated_cells(n):
    for i in range(n):
        used = i + n
        get = lambda: used + n
        if i % 2:
            get = None
        yield sorted(locals()), locals()["used"]


print(hot(inner_cells, 12))
print(hot(lambda: list(generated_cells(9))[-1]))
