class C:
    def __init__(self, n, swallow=False): self.n, self.s = n, swallow
    def __enter__(self): print("enter", self.n); return self.n
    def __exit__(self, t, v, tb): print("exit", self.n, t.__name__ if t else None, v, tb is not None); return self.s
with C(1) as a, C(2) as b: print(a, b)
with (C(3) as a, C(4, True)):
    raise ValueError("swallowed")
try:
    with C(5): raise KeyError("out")
except KeyError as e: print("caught", e)
def f():
    for i in range(3):
        with C(i):
            if i == 0: continue
            if i == 1: return "ret"
print(f())
for i in range(2):
    with C("b"): break
class Bad:
    def __enter__(self): raise RuntimeError("enter failed")
    def __exit__(self, *a): print("never")
try:
    with C("outer"), Bad(): pass
except RuntimeError as e: print(e)
class ExitFails:
    def __enter__(self): pass
    def __exit__(self, *a): raise ZeroDivisionError("exit failed")
try:
    with ExitFails(): raise ValueError("body")
except ZeroDivisionError as e: print(e, repr(e.__context__))
for o in [5, "x"]:
    try:
        with o: pass
    except TypeError as e: print(e)
class NoExit:
    def __enter__(self): pass
try:
    with NoExit(): pass
except TypeError as e: print(e)
l = [0]
with C("t") as l[0]: pass
print(l)
