def g():
    print("start")
    try:
        x = yield 1
        print("got", x)
        y = yield 2
        print("got", y)
    except ValueError as e:
        print("VE", e); yield "handled"
    finally: print("fin")
    return "ret"
a = g(); print(next(a), a.send("s"))
try: a.send(None)
except StopIteration as e: print("stop", e.value)
try: next(a)
except StopIteration as e: print("again", e.value)
b = g(); next(b); print(b.throw(ValueError("t")), next(b, "done"))
c = g(); next(c); print(c.close(), c.close())
d = g(); print(d.close())
e = g()
try: e.send(5)
except TypeError as x: print(x)
print(next(e))
try: e.throw(KeyError("k"))
except KeyError as x: print(repr(x))
f = g()
try: f.throw(OSError("never started"))
except OSError as x: print(x)
try: next(f)
except StopIteration: print("dead")
def ign():
    while True:
        try: yield 1
        except GeneratorExit: pass
h = ign(); next(h)
try: h.close()
except RuntimeError as x: print(x)
def closeret():
    try: yield 1
    except GeneratorExit: return "closed value"
k = closeret(); next(k); print(k.close())
def me():
    try: next(self_)
    except ValueError as x: yield str(x)
self_ = me(); print(next(self_))
for bad in ["g().throw()", "g().throw(5)", "g().throw('s')", "g().send()", "g().throw(ValueError, 'v', 5)", "g()()", "g().foo", "len(g())", "g()[0]"]:
    try: eval(bad)
    except TypeError as x: print(bad, x)
    except AttributeError as x: print(bad, x)
