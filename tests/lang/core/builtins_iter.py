print(list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2, 3])))
print(any([0, 1]), any([]), all([1, 0]), all([]), sum([1, 2], 10), sum([[1], [2]], []))
print(list(zip()), list(zip([1])), list(zip([1, 2], [3, 4], [5, 6])), list(enumerate("ab", 5)))
it = iter([1, 2, 3])
print(next(it), list(it), next(it, "dflt"))
print(list(iter(lambda c=iter([1, 2, 0, 3]): next(c), 0)))
print(list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed({"a": 1, "b": 2})))
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as e:
    print(e)
try:
    next(iter([]))
except StopIteration as e:
    print("stop", e.args)
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
print(list(It()), sum(It()), 2 in It(), max(It()), [a for a in It()])
print(abs(-1), round(1.5), divmod(7, 3), pow(2, 5), hash(5), callable(len), callable(5), ord("a"), chr(97), bin(5), hex(17), oct(9), ascii("é"))
print(isinstance(1, int), issubclass(bool, int), type(1).__name__, id(it) == id(it), repr("x"), str(5), int("12"), int("ff", 16), float("1.5"), bool([]))
print(list(slice(1, 10, 2).indices(8)), format(3.14159, ".2f"), format(5, "03d"), len([1]), vars(It())) 
