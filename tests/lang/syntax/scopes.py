x = 1
def a():
    def b():
        nonlocal_test = 1
        def c():
            nonlocal nonlocal_test; nonlocal_test += 1
            global x; x += 10
            return nonlocal_test
        return c
    return b()()
print(a(), x)
class K:
    x = "class"
    def m(self): return x
    def n(self): return __class__.__name__
    l = [x for _ in "a"]; g = list(x for _ in "a"); s = [i for i in x]; lam = lambda: x
    class In: y = x
print(K().m(), K().n(), K.l, K.g, K.s[:2], K.lam(), K.In.y)
def f(p):
    class L:
        p = p if False else "body"
        def get(self): return p
    return L.p, L().get()
print(f("arg"))
def g():
    try: return v
    except NameError as e: return type(e).__name__ + ": " + str(e)
    v = 1
print(g())
def h():
    for i in range(3): pass
    fs = []
    for j in range(3): fs.append(lambda: j)
    return i, j, [q() for q in fs], [(lambda k=k: k)() for k in range(2)]
print(h())
def ex():
    try: raise ValueError("v")
    except ValueError as e: keep = e
    try: e
    except UnboundLocalError as u: return str(u)
print(ex())
def loc():
    a = 1; b = 2; del b
    def inner(): return a
    return sorted(locals()), locals()["a"]
print(loc())
def lmod():
    y = 1; locals()["y"] = 5; locals()["z"] = 1
    return y, "z" in locals()
print(lmod())
def outer():
    cell = 1
    def rd(): return cell
    del cell
    try: rd()
    except NameError as e: return str(e)
print(outer())
exec("q1 = 5\ndef ff(): return q1"); print(ff())
def ex2(): 
    ns = {"k": 1}; exec("k += 1; m = [k for _ in range(2)]", ns); return ns["k"], ns["m"], eval("k + j", ns, {"j": 5})
print(ex2())
def gl(): 
    global newg, K2; newg = 1
    class K2: pass
    import math as mm
    return mm.pi > 3
print(gl(), newg, K2.__qualname__, gl.__qualname__)
print([i for i in range(3) for j in [i * 2] if j], {i: (lambda: i)() for i in range(2)}, [[(i, j) for j in range(i)] for i in range(3)])
print((lambda: [x for x in [x]])(), [lambda: i for i in range(2)][0](), list(map(lambda f: f(), (lambda: i for i in range(2)))))
def dflt(a, b=lambda: x, *c, d=[1]): d.append(a); return b(), d
print(dflt(2), dflt(3))
def rec():
    def even(n): return n == 0 or odd(n - 1)
    def odd(n): return n != 0 and even(n - 1)
    return even(10), odd(7)
print(rec())
for s in ["def f():\n x = 1\n def g():\n  nonlocal y", "def f(x):\n nonlocal x", "def f():\n print(x)\n global x", "def f():\n x = 1\n nonlocal x", "class C:\n nonlocal z", "def f():\n global x\n nonlocal x", "def f():\n import x\n global x", "def f():\n for x in y: pass\n global x", "def f():\n x: int = 1\n global x", "def f():\n global x\n x: int = 1"]:
    try: compile(s, "s", "exec"); print("ok")
    except SyntaxError as e: print(e.msg)
