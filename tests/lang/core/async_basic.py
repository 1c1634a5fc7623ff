async def add(a, b): return a + b
async def main():
    x = await add(1, 2)
    y = await add(x, 10)
    return y
def run(coro):
    try:
        while True: coro.send(None)
    except StopIteration as e: return e.value
print(run(main()))
class Awaitable:
    def __init__(self, v): self.v = v
    def __await__(self):
        got = yield self.v
        return got
async def talk():
    a = await Awaitable("first")
    b = await Awaitable("second")
    return [a, b]
c = talk()
print(c.send(None), c.send(1))
try: c.send(2)
except StopIteration as e: print(e.value)
class AIter:
    def __init__(self, n): self.i, self.n = 0, n
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i >= self.n: raise StopAsyncIteration
        self.i += 1
        return self.i
class ACtx:
    async def __aenter__(self): print("aenter"); return 5
    async def __aexit__(self, *a): print("aexit", a[0]); return True
async def agen():
    for i in range(3): yield i * 10
async def loop():
    out = [x async for x in AIter(3)]
    async for y in agen(): out.append(y)
    async with ACtx() as v: out.append(v); raise ValueError
    return out
print(run(loop()))
