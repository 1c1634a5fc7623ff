def first[T](l: list[T]) -> T: return l[0]
class Box[T, *Ts, **P]:
    def __init__(self, v: T): self.v = v
    def m[U](self, u: U) -> tuple[T, U]: return self.v, u
type Alias[K] = dict[K, list[K]]
type Rec = int | list[Rec]
type Simple = int
print(first([1, 2]), first.__type_params__, Box.__type_params__, Box[int, str, [int]], Box(5).m("u"), Box.m.__type_params__)
print(Alias, Alias.__value__, Alias.__type_params__, Alias[int], Alias[int].__args__, Rec.__value__, Simple.__value__, Simple.__name__, type(Simple).__name__)
T = first.__type_params__[0]; print(T.__name__, T.__bound__, T.__constraints__, T.__variance__ if hasattr(T, "__variance__") else "", T.__infer_variance__, type(T).__name__, T.has_default())
def bound[S: str, N: (int, float), D = int](s: S): return S.__bound__, N.__constraints__, D.__default__
print(bound("x"), bound.__type_params__)
class G[T](list[T]):
    class_t = T
    def tt(self): return T
print(G.__bases__, G.__orig_bases__, G.class_t is G.__type_params__[0], G().tt() is G.class_t, G[int]([1]), G.__parameters__)
def lazy[T: undefined_name](): return 1
print(lazy())
try: lazy.__type_params__[0].__bound__
except NameError as e: print(e)
type Bad = nope
try: Bad.__value__
except NameError as e: print(e)
X = 1
def outer[X](): return X.__name__ if True else 0
print(outer(), X)
for s in ["def f[T, T](): pass", "class C[T: (yield)]: pass", "type X[T = int, U] = T", "def f[*T: int](): pass", "type x.y = int", "def f[](): pass", "class A[T]:\n type T = int", "type type = int", "x: T = (type := 5)", "def f[T](): nonlocal T"]:
    try: compile(s, "s", "exec"); print(s, "ok")
    except SyntaxError as e: print(s, "->", e.msg)
for s in ["Box[int]", "Alias[int, str]", "Simple[int]", "first[int]", "isinstance(1, Simple)", "Simple | None", "Simple()", "Alias.x", "T | int"]:
    try: print(s, eval(s))
    except Exception as e: print(s, type(e).__name__, e)
