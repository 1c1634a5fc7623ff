import sys, traceback
def f(xs, k):
    print(sum(x*k for x in xs), any(x > k for x in xs), all(x for x in xs), list(x+1 for x in xs),
      tuple(x for x in xs if x % 2), sorted(set(x % 3 for x in xs)), max(x for x in xs), min((-x for x in xs)),
      sorted((x*x % 7 for x in xs), reverse=True), "-".join(str(x) for x in xs), sum(x/10 for x in xs))
    print([sum(a*b for a, b in zip(r, xs)) for r in [xs, xs]])
    print(sum(1 for x in xs for y in xs if x < y))
f([3,1,4,1,5,9,2,6], 2)
f(range(1, 300), 17)
print(sum(x for x in [0.1]*10), sum([0.1]*10), sum(x for x in [1, 2.5, 3, 1e100, 1.0, -1e100]), sum([1, 2.5, 3, 1e100, 1.0, -1e100]))
print(sum(x for x in [True, 2**61, 2**61, 2**62, 5]), sum(x for x in [1j, 2]), sum(x for x in []))
def g():
    try: print(sum(x for x in ["a"]))
    except TypeError as e: print(e)
    try: print(max(x for x in []))
    except ValueError as e: print(e)
    try: print(set(x for x in [[]]))
    except TypeError as e: print(e)
    try: print("".join(x for x in [1]))
    except TypeError as e: print(e)
    try: print(sorted((x for x in [1, "a"]), key=None))
    except TypeError as e: print(e)
    try: print(tuple(x for x in 5))
    except TypeError as e: print(e)
g()
def h(xs):
    return sum(1/x for x in xs)
try: h([1,2,0])
except ZeroDivisionError: print(traceback.format_exc().replace(__file__, "consumed.py"), end="")
def h2(xs):
    y = 3
    return any(
        x.foo == y for x in xs)
try: h2([1,2,0])
except AttributeError as e:
    print(traceback.format_exc().replace(__file__, "consumed.py"), end="")
    tb = e.__traceback__
    while tb: print(tb.tb_frame.f_code.co_name, tb.tb_lineno, tb.tb_frame.f_back and tb.tb_frame.f_back.f_code.co_name); tb = tb.tb_next
def st():
    it = iter([1, 2])
    return list(next(it) for _ in range(5))
try: st()
except RuntimeError as e:
    print(traceback.format_exc().replace(__file__, "consumed.py"), end="")
    print(repr(e.__cause__), repr(e.__context__))
def shadow():
    import builtins
    y = 10
    old = builtins.sum
    builtins.sum = lambda it: ("mine", [x for x in it])
    try:
        print(sum(x + y for x in range(3)))
    finally: builtins.sum = old
    print(sum(x + y for x in range(3)))
shadow()
class C:
    a = [1,2]
    b = tuple(x for x in a)
    print(b)
def yielding(n):
    for i in range(n):
        yield tuple(i*j for j in range(i))
print(list(yielding(5)))
def order():
    def p(x): print("p", x); return x
    print(max(p(x) for x in [1,3,2]), any(p(x) for x in [0, 1, 2]), all(p(x) for x in [1, 0, 2]))
order()
x = 7
print(sum(x for x in range(4)), x)
print((lambda q: all(q > i for i in range(3)))(5))
def unbound():
    try: print(sum(zz for i in range(2)))
    except NameError as e: print(type(e), e)
    zz = 1
unbound()
def closure(a):
    def inner(): return sum(a + i for i in range(3))
    a += 1
    return inner
print(closure(1)())
print(max(len(s) for s in ["a", "bbb"]), dict((k, 1) for k in "ab"), min(x for x in [2.5, 1, float("nan")]))
