import warnings; warnings.simplefilter("ignore")
async def co(x=1): return x
class Aw:
    def __await__(self): return iter([1, 2])
class BadAw:
    def __await__(self): return 5
class CoAw:
    def __await__(self): return co()
def drive(c):
    out = []
    try:
        while True: out.append(c.send(None))
    except StopIteration as e: return out, e.value
async def a1(): return await co(5), await Aw(), [await co(i) for i in range(3)]
print(drive(a1()))
async def a2(o): return await o
for o in (5, None, [1], BadAw(), CoAw(), co, (i for i in [])):
    try: print(drive(a2(o)))
    except TypeError as e: print(str(e).split(" at 0x")[0])
c = co(); drive(c)
try: c.send(None)
except RuntimeError as e: print(e)
c = co()
try: c.send(5)
except TypeError as e: print(e)
try: c.throw(ValueError("thrown"))
except ValueError as e: print(e)
c = co(); c.close(); c.close()
try: c.send(None)
except RuntimeError as e: print(e)
async def twice(c): return (await c, await c)
try: drive(twice(co()))
except RuntimeError as e: print(e)
async def fin():
    try: await Aw()
    except GeneratorExit: print("GE"); raise
    finally: print("fin")
f = fin(); f.send(None); f.close()
async def tr():
    try: await Aw()
    except KeyError as e: return f"caught {e!r}"
t = tr(); t.send(None)
try: t.throw(KeyError("k"))
except StopIteration as e: print(e.value)
import types
@types.coroutine
def old(): x = yield "y"; return x
async def use(): return await old()
u = use(); print(u.send(None))
try: u.send(7)
except StopIteration as e: print(e.value)
async def lam(): return [await z for z in map(co, range(3))], (await co(2)) ** 2, -await co(3), await co(1) + await co(2)
print(drive(lam()))
