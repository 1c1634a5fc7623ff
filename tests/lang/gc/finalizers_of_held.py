# What holds is finalized before what it holds; of things that hold each other the older one first.
import gc
log = []
class D:
    def __init__(self, n, *held): self.n, self.held = n, held
    def __del__(self): log.append(self.n)
def show(): gc.collect(); gc.collect(); print(log); log.clear()
x = D("outer", D("inner")); del x; show()
x = D("a", [D("b", {1: D("c")})]); del x; show()
def g(n):
    x = D(n + " local")
    try: yield 1
    finally: log.append(n + " finally"); x.n = x.n
i = g("one"); next(i); del i; show()
i = [g("two")]; next(i[0]); h = D("holder", i); del i, h; show()
a, b = D("old"), D("new"); a.held, b.held = b, a; del a, b; show()
class R:
    def __del__(self): log.append(("R", self.d.n)); kept.append(self)
kept = []; r = R(); r.d = D("kept"); del r; gc.collect(); print(log[0], len(kept)); log.clear()
kept.clear(); gc.collect()
