def f(a, b=2, *args, c, d=4, **kw): return a, b, args, c, d, kw
print(f(1, c=3), f(1, 9, 8, 7, c=0), f(*range(4), c=1, **{"e": 5}), f(b=1, a=2, c=3))
def g(*a, **k): return f(*a, c="g", **k)
print(g(1), g(1, 2, 3), g(1, d=5, x=6))
def h(a, /, b, *, c): return a, b, c
print(h(1, 2, c=3), h(1, b=2, c=3))
def p(a, /, **k): return a, k
print(p(1, a=2))
args = [1, 2]; args2 = (3,); kw = {"c": 9}
print(f(*args, *args2, **kw, d=1), (lambda *a, **k: (a, k))(*"ab", **{"x": 1}))
def mutate(*a, **k): k["new"] = 1; return a
print(mutate(**kw), kw)
for s in ["f()", "f(1)", "f(1, 2, c=3, b=5)", "h(1, 2, 3)", "h(a=1, b=2, c=3)", "h(1, c=3)", "h()", "g(c=1)", "h(1,2,c=3,d=4)", "p()", "f(**{'a': 1}, **{'a': 2}, c=1)", "(lambda: 0)(1)", "(lambda a, b: 0)(1, 2, 3)", "(lambda a, b=1: 0)(1, 2, 3)", "(lambda *, a: 0)(1)"]:
    try: print(eval(s))
    except TypeError as e: print(e)
