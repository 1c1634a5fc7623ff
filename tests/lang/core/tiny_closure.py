def make(n):
    def add(x):
        return x + n
    return add
print(make(5)(10))
