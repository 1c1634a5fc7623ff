def inner():
    try:
        x = yield "i1"; print("inner got", x)
        y = yield "i2"; print("inner got", y)
    except ValueError as e: print("inner VE", e); yield "i-handled"
    finally: print("inner fin")
    return "inner ret"
def outer():
    r = yield from inner(); print("r =", r)
    r2 = yield from [10, 20]; print("r2 =", r2)
    return "outer ret"
o = outer(); print(next(o), o.send("A"), o.send("B"), next(o))
try: next(o)
except StopIteration as e: print(e.value)
o = outer(); next(o); print(o.throw(ValueError("x")), next(o))
o = outer(); next(o); o.close()
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 2: raise StopIteration("it ret")
        return self.n
    def send(self, v): print("send", v); return next(self)
    def throw(self, *a): print("throw", repr(a[0])); return "from throw"
    def close(self): print("close")
def d(): print("ret", (yield from It()))
x = d(); print(next(x), x.send("s"), x.throw(KeyError("k"))); x.close()
def bad(): yield from 5
try: next(bad())
except TypeError as e: print(e)
def rec(n):
    if n: yield n; yield from rec(n - 1)
print(list(rec(5)), sum(1 for _ in rec(200)))
def swallow():
    while True:
        try: yield from inner(); return
        except KeyError: yield "retry"
s = swallow(); next(s); print(s.throw(KeyError()), next(s))
def nosend(): yield from iter([1, 2])
n = nosend(); next(n)
try: n.send(5)
except AttributeError as e: print(e)
def chain(*its):
    for i in its: yield from i
print(list(chain("ab", (x for x in range(2)), {"k": 1})))
