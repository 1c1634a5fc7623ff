# Long chains of `yield from` and `await`: what is seen from inside, from outside, and what
# happens when somebody takes hold of a generator in the middle.
import inspect
import sys
import traceback
import types


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
    i = len(items) // 2
    return Tree(tree(items[:i]), items[i], tree(items[i + 1:]))


t = tree(range(2000))
for _ in range(3):
    assert list(t) == list(range(2000))
print(sum(t), max(t), sum(1 for _ in t))


def leaf(n, log=None):
    total = 0
    for i in range(n):
        got = yield i
        if got:
            total += got
            if log is not None:
                log.append(got)
    return total


def chain(depth, make):
    """A generator that delegates through `depth` others; the list of all, outermost first."""
    made = []

    def level(inner):
        result = yield from inner
        return (result,) if depth < 6 else result

    g = make()
    made.append(g)
    for _ in range(depth):
        g = level(g)
        made.append(g)
    return g, made[::-1]


# Values sent in, and the one returned.
log = []
g, made = chain(5, lambda: leaf(10, log))
print(next(g), [g.send(x) for x in range(1, 9)])
try:
    g.send(100)
except StopIteration as e:
    print(e.value)
print(log)

# States, from outside.
g, made = chain(5, lambda: leaf(10))
print([inspect.getgeneratorstate(x) for x in made])
for _ in range(3):
    next(g)
print([inspect.getgeneratorstate(x) for x in made])
print([x.gi_yieldfrom is y for x, y in zip(made, made[1:])], made[-1].gi_yieldfrom)
print([x.gi_running for x in made], [x.gi_suspended for x in made])


# ... and from inside.
def spy(n):
    for i in range(n):
        if i > 2:
            print([x.gi_running for x in made], [x.gi_suspended for x in made])
            print([x.gi_yieldfrom for x in made])
            for x in made:
                for act in (next, lambda x: x.send(None), lambda x: x.throw(KeyError), lambda x: x.close()):
                    try:
                        act(x)
                    except ValueError as e:
                        assert str(e) == "generator already executing", e
                    else:
                        print("no error")
        yield i


g, made = chain(5, lambda: spy(5))
print(list(g))


# The stack, seen from the innermost one.
def names():
    f, found = sys._getframe(1), []
    while f is not None:
        found.append(f"{f.f_code.co_name}:{f.f_lineno - f.f_code.co_firstlineno}")
        f = f.f_back
    return found


def looking(n):
    for i in range(n):
        if i % 3 == 2:
            print(names())
            print([f.name for f in traceback.extract_stack()])
        yield i


def drain(g):
    return [x for x in g]


g, made = chain(4, lambda: looking(7))
print(drain(g))
g, made = chain(4, lambda: looking(7))
print(next(g), next(g), made[2].gi_frame.f_lineno - made[2].gi_code.co_firstlineno)
print(made[2].gi_frame.f_back)
print(drain(g))


# A member that is resumed by somebody else in between.
g, made = chain(6, lambda: leaf(12))
print([next(g) for _ in range(3)], [next(made[3]) for _ in range(2)], [next(g) for _ in range(2)])
print(next(made[-1]), next(g), next(made[1]), next(g), list(made[4]), list(g))

# A member that is thrown into or closed by somebody else.
g, made = chain(6, lambda: leaf(12))
print([next(g) for _ in range(3)])
try:
    made[3].throw(KeyError("in the middle"))
except KeyError as e:
    print(repr(e), [inspect.getgeneratorstate(x) for x in made])
print(next(g, "end"), [inspect.getgeneratorstate(x) for x in made])
g, made = chain(6, lambda: leaf(12))
print([next(g) for _ in range(3)])
made[2].close()
print([inspect.getgeneratorstate(x) for x in made], next(g, "end"))


# A member that leaves one delegate for another.
def switching(a, b):
    try:
        yield from a
    except KeyError:
        yield "switched"
    yield from b


inner_a, inner_b = leaf(10), leaf(3)
mid = switching(inner_a, inner_b)
outer, made = chain(4, lambda: mid)
print([next(outer) for _ in range(3)], mid.throw(KeyError), next(outer), next(outer))
other, _ = chain(4, lambda: inner_b)
print(next(other), next(outer, "end"), next(other, "end"))


# Exceptions from below, with their tracebacks.
def failing(n):
    for i in range(n):
        yield i
    raise LookupError(f"after {n}")


g, made = chain(5, lambda: failing(3))
try:
    for x in g:
        print(x, end=" ")
except LookupError as e:
    print([f"{f.name}:{f.lineno}" for f in traceback.extract_tb(e.__traceback__)])
print([inspect.getgeneratorstate(x) for x in made])


def catching(inner):
    while True:
        try:
            yield from inner
            return "done"
        except LookupError as e:
            yield f"caught {e}"
            inner = leaf(2)


g, made = chain(3, lambda: catching(chain(3, lambda: failing(3))[0]))
print(list(g))


# Delegating while an exception is handled: sys.exception() is the innermost frame's.
def handling(inner):
    try:
        raise OSError("outer")
    except OSError:
        yield from inner


def what():
    for _ in range(4):
        yield repr(sys.exception())


g, made = chain(3, lambda: handling(chain(3, what)[0]))
print(next(g), sys.exception())
try:
    1 / 0
except ZeroDivisionError:
    print(list(g), repr(sys.exception()))


# The outermost of a kept chain becomes a member of a longer one.
g, made = chain(4, lambda: leaf(12))
print([next(g) for _ in range(4)])
h, more = chain(4, lambda: g)
print([next(h) for _ in range(3)], next(g), [next(h) for _ in range(2)], list(h), list(g))


# The delegate ends and the chain grows again, time after time.
def nest(n):
    yield n
    if n:
        yield from nest(n - 1)
        yield -n
        yield from nest(n - 1)


print(sum(nest(10)), list(nest(3)))


# No end: RecursionError, not a crash, and all are usable or closed afterwards.
def deeper(n):
    yield n
    yield from deeper(n + 1)


count = 0
try:
    for count in deeper(0):
        pass
except RecursionError as e:
    print(count > 100, type(e).__name__)


# finally blocks run in the order of the nesting, when the chain is closed or dropped.
def guarded(name, inner):
    try:
        yield from inner
    finally:
        print("leaves", name)


g = guarded("a", guarded("b", guarded("c", guarded("d", leaf(10)))))
print(next(g), next(g), next(g))
g.close()
g = guarded("a", guarded("b", guarded("c", guarded("d", leaf(2)))))
print(list(g))


# Coroutines.
@types.coroutine
def pause(x):
    return (yield x)


async def depth(n):
    if n == 0:
        total = 0
        for i in range(5):
            total += await pause(i)
        return total
    return 1 + await depth(n - 1)


c = depth(6)
print(c.send(None), [c.send(10) for _ in range(4)])
print(c.cr_running, c.cr_await is not None)
try:
    c.send(10)
except StopIteration as e:
    print(e.value)


async def numbers(n):
    for i in range(n):
        await pause(i)
        yield i


async def consume():
    return [x async for x in numbers(5)]


async def outer():
    return await consume()


async def outermost():
    return await outer()


c = outermost()
sent = []
try:
    while True:
        sent.append(c.send(None))
except StopIteration as e:
    print(sent, e.value)


# A tracer that comes and goes.
def traced(n):
    for i in range(n):
        if i == 2:
            sys.settrace(trace)
        if i == 4:
            sys.settrace(None)
        yield i


events = []


def trace(frame, event, arg):
    events.append((frame.f_code.co_name, event))
    return trace


g, made = chain(3, lambda: traced(6))
print([x for x in g])
sys.settrace(None)
print(events)
