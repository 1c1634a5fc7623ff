# expect: failure
x = 1
def f(:
    pass
