class Base:
    subs = []
    def __init_subclass__(cls, /, tag=None, **kw): super().__init_subclass__(**kw); cls.tag = tag; Base.subs.append(cls.__name__)
class A(Base, tag="a"): pass
class B(A): pass
print(A.tag, B.tag, Base.subs)
try:
    class C(Base, bad=1): pass
except TypeError as e: print(e)
try:
    class D(x=1): pass
except TypeError as e: print(e)
class Named:
    def __set_name__(self, owner, name): self.where = f"{owner.__name__}.{name}"
class E: f, g = Named(), Named()
print(E.f.where, E.g.where)
class BadName:
    def __set_name__(self, o, n): raise ValueError("bad")
try:
    class F: attr = BadName()
except ValueError as e: print(e, e.__notes__)
class Plug:
    reg = {}
    def __init_subclass__(cls): Plug.reg[cls.__qualname__] = cls
    def __class_getitem__(cls, k): return f"{cls.__name__}<{k}>"
class P1(Plug): pass
print(list(Plug.reg), Plug[5], P1["x"], E.__dict__["f"] is E.f)
try: E[1]
except TypeError as e: print(e)
try: int[1]
except TypeError as e: print(e)
print(list[int], dict[str, int], tuple[int, ...], type[int], list[int].__origin__, list[int].__args__, list[int]([1]), isinstance([1], list), list[int] == list[int])
try: isinstance([1], list[int])
except TypeError as e: print(e)
