# Generators that delegate to one another go on in compiled code behind their `yield from`.
import sys


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
    n = len(items)
    if n == 0:
        return None
    i = n // 2
    return Tree(tree(items[:i]), items[i], tree(items[i + 1:]))


def total(t):
    n = 0
    for x in t:
        n = n * 3 % 1000003 + x
    return n


t = tree(range(300))
print([total(t) for _ in range(30)][-1], list(t) == list(range(300)))


# What the inner one returns is the outer one's value, and it is used.
def leaf(n):
    yield n
    return n * 2


def middle(n):
    a = yield from leaf(n)
    b = yield from leaf(a)
    return a + b


def outer(n):
    s = 0
    for i in range(n):
        s += yield from middle(i)
    return s


def run(g):
    seen = []
    while True:
        try:
            seen.append(next(g))
        except StopIteration as e:
            return seen[-3:], len(seen), e.value


print([run(outer(60)) for _ in range(20)][-1])


# Raised in the innermost, on the way in and behind a yield; caught on the way.
def raising(n, at):
    for i in range(n):
        if i == at:
            raise ValueError(i)
        yield i


def passing(n, at):
    x = yield from raising(n, at)
    return x


def catching(n, at):
    try:
        yield from passing(n, at)
    except ValueError as e:
        yield ("caught", e.args, e.__traceback__.tb_next.tb_frame.f_code.co_name)
    yield "end"


for k in range(40):
    seen = list(catching(4, k % 6))
print(seen)


# Sent and thrown into, closed.
def echo():
    got = None
    while True:
        try:
            got = yield got
        except KeyError as e:
            got = ("key", e.args)
        if got == "stop":
            return "stopped"


def relay():
    r = yield from echo()
    yield r


def talk():
    g = relay()
    out = [g.send(None), g.send(1), g.throw(KeyError(2)), g.send(3), g.send("stop")]
    g.close()
    return out


print([talk() for _ in range(30)][-1])


# Who looks at the stack finds all of them.
def looking(depth):
    if depth == 0:
        f = sys._getframe()
        names = []
        while f and len(names) < 6:
            names.append((f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno))
            f = f.f_back
        yield names
        yield None
    else:
        yield from looking(depth - 1)


def consume():
    seen = []
    for x in looking(4):
        seen.append(x)
    return seen


print([consume() for _ in range(30)][-1])


# Other iterables than generators, and none at all.
def mixed():
    yield from [1, 2]
    yield from "ab"
    yield from {3: 4}
    x = yield from ()
    yield x


print([list(mixed()) for _ in range(30)][-1])


def wrong():
    yield 1
    yield from 5


for _ in range(30):
    try:
        list(wrong())
    except TypeError as e:
        message = str(e)
print(message)


# Deep.
def down(n):
    if n:
        yield from down(n - 1)
    yield n


print([sum(down(300)) for _ in range(10)][-1])
try:
    sum(down(100000))
except RecursionError as e:
    print("RecursionError")
