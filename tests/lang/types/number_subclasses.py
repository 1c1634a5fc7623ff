import warnings
class F(float):
    def __init__(self, arg, more=None): self.more = more
f = F(2.5, more=3)
print(f, f.more)
try: float(x=1)
except TypeError as e: print(e)
class G(float): pass
try: G(x=1)
except TypeError as e: print(e)
class Own:
    def __float__(self): return G(42.0)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    print(float(Own()), float(G(1.5)), type(float(G(1.5))))
    complex(1j, 0)
    for x in w: print(x.category.__name__, x.message)
class L:
    def __len__(self): return -2**70
try: len(L())
except ValueError as e: print(e)
class V:
    __dict__ = property(lambda self: {"a": 2})
print(vars(V()))
def one(name): return compile("def f(x):\n    return x + 1\n", name, "exec")
print(one("a") == one("b"), hash(one("a")) == hash(one("b")))
