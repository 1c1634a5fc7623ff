def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc
a, b = counter(), counter()
print(a(), a(), a(10), b())
def make():
    fs = []
    for i in range(3):
        def f(i=i):
            return i * i
        def g():
            return i
        fs.append((f, g))
    return fs
print([(f(), g()) for f, g in make()])
def compose(*fs):
    def run(x):
        for f in reversed(fs):
            x = f(x)
        return x
    return run
print(compose(lambda x: x + 1, lambda x: x * 2)(10))
def adder(x):
    return lambda y: lambda z: x + y + z
print(adder(1)(2)(3))
def deep():
    a = 1
    def l1():
        b = 2
        def l2():
            c = 3
            def l3():
                nonlocal a
                a += b + c
                return a
            return l3
        return l2
    f = l1()()
    return f(), f(), a
print(deep())
print(a.__closure__[0].cell_contents, a.__code__.co_freevars)
def pair():
    v = None
    def get(): return v
    def put(x):
        nonlocal v
        v = x
    return get, put
get, put = pair()
put([1, 2]); print(get())
