class A:
    @property
    def x(self): return 7
print(A().x)
