"""asyncio: producers and workers with a queue, a lock, events, timeouts that do not happen."""

import asyncio


class Ledger:
    def __init__(self):
        self.lock = asyncio.Lock()
        self.accounts = {}

    async def __aenter__(self):
        await self.lock.acquire()
        return self

    async def __aexit__(self, *exception):
        self.lock.release()

    def add(self, account, amount):
        self.accounts[account] = self.accounts.get(account, 0) + amount


async def orders(first, count):
    for number in range(first, first + count):
        if number % 10 == 0:
            await asyncio.sleep(0)
        yield number


async def produce(queue, first, count):
    async for number in orders(first, count):
        await queue.put((number % 37, number * 3 % 101))


async def work(queue, ledger):
    done = 0
    while True:
        job = await queue.get()
        if job is None:
            return done
        account, amount = job
        async with ledger:
            ledger.add(account, amount)
        done += 1
        if done % 50 == 0:
            await asyncio.sleep(0)


async def transfer(ledger, a, b, gate):
    await gate.wait()
    async with ledger:
        amount = min(ledger.accounts[a], 10)
        ledger.add(a, -amount)
        ledger.add(b, amount)
    return amount


async def main():
    ledger = Ledger()
    queue = asyncio.Queue(maxsize=20)
    workers = [asyncio.create_task(work(queue, ledger)) for _ in range(5)]
    await asyncio.gather(*(produce(queue, first * 10000, 10000) for first in range(4)))
    for _ in workers:
        await queue.put(None)
    done = await asyncio.gather(*workers)
    gate = asyncio.Event()
    transfers = [asyncio.ensure_future(transfer(ledger, n % 37, n * 5 % 37, gate)) for n in range(6000)]
    await asyncio.sleep(0)
    gate.set()
    moved = sum(await asyncio.wait_for(asyncio.gather(*transfers), 60))
    return sum(done), moved, sum(ledger.accounts.values()), sorted(ledger.accounts.items())[:3]


def run():
    return asyncio.run(main())


EXPECTED = (40000, 60000, 1999818, [(0, 54143), (1, 54046), (2, 53959)])

if __name__ == "__main__":
    print(run())
