def run(c):
    try:
        while True: c.send(None)
    except StopIteration as e: return e.value
class Tick:
    def __await__(self): yield
async def ag():
    try:
        x = yield 1; print("got", x)
        await Tick()
        yield 2
    except ValueError as e: print("VE", e); yield "handled"
    finally: print("fin"); await Tick()
async def main():
    a = ag(); print(await a.__anext__(), await a.asend("S"))
    try: await a.__anext__()
    except StopAsyncIteration: print("stop")
    b = ag(); await b.__anext__(); print(await b.athrow(ValueError("v"))); await b.aclose()
    c = ag(); await c.__anext__(); await c.aclose()
    try: await c.__anext__()
    except StopAsyncIteration: print("closed")
    f = ag(); print([i async for i in ag()], await anext(f), await anext(empty(), "default")); await f.aclose()
    e = ag()
    async for i in e:
        print("loop", i); break
    else: print("never")
    await e.aclose()
    async for i in empty(): pass
    else: print("else")
    print([i for i in [j async for j in ag()]], {k async for k in ag()} == {1, 2})
    g = (x * 2 async for x in ag()); print([y async for y in g])
    d = ag()
    try: await d.asend(5)
    except TypeError as e: print(e)
    for bad in (5, [1]):
        try:
            async for x in bad: pass
        except TypeError as e: print(e)
        try: await bad
        except TypeError as e: print(e)
        try:
            async with bad: pass
        except TypeError as e: print(e)
    class BadAI:
        def __aiter__(self): return 5
    try:
        async for x in BadAI(): pass
    except TypeError as e: print(e)
    class BadAN:
        def __aiter__(self): return self
        def __anext__(self): return 5
    try:
        async for x in BadAN(): pass
    except TypeError as e: print(e)
async def empty():
    return
    yield
run(main())
async def stop(): raise StopIteration("x")
try: run(stop())
except RuntimeError as e: print(e)
async def agstop(): yield 1; raise StopAsyncIteration
async def m2(): return [x async for x in agstop()]
try: run(m2())
except RuntimeError as e: print(e)
