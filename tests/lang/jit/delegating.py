# Compiled generators and coroutines that delegate: `yield from`, `await`, send, throw, close.
import sys


def lines(tb):
    r = []
    while tb:
        r.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    return r


class Tree:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def tree(items):
    if not items:
        return None
    k = len(items) // 2
    return Tree(tree(items[:k]), items[k], tree(items[k + 1:]))


def walks(n):
    t = tree(range(40))
    r = 0
    for _ in range(n):
        for x in t:
            r += x
    return r, list(t) == list(range(40))


def ends(n):
    total = 0
    for i in range(n):
        got = yield i
        total += got or 0
    return total


def outer(n):
    r = []
    for i in range(n):
        r.append((yield from ends(3)))
    return r


def sends(n):
    g = outer(n)
    v = next(g)
    out = []
    try:
        while True:
            v = g.send(v + 10)
            out.append(v)
    except StopIteration as e:
        return out[-4:], e.value[-3:]


def careful(log):
    try:
        yield from fussy(log)
    except ValueError as e:
        log.append(("outer", str(e), lines(e.__traceback__)))
        yield -1
    finally:
        log.append("finally")


def fussy(log):
    while True:
        try:
            yield 1
        except KeyError as e:
            log.append(("inner", type(sys.exception()).__name__))


def throws(n):
    for i in range(n):
        log = []
        g = careful(log)
        next(g)
        g.throw(KeyError("k"))
        next(g)
        r = g.throw(ValueError("v"))
        g.close()
        h = careful(log)
        next(h)
        next(h)
        h.close()
    return r, log


class Future:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        return got


async def leaf(i):
    if i % 3 == 0:
        return i
    if i % 3 == 1:
        return await Future(i)
    raise LookupError(i)


async def branch(i):
    try:
        return await leaf(i)
    except LookupError as e:
        return -1 if lines(e.__traceback__) == ["branch", "leaf"] else -2


async def root(n):
    r = 0
    for i in range(n):
        r += await branch(i)
    return r


def run(co):
    v, steps = None, 0
    try:
        while True:
            v = co.send(v)
            steps += 1
    except StopIteration as e:
        return e.value, steps


def over_lists(n):
    def g(items):
        yield from items
        return (yield from reversed(items))
    r = []
    for i in range(n):
        r = list(g([1, 2, i]))
    return r


def deep(n):
    def g(k):
        if k:
            yield from g(k - 1)
        else:
            yield sys._getframe().f_back.f_back.f_code.co_name
    r = set()
    for _ in range(n):
        for x in g(30):
            r.add(x)
    return r


def endless(k):
    yield from endless(k + 1)


class Managed:
    async def __aenter__(self):
        return await Future(1)

    async def __aexit__(self, *exc):
        await Future(2)
        return exc[0] is KeyError


async def with_(n):
    r = 0
    for i in range(n):
        async with Managed() as m:
            r += m
            if i % 2:
                raise KeyError(i)
    return r


async def agen(n):
    for i in range(n):
        yield await Future(i)


async def over_agen(n):
    r = 0
    async for x in agen(n):
        r += x
    return r, [x async for x in agen(5)]


def main():
    print(walks(40))
    print(sends(200))
    print(throws(200))
    print(run(root(300)), [run(root(3)) for _ in range(100)][-1])
    print(over_lists(200))
    print(deep(100))
    print(run(with_(300)), run(over_agen(300)))
    for _ in range(3):
        try:
            next(endless(0))
        except RecursionError as e:
            print(type(e).__name__)


main()
