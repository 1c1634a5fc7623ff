import builtins
class Shape:
    registry = {}
    def __init_subclass__(cls, **kw): super().__init_subclass__(**kw); Shape.registry[cls.__name__] = cls
    def area(self): raise NotImplementedError(f"{type(self).__name__}.area")
    def __lt__(self, o): return self.area() < o.area()
    def __repr__(self): return f"{type(self).__name__}({self.area():.2f})"
class Circle(Shape):
    def __init__(self, r): self.r = r
    def area(self): return 3.14159 * self.r ** 2
class Rect(Shape):
    def __init__(self, w, h): self.w, self.h = w, h
    def area(self): return self.w * self.h
class Square(Rect):
    def __init__(self, s): super().__init__(s, s)
class Blob(Shape): pass
shapes = [Circle(1), Rect(2, 3), Square(1.5)]
print(sorted(shapes), max(shapes), sum(s.area() for s in shapes), list(Shape.registry))
try: Blob().area()
except NotImplementedError as e: print(e)
class Vec:
    __slots__ = "x", "y"
    def __init__(self, x, y): self.x = x; self.y = y
    def __add__(self, o): return Vec(self.x + o.x, self.y + o.y)
    def __sub__(self, o): return Vec(self.x - o.x, self.y - o.y)
    def __mul__(self, k): return Vec(self.x * k, self.y * k) if not isinstance(k, Vec) else self.x * k.x + self.y * k.y
    __rmul__ = __mul__
    def __iter__(self): yield self.x; yield self.y
    def __abs__(self): return (self * self) ** 0.5
    def __matmul__(self, o): return self.x * o.y - self.y * o.x
    def __repr__(self): return f"<{self.x}, {self.y}>"
v = Vec(3, 4)
print(v + v, 2 * v, v * 2, v * v, abs(v), v @ Vec(1, 1), [*v], tuple(v - Vec(1, 1)))
try: v.z = 1
except AttributeError as e: print(e)
