"""`_asyncio`: futures, tasks, what awaits what."""
import _asyncio
import asyncio
import contextvars
import gc

Future, Task = _asyncio.Future, _asyncio.Task


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, e)


class Loop:
    """As much of an event loop as a future needs."""

    def __init__(self):
        self.ready = []

    def get_debug(self):
        return False

    def is_running(self):
        return False

    def call_soon(self, f, *args, context=None):
        self.ready.append((f, args, context))

    def call_exception_handler(self, context):
        print("complaint:", context["message"])


loop = Loop()
f = Future(loop=loop)
attempt(f.result)
attempt(f.exception)
print(f._state, f.done(), f.cancelled(), f._callbacks, f.get_loop() is loop)
f.add_done_callback(print)
f.add_done_callback(len, context=contextvars.copy_context())
f.add_done_callback(print)
print(f.remove_done_callback(print), [c[0] for c in f._callbacks])
f.set_result(3)
print([(c, a == (f,)) for c, a, _ in loop.ready], f.result(), f._result)
attempt(f.set_result, 4)
attempt(f.set_exception, ValueError())
print(f.cancel())
f = Future(loop=loop)
attempt(f.set_exception, 3)
attempt(f.set_exception, StopIteration)
print(repr(f.exception()))
u = Future.__new__(Future)
for name in "result exception cancel get_loop done cancelled".split():
    attempt(getattr(u, name))
attempt(iter, u)
attempt(repr, u)

print("-- iterator")
f = Future(loop=loop)
i = iter(f)
print(next(i) is f, f._asyncio_future_blocking)
attempt(next, i)
f.set_result((1, 2))
for it in (iter(f), f.__await__()):
    try:
        it.send(None)
    except StopIteration as e:
        print(e.value)
i = iter(Future(loop=loop))
i.send(None)
attempt(i.throw, ValueError("x"))
attempt(i.throw, 3)
attempt(i.close)

print("-- lost exceptions")


def lose():
    for n in range(20):
        f = Future(loop=loop)
        f.set_exception(KeyError("lost"))
    print(len(loop.ready))


class Complaints(Loop):
    def __init__(self):
        super().__init__()
        self.heard = []

    def call_exception_handler(self, context):
        self.heard.append((context["message"], repr(context["exception"])))


loop = complaints = Complaints()
lose()
gc.collect()
print(len(complaints.heard) >= 15, set(complaints.heard))
loop = Loop()


class Sub(Future):
    deleted = 0

    def __del__(self):
        Sub.deleted += 1


for n in range(20):
    Sub(loop=loop).set_result(None)
loop.ready.clear()
gc.collect()
print(Sub.deleted >= 15)

print("-- tasks")


async def nothing():
    return 1


attempt(Task, 1, loop=loop)
attempt(Task)
attempt(Task, nothing, 2)
coroutine = nothing()
t = Task(coroutine, loop=loop, name=5)
print(t.get_name(), t.get_coro() is coroutine, t._must_cancel, t._log_destroy_pending)
attempt(t.set_result, 1)
attempt(t.set_exception, 1)
step = loop.ready[-1][0]
print(type(step).__name__, step.__self__ is t)
attempt(step, 1)
_asyncio._set_running_loop(loop)
_asyncio._enter_task(loop, t)
print(_asyncio.current_task() is t, t in _asyncio.all_tasks())
print(_asyncio._swap_current_task(loop, None) is t, _asyncio._swap_current_task(loop, t))
_asyncio._leave_task(loop, t)
print(loop.ready[-1][0]() , t.done(), t.result(), _asyncio.all_tasks())
_asyncio._unregister_task(t)
_asyncio._set_running_loop(None)
attempt(_asyncio.get_running_loop)
attempt(_asyncio.current_task)
attempt(_asyncio.all_tasks)

print("-- in a loop")


async def waits(f):
    return await f


class Yields:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        return (yield self.v)


async def bad(v):
    await Yields(v)


async def main():
    f = asyncio.get_running_loop().create_future()
    t = asyncio.create_task(waits(f), name="w")
    await asyncio.sleep(0)
    callback = f._callbacks[0][0]
    print(callback.__name__, callback.__self__ is t)
    print(t._fut_waiter is f, f._asyncio_awaited_by == {t})
    t.cancel("why")
    try:
        await t
    except asyncio.CancelledError as e:
        print(repr(e), t.cancelling(), t.uncancel(), t.cancelled())
    for v in (5, asyncio.get_running_loop().create_future(), (i for i in ())):
        t = asyncio.create_task(bad(v))
        await asyncio.wait([t])
        print(str(t.exception())[:40])
    eager = Task(nothing(), eager_start=True)
    print(eager.done(), eager.result(), eager.get_coro())
    try:
        async with asyncio.TaskGroup() as g:
            g.create_task(nothing())
            g.create_task(bad(3))
    except* RuntimeError as e:
        print(e.exceptions)
    var = contextvars.ContextVar("var", default=0)

    async def sets(n):
        var.set(n)
        await asyncio.sleep(0)
        return var.get()

    print(await asyncio.gather(*[sets(n) for n in range(3)]), var.get())
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    except TimeoutError:
        print("timeout")
    q = asyncio.Queue(2)

    async def producer():
        for n in range(5):
            await q.put(n)
        await q.put(None)

    p = asyncio.create_task(producer())
    got = []
    while (v := await q.get()) is not None:
        got.append(v)
    await p
    print(got, len(asyncio.all_tasks()))


asyncio.run(main())
