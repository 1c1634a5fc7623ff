def outer(n):
    total = 0
    def add(k):
        nonlocal total
        def twice():
            nonlocal total
            total += k
            return total
        twice()
        return twice()
    for i in range(n): add(i)
    return total
print(outer(10))
def mk():
    xs = []
    class C:
        def push(self, v): xs.append(v); return self
        @property
        def all(self): return list(xs)
    return C
A, B = mk(), mk()
A().push(1).push(2); B().push(9); print(A().all, B().all)
x = "module"
class Scope:
    x = "class"
    y = x
    def m(self): return x
    z = [x for _ in range(1)]
    w = (lambda: x)()
print(Scope.y, Scope().m(), Scope.z, Scope.w)
def cls_in_func():
    v = "func"
    class K:
        a = v
        v = "klass"
        b = v
        def m(self): return v
    return K.a if hasattr(K, "a") else None, K.b, K().m()
try: print(cls_in_func())
except NameError as e: print(type(e).__name__, e)
def params(a, b=lambda: a_global, *c): return b()
a_global = "g"; print(params(1))
def gen_closure():
    return [f for f in ((lambda i=i: (i, j)) for i in range(2) for j in range(2))]
print([f() for f in gen_closure()])
def shadow(print=print, len=len): print(len("abc"))
shadow()
def rec_inner(n):
    def go(k): return 0 if k == 0 else k + go(k - 1)
    return go(n)
print(rec_inner(50))
