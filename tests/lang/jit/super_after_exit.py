# `super()` in a function that left compiled code: the class's cell and the first argument are
# looked for in the frame.


class Base:
    def __init__(self):
        self.n = 0


class A(Base):
    def __init__(self, x=None):
        if x:
            self.x = x
        else:
            self.x = [1]
        base = super()
        base.__init__()
        self.n += 1


class B(A):
    def __init__(self, x):
        y = x + 1
        sup = super
        sup().__init__(y)
        self.y = y


out = []
for i in range(400):
    a = A(i if i % 7 else None)
    b = B(i if i < 300 else i + 0.5)
    out.append((a.n, b.n, b.y))
print(out[-1], out[0], A().x, len(out))
