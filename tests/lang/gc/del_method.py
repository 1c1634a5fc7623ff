import gc
log = []
class D:
    def __init__(self, n): self.n = n
    def __del__(self): log.append(self.n)
d = D(1); del d; gc.collect(); print(log); log.clear()
a, b = D("a"), D("b"); a.o, b.o = b, a; del a, b; gc.collect(); print(sorted(log)); log.clear()
class R:
    def __del__(self): saved.append(self); log.append("res")
saved = []; r = R(); del r; gc.collect(); print(len(saved), log); saved.clear(); gc.collect(); print(log); log.clear()
class E:
    def __del__(self): raise ValueError("ignored")
import sys
sys.unraisablehook = lambda u: log.append((type(u.exc_value).__name__, u.err_msg is not None))
e = E(); del e; gc.collect(); print(log); log.clear()
def f(): x = D("local"); return 5
f(); gc.collect(); print(log); log.clear()
l = [D(i) for i in range(5)]; l.clear(); gc.collect(); print(sorted(log)); log.clear()
def g():
    x = D("gen")
    try: yield 1
    finally: log.append("gen fin"); x.n = x.n
it = g(); next(it); del it; gc.collect(); print(log); log.clear()
x = D("re"); x = None; gc.collect(); print(log); log.clear()
class Node:
    def __init__(self): self.kids = []; self.parent = None
    def add(self): n = Node(); n.parent = self; self.kids.append(n); return n
root = Node(); n = root
for _ in range(1000): n = n.add()
root.d = D("tree"); del root, n; gc.collect(); print(log); log.clear()
class C:
    def __del__(self): log.append("class attr")
class Holder: c = C()
del Holder; gc.collect(); print(log)
