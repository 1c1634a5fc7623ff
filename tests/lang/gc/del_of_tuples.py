import gc


class Pair(tuple):
    __slots__ = ()

    def __del__(self):
        print("del", type(self).__name__, len(self))


class Named(tuple):
    def __del__(self):
        print("del", type(self).__name__, self.name)


class Text(bytes):
    def __del__(self):
        print("del", type(self).__name__, bytes(self))


def make():
    tuple.__new__(Pair, (1, 2))
    Named((1,)).name = "n"
    Text(b"x")


make()
gc.collect()


def function():
    pass


pair = tuple.__new__(Pair, (function, 5, 6))
function.__module__ = pair
del function, pair
gc.collect()
print("end")
