class B:
    def __init__(self): self.parts = []
    def add(self, x): self.parts.append(x); return self
    def build(self): return "".join(self.parts)
print(B().add("a").add("b").build(), "x".upper().lower().center(5, ".").strip("."))
fs = [lambda x: x + 1, lambda x: x * 2]
print(fs[0](fs[1](3)), [f(5) for f in fs], (lambda f: f(f))(lambda g: 42))
print({"k": [lambda: {"r": 7}]}["k"][0]()["r"])
Y = lambda f: (lambda x: x(x))(lambda x: f(lambda *a: x(x)(*a)))
print(Y(lambda rec: lambda n: 1 if n == 0 else n * rec(n - 1))(10))
def curry(f, n):
    return f() if n == 0 else lambda x: curry(lambda *a: f(x, *a), n - 1)
print(curry(lambda a, b, c: (a, b, c), 3)(1)(2)(3))
def order(*names):
    def deco(f):
        print("deco", names); return f
    print("make", names)
    return deco
@order("outer")
@order("inner")
def g(): pass
def ev(n): print("ev", n); return n
def h(*a, **k): return a, k
print(h(ev(1), *[ev(2)], ev(3), k=ev(4), **{"z": ev(5)}))
print([ev(1), ev(2)][ev(0)], {ev("k"): ev("v")}, ev(1) + ev(2) * ev(3))
