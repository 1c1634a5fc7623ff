class Tree:
    __slots__ = ("k", "v", "l", "r")
    def __init__(self, k, v): self.k, self.v, self.l, self.r = k, v, None, None
    def put(self, k, v):
        t = self
        while True:
            if k == t.k: t.v = v; return
            side = "l" if k < t.k else "r"
            nxt = getattr(t, side)
            if nxt is None: setattr(t, side, Tree(k, v)); return
            t = nxt
    def get(self, k):
        t = self
        while t is not None:
            if t.k == k: return t.v
            t = t.l if k < t.k else t.r
        raise KeyError(k)
    def walk(self):
        if self.l: yield from self.l.walk()
        yield self.k, self.v
        if self.r: yield from self.r.walk()
    def depth(self): return 1 + max(self.l.depth() if self.l else 0, self.r.depth() if self.r else 0)
t = Tree(50, "root")
for i in range(1, 200): t.put(i * 37 % 101, i)
ks = [k for k, _ in t.walk()]
print(ks == sorted(ks), len(ks), t.get(37), t.get(50), t.depth())
try: t.get(1000)
except KeyError as e: print("KeyError", e)
try: t.other = 1
except AttributeError as e: print(e)
