class P:
    def __init__(self, x):
        self.x = x
    def get(self):
        return self.x
p = P(5)
print(p.get(), p.x)
p.x = 6
print(p.get())
