from contextlib import *
log = []
@contextmanager
def cm(n):
    log.append("+" + n)
    try: yield n
    except ValueError as e: log.append(f"caught {e}")
    finally: log.append("-" + n)
with cm("a") as a, cm("b") as b: log.append(a + b)
with cm("c"): raise ValueError("v")
try:
    with cm("d"): raise KeyError("k")
except KeyError as e: log.append(repr(e))
print(log); log.clear()
@cm("deco")
def f(x): return x * 2
print(f(2), f(3), log); log.clear()
@contextmanager
def none(): return; yield
@contextmanager
def two(): yield 1; yield 2
@contextmanager
def noswallow(): yield
for c in (none, two):
    try:
        with c(): pass
    except RuntimeError as e: print(e)
try:
    with noswallow(): raise StopIteration("s")
except StopIteration as e: print("SI", e)
with suppress(KeyError, IndexError): {}["x"]
with suppress(ValueError): pass
import io
with redirect_stdout(io.StringIO()) as s: print("captured")
print(repr(s.getvalue()))
class R:
    def close(self): log.append("closed")
with closing(R()) as r: pass
with nullcontext(5) as n: print(n, log)
with ExitStack() as st:
    log.clear(); st.enter_context(cm("1")); st.callback(lambda *a: log.append(a), 1, 2); st.push(lambda *e: log.append(e[0] and e[0].__name__) or True); raise OSError("swallowed")
print(log); log.clear()
with ExitStack() as st: st.enter_context(cm("x")); st2 = st.pop_all()
print(log); st2.close(); print(log)
try:
    with ExitStack() as st: st.callback(lambda: 1 / 0); raise KeyError("first")
except ZeroDivisionError as e: print(repr(e), repr(e.__context__))
try:
    with ExitStack() as st: st.enter_context(5)
except TypeError as e: print(e)
class D(ContextDecorator):
    def __enter__(self): print("in"); return self
    def __exit__(self, *a): print("out")
@D()
def g(): print("body")
g()
@asynccontextmanager
async def acm():
    log.append("a+")
    try: yield "v"
    finally: log.append("a-")
async def main():
    async with acm() as v: log.append(v)
    async with AsyncExitStack() as s: await s.enter_async_context(acm())
log.clear()
try: main().send(None)
except StopIteration: print(log)
class Abs(AbstractContextManager):
    def __exit__(self, *a): return None
with Abs() as q: print(type(q).__name__)
