# Methods whose function is a class, native or not, and what lies around such a call.
import types


class P:
    def __init__(self, a, b=None):
        self.a, self.b = a, b


def f(x):
    y = x + 1
    m = types.MethodType(P, x)
    n = types.MethodType(int, "12")
    o = types.MethodType(list, (x, y))
    before = (x, y)
    p = m()
    q = m(y)
    i = n()
    j = n(8)
    k = o()
    return before, x, y, p.a, p.b, q.a, q.b, i, j, k


print(f(5))
print(list(map(types.MethodType(str, 7), [])), types.MethodType(str, 7)())
