import builtins
excs = sorted((n for n in dir(builtins) if isinstance(getattr(builtins, n), type) and issubclass(getattr(builtins, n), BaseException)))
for n in excs:
    e = getattr(builtins, n); print(n, [k.__name__ for k in e.__mro__[1:-1]])
print(EnvironmentError is OSError, IOError is OSError)
