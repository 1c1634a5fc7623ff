def d(f):
    return lambda: f() + 1
@d
def f(): return 1
print(f())
