x = "global"
def read():
    return x
def local():
    x = "local"
    return x
def write():
    global x
    x = "written"
print(read(), local(), x)
write()
print(x, read())
def outer():
    x = "outer"
    def inner():
        nonlocal x
        x = "inner"
    def peek():
        return x
    inner()
    return x, peek()
print(outer(), x)
def unbound():
    try:
        print(y)
    except UnboundLocalError as e:
        print(e)
    y = 1
unbound()
try:
    undefined_name
except NameError as e:
    print(e)
def free():
    def g():
        return v
    try:
        g()
    except NameError as e:
        print(e)
    v = 1
    return g()
print(free())
del x
try:
    x
except NameError as e:
    print(e)
def deleted():
    z = 1
    del z
    try:
        z
    except UnboundLocalError as e:
        print(type(e).__name__)
deleted()
