def f(a, b=2, /, c=3, *, d=4): return a, b, c, d
def g(a, /, **kw): return a, kw
def h(a, b, /): return a, b
def k(a, /, b): return a, b
for t in ["f(1)", "f(1, 5)", "f(1, c=7)", "f(1, d=8)", "f(a=1)", "f(1, b=2)", "f(1, 2, 3, 4)", "g(1, a=2)", "g(a=1)", "h(a=1, b=2)", "h(1, b=2)", "h(1)", "k(1, b=2)", "k(a=1, b=2)", "f(1, 2, 3, d=4, e=5)", "f(1, 2, c=3, **{'c': 4})"]:
    try: print(t, "->", eval(t))
    except TypeError as e: print(t, "->", e)
print(f.__code__.co_posonlyargcount, f.__code__.co_argcount, f.__code__.co_kwonlyargcount, f.__code__.co_varnames)
