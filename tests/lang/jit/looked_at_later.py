# Code that looks at other frames' variables comes when its callers have been compiled.
class Vec:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def nothing():
    pass


look = nothing


def work(n):
    for i in range(n):
        v = Vec(i, n)
        half = v.x / 2
    if n % 2:
        kind = "odd"
    else:
        kind = "even"
    w = Vec(n, kind)
    look()
    return half


def calls(n):
    pair = n, n + 1
    return work(n) + pair[0]


for n in range(300):
    calls(n % 20 + 1)

source = """
import sys

def look():
    out.append([sorted((k, v if type(v) is not Vec else (v.x, v.y)) for k, v in sys._getframe(i).f_locals.items())
                for i in (1, 2)])
"""
out = []
exec(source, globals())
for n in range(300):
    calls(n % 20 + 1)
for n in 0, 1, 150, 298, 299:
    print(out[n])

# An activation goes on that was there before: what it does from here on is seen.
def late():
    exec(source, globals())


def goes_on(n, first):
    for i in range(n):
        twice = i * 2
        if i == first:
            late()
        elif i == first + 10:
            look()
    return i


print(len(out), goes_on(30, 15), out[-1][0])
