class V:
    def __init__(self, n): self.n = n
    def __add__(self, o): return V(self.n + o.n)
    def __repr__(self): return "V(" + str(self.n) + ")"
print(V(1) + V(2))
