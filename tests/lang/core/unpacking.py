a, b, *c = 1, 2, 3, 4
print(a, b, c)
(a, [b, c]), d = (1, [2, 3]), 4
print(a, b, c, d)
a = b = c = []
a.append(1); print(b, c is a)
x = [1, 2, 3]
i = 0
i, x[i] = 2, "set"
print(i, x)
def f(*a, **k): return a, k
print(f(*[1], 2, *(3, 4), k=1, **{"z": 2}, **{}))
print([*range(3), *"ab"], {*[1], *[2]}, {**{"a": 1}, "b": 2}, (*[1], 2))
for a, *b in [(1, 2, 3), "xy"]:
    print(a, b)
class P: pass
p = P()
p.x, p.y = 1, 2
p.x, x[0] = p.y, p.x
print(p.x, p.y, x)
*a, = "abc"; print(a)
for expr in ["a, b = 1, 2, 3", "a, b = []", "a, b, *c = [1]", "f(**{1: 2})", "f(*5)", "f(**5)", "f(k=1, **{'k': 2})"]:
    try:
        exec(expr)
    except Exception as e:
        print(type(e).__name__, e)
