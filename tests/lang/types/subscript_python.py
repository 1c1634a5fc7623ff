# `v[k]` of classes in Python: the method may be anything and may change.
class Grid:
    def __init__(self, w, h):
        self.w = w
        self.cells = list(range(w * h))

    def __getitem__(self, at):
        x, y = at
        if x >= self.w:
            raise IndexError(at)
        return self.cells[y * self.w + x]


g = Grid(3, 3)
print([g[x, y] for y in range(3) for x in range(3)])
try:
    g[5, 0]
except IndexError as e:
    print(e, e.__traceback__.tb_next.tb_frame.f_code.co_name)


class Deep:
    def __getitem__(self, n):
        return 0 if n == 0 else self[n - 1] + 1


print(Deep()[300])
try:
    Deep()[10**6]
except RecursionError as e:
    print(type(e).__name__)


class Gen:
    def __getitem__(self, n):
        yield n
        yield n + 1


print(list(Gen()[3]))


class Default:
    def __getitem__(self, k, extra=5):
        return k, extra


class Static:
    @staticmethod
    def __getitem__(k):
        return "static", k


class Callable:
    def __call__(self, k):
        return "callable", k


class Other:
    __getitem__ = Callable()


class Meta(type):
    def __getitem__(cls, k):
        return cls.__name__, k


class M(metaclass=Meta):
    pass


class L(list):
    def __getitem__(self, i):
        return "item", list.__getitem__(self, i)


for v in [Default(), Static(), Other(), M, L([4, 5]), {1: 2}, [0, 7], (0, 8), "ab"]:
    print(v[1])


class Changing:
    def __getitem__(self, k):
        return 1


c = Changing()
out = []
for i in range(6):
    if i == 2:
        Changing.__getitem__ = lambda self, k: 2
    if i == 4:
        del Changing.__getitem__
    try:
        out.append(c[i])
    except TypeError as e:
        out.append(str(e))
print(out)
