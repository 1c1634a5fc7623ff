# A dict subclass is unpacked by its own items, whatever `keys` says, until it has an `__iter__`.
class Keys(dict):
    def keys(self): return ["fake"]
    def __getitem__(self, k): return "over"
class Iter(Keys):
    def __iter__(self): return iter(["iter"])
class NoKeys(dict):
    keys = None
def f(**kw): return kw
for c in Keys, Iter, NoKeys:
    e = c(a=1)
    for what in [lambda: dict(e), lambda: {**e}, lambda: {"z": 0, **e}, lambda: f(**e), lambda: f(z=0, **e), lambda: {}.__or__(e), lambda: {"q": 1} | e, lambda: dict(e, b=2), lambda: list(e), lambda: [*e], lambda: e.copy(), lambda: dict.fromkeys(e)]:
        try: print(c.__name__, what())
        except Exception as x: print(c.__name__, type(x).__name__, x)
    d = {}; d.update(e); print(d)
    d |= e; print(d)
