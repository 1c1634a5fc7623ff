def add(a, b):
    return a + b
def nothing():
    pass
def default(a, b=2, *args, c=3, **kw):
    return a, b, args, c, kw
print(add(1, 2), add("a", "b"), add([1], [2]))
print(nothing())
print(default(1))
print(default(1, 5))
print(default(1, 5, 6, 7))
print(default(1, c=9, z=1))
print(default(*[1, 2, 3], **{"c": 4, "q": 5}))
print(default(b=1, a=0))
print((lambda x, y=1: x * y)(5), (lambda: None)(), (lambda *a: a)(1, 2))
def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)
print(fact(20), fact(25))
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
print([fib(i) for i in range(15)])
def even(n): return True if n == 0 else odd(n - 1)
def odd(n): return False if n == 0 else even(n - 1)
print(even(100), odd(7))
print(add.__name__, default.__defaults__, default.__kwdefaults__)
