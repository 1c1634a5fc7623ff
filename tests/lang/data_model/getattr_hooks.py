class A:
    x = 1
    def __init__(self): self.y = 2
    def __getattr__(self, n):
        if n.startswith("dyn"): return n.upper()
        raise AttributeError(f"no {n}")
a = A(); print(a.x, a.y, a.dynamo, hasattr(a, "zip"), getattr(a, "zip", 5))
try: a.zip
except AttributeError as e: print(e)
class B:
    def __getattribute__(self, n):
        if n == "secret": return 42
        return super().__getattribute__(n)
    def __setattr__(self, n, v): super().__setattr__(n, v * 2 if isinstance(v, int) else v)
    def __delattr__(self, n): print("del", n); super().__delattr__(n)
b = B(); b.v = 5; print(b.secret, b.v); del b.v
try: del b.v
except AttributeError as e: print(e)
class C:
    def __getattribute__(self, n): raise AttributeError("never " + n)
    def __getattr__(self, n): return "fallback"
print(C().anything)
class D:
    def __dir__(self): return ["z", "a"]
print(dir(D()))
class P:
    def __init__(self, o): object.__setattr__(self, "_o", o)
    def __getattr__(self, n): return getattr(self._o, n)
    def __setattr__(self, n, v): setattr(self._o, n, v)
    def __len__(self): return len(self._o)
p = P([3, 1]); p.append(2); print(len(p), p._o, p.count(1))
try: len(P(5))
except TypeError as e: print(e)
class S:
    def __len__(self): return 3
s = S(); s.__len__ = lambda: 10; print(len(s))
for t in ["object().x", "(5).x", "A.zz", "(lambda: 0).zz", "None.a", "len.x", "int.x", "''.x", "type.x", "[].x", "setattr(5, 'a', 1)", "setattr(int, 'a', 1)", "delattr(a, 'nope')", "delattr(object(), 'x')", "setattr(object(), 'x', 1)", "setattr(a, 5, 1)", "getattr(a, None)"]:
    try: print(t, eval(t))
    except Exception as e: print(t, "->", type(e).__name__, e)
