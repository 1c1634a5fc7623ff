def f(*a, **k): return a, k
class It:
    def __iter__(self): raise ValueError("iter")
class M:
    def keys(self): return ["x", "y"]
    def __getitem__(self, k): return k * 2
class BadM:
    def keys(self): return [1]
    def __getitem__(self, k): return k
class NoGet:
    def keys(self): return ["a"]
for t in ["f(*[1], *(2,), *'ab')", "f(**M())", "f(*5)", "f(**5)", "f(*None)", "f(**None)", "f(**BadM())", "f(**NoGet())", "f(*It())", "f(a=1, **{'a': 2})", "f(**{'a': 1}, **{'a': 2})", "f(**{'a': 1}, **M(), y=3)", "f(*{1: 2}, **{})", "f(**[('a', 1)])", "f(1, *[2], 3, *[4], k=5)", "f(*(i for i in range(3)))"]:
    try: print(t, "->", eval(t))
    except Exception as e: print(t, "->", type(e).__name__, e)
