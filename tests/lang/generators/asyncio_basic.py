import asyncio
async def w(n, d): await asyncio.sleep(d); return n
async def main():
    print(await asyncio.gather(w(1, .02), w(2, .01), w(3, 0)))
    t = asyncio.create_task(w("t", 0)); print(t.done(), await t, t.done(), t.result())
    try: await asyncio.wait_for(asyncio.sleep(5), 0.01)
    except TimeoutError as e: print("timeout", repr(e))
    q = asyncio.Queue(); out = []
    async def prod():
        for i in range(3): await q.put(i)
        await q.put(None)
    async def cons():
        while (x := await q.get()) is not None: out.append(x)
    await asyncio.gather(prod(), cons()); print(out)
    async def fail(): raise ValueError("f")
    print(await asyncio.gather(fail(), w(1, 0), return_exceptions=True))
    try:
        async with asyncio.TaskGroup() as tg: tg.create_task(fail()); tg.create_task(asyncio.sleep(1))
    except* ValueError as eg: print(repr(eg))
    t = asyncio.create_task(asyncio.sleep(10)); await asyncio.sleep(0); t.cancel()
    try: await t
    except asyncio.CancelledError: print("cancelled", t.cancelled())
    lock, ev, order = asyncio.Lock(), asyncio.Event(), []
    async def l(n):
        async with lock: order.append(n); await asyncio.sleep(0); order.append(n)
    await asyncio.gather(l(1), l(2)); print(order)
    f = asyncio.get_running_loop().create_future(); asyncio.get_running_loop().call_soon(f.set_result, 9); print(await f)
    async with asyncio.timeout(1): print("in time")
    d, p = await asyncio.wait([asyncio.create_task(w(i, i / 100)) for i in range(2)], return_when=asyncio.ALL_COMPLETED); print(sorted(x.result() for x in d), p)
    return "done"
print(asyncio.run(main()))
try: asyncio.run(5)
except TypeError as e: print(e)
