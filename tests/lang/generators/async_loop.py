from collections import deque
class Sleep:
    def __init__(self, n): self.n = n
    def __await__(self):
        for _ in range(self.n): yield "tick"
        return f"slept {self.n}"
class Future:
    def __init__(self): self.done, self.value = False, None
    def set(self, v): self.done, self.value = True, v
    def __await__(self):
        while not self.done: yield self
        return self.value
class Loop:
    def __init__(self): self.q, self.results, self.steps = deque(), {}, 0
    def spawn(self, name, co): self.q.append((name, co))
    def run(self):
        while self.q:
            name, co = self.q.popleft(); self.steps += 1
            try: co.send(None); self.q.append((name, co))
            except StopIteration as e: self.results[name] = e.value
            except Exception as e: self.results[name] = repr(e)
        return self.results
log = []
async def worker(n):
    for i in range(n):
        log.append((n, i)); await Sleep(1)
    return n * 10
async def failing(): await Sleep(2); raise ValueError("failed")
fut = Future()
async def setter(): await Sleep(3); fut.set("value"); return "set"
async def getter(): return "got " + await fut
async def ctx():
    async with Res("r") as r: await Sleep(1); log.append(r)
    return "ctx"
class Res:
    def __init__(self, n): self.n = n
    async def __aenter__(self): await Sleep(1); log.append("enter"); return self.n
    async def __aexit__(self, *a): await Sleep(1); log.append("exit")
async def agen(n):
    try:
        for i in range(n): await Sleep(1); yield i
    finally: log.append("agen fin")
async def consume():
    return [x async for x in agen(3) if x != 1], {x: y async for x in agen(2) for y in "ab"}, [await Sleep(i) for i in range(2)], sum([x async for x in agen(4)])
loop = Loop()
for i in (1, 3): loop.spawn(f"w{i}", worker(i))
loop.spawn("f", failing()); loop.spawn("g", getter()); loop.spawn("s", setter()); loop.spawn("c", ctx()); loop.spawn("consume", consume())
r = loop.run()
for k in sorted(r): print(k, r[k])
print(log, loop.steps)
