a = [1, 2, 3]; b = {"k": 1, "z": 2}
del a[0], b["k"]
print(a, b)
x = y = 1
del x, y
try: x
except NameError as e: print(e)
class O: pass
o = O(); o.v = 1
del o.v
try: o.v
except AttributeError as e: print(e)
try: del o.v
except AttributeError as e: print(e)
try: del b["nope"]
except KeyError as e: print("KeyError", e)
try: del a[10]
except IndexError as e: print(e)
try: del undefined
except NameError as e: print(e)
def f():
    v = 1
    del v
    v = 2
    return v
print(f())
del (a, [b])
print("a" in globals(), "b" in globals())
try: del (1).real
except AttributeError as e: print(e)
try: del (1, 2)[0]
except TypeError as e: print(e)
