class Point:
    """A point."""
    count = 0
    def __init__(self, x, y=0):
        self.x = x
        self.y = y
        Point.count += 1
    def norm2(self):
        return self.x ** 2 + self.y ** 2
    def __repr__(self):
        return f"Point({self.x}, {self.y})"
    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)
    def __eq__(self, other):
        return self.x == other.x and self.y == other.y
    @property
    def sum(self):
        return self.x + self.y
    @staticmethod
    def origin():
        return Point(0)
    @classmethod
    def make(cls, *a):
        return cls(*a)
p = Point(3, 4)
print(p, p.x, p.norm2(), p + p, p == Point(3, 4), p != Point(1), Point.count, p.count)
print(p.sum, Point.origin(), Point.make(1, 2), Point.__name__, Point.__doc__, type(p) is Point)
p.z = 5
print(p.z, p.__dict__, hasattr(p, "z"), hasattr(p, "q"))
del p.z
for f in [lambda: p.z, lambda: Point(), lambda: p.norm2(1), lambda: Point.nothing, lambda: p.origin(1)]:
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
try:
    p.sum = 3
except AttributeError as e:
    print(e)
m = p.norm2
print(m(), Point.norm2(p), m.__self__ is p)
setattr(p, "dyn", 7); print(getattr(p, "dyn"), getattr(p, "no", "default"))
