def f(*args, **kw):
    return args, kw
print(f(), f(1, 2), f(1, k=2))
