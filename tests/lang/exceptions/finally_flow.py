def a():
    for i in range(3):
        try: return i
        finally:
            if i == 0: pass
def b():
    while True:
        try: break
        finally: print("b fin")
    return "b"
def c():
    try: 1 / 0
    except ZeroDivisionError: return "except"
    else: return "else"
    finally: print("c fin")
def d():
    try: return "try"
    finally:
        for i in range(2):
            if i: break
def e():
    x = 1
    try: return x
    finally: x = 2
def f():
    try:
        try: raise KeyError("k")
        finally: print("inner")
    except KeyError as k: return repr(k)
    finally: print("outer")
def g(n):
    try:
        if n == 0: return "zero"
        if n == 1: raise ValueError("one")
        return "other"
    except ValueError: return "handled"
    else: return "never"
    finally: print("g", n)
print(a(), b(), c(), d(), e(), f(), [g(i) for i in range(3)])
def nest(n):
    out = []
    try:
        out.append("a")
        try:
            out.append("b")
            try:
                if n == 0: raise KeyError
                if n == 1: raise ValueError
                out.append("c")
            except KeyError: out.append("ke")
            finally: out.append("f1")
        except ValueError: out.append("ve"); raise TypeError
        else: out.append("else2")
        finally: out.append("f2")
    except TypeError: out.append("te")
    finally: out.append("f3"); print(out)
for n in range(3): nest(n)
import warnings; warnings.simplefilter("ignore")
ns = {}
exec("def h():\n try: 1/0\n finally: return 'swallowed'\ndef k():\n for i in range(3):\n  try: 1/0\n  finally: continue\n return 'cont'\ndef l():\n while 1:\n  try: raise KeyError\n  finally: break\n return 'brk'", ns)
print(ns["h"](), ns["k"](), ns["l"]())
def many():
    r = []
    for i in range(4):
        try:
            try:
                if i == 1: continue
                if i == 3: break
                r.append(i)
            finally: r.append("x")
        finally: r.append("y")
    else: r.append("never")
    return r
print(many())
