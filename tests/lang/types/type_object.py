class A:
    "doc"
    x: int = 1
    def m(self): pass
print(A.__name__, A.__qualname__, A.__module__, A.__doc__, A.__bases__, A.__base__, A.__mro__, A.__dict__["x"], type(A.__dict__).__name__, A.__annotations__, A.__subclasses__(), A.__flags__ & (1 << 9) != 0)
A.__name__ = "Renamed"; print(A, A.__qualname__); A.__qualname__ = "Q.R"; print(A); A.__doc__ = "new"; print(A.__doc__); A.__module__ = "mod"; print(A, repr(A()).startswith("<mod.Q.R object"))
for s in ["A.__name__ = 5", "A.__name__ = 'a\\0b'", "del A.__name__", "A.__dict__['y'] = 1", "A.__bases__ = 5", "A.__mro__ = ()", "int.x = 1", "del int.real", "int.__name__ = 'x'", "A.__class__ = 5", "type('X', (5,), {})", "type('X', 5, {})", "type(5, (), {})", "type('X', (), 5)", "type('X', (int, float), {})", "type('X', (type(None),), {})", "A.nope", "del A.nope", "A.x.y", "type()", "A < A", "A + 1", "A[0]", "len(A)", "type('X', (), {})(1)", "type('X\\0', (), {})", "isinstance(1, (int, 'a'))", "issubclass(A, 5)", "type.__call__()", "object.__subclasshook__()", "type('X', (), {'__slots__': 'a'})().b"]:
    try: print(s, eval(s) if "= " not in s and not s.startswith("del") else exec(s))
    except Exception as e: print(s, type(e).__name__, e)
B = type("B", (A,), {"y": 2, "__doc__": "bdoc"}); print(B.y, B().x, B.__doc__, B.__module__, A.__subclasses__()[0].__name__)
print(type(1), type(type), int.__class__, type.__base__, object.__bases__, bool.__mro__, int.__doc__[:10], type(int.real).__name__, type(int.__add__).__name__, int | str, type(int | str), (int | None).__args__, isinstance(5, int | str), list[int] | None, int | "str" if False else 0)
for v in [int, float, str, list, dict, set, tuple, bytes, bool, complex, type(None), type(...), type(NotImplemented), range, slice, object, type, Exception, type(len), type(lambda: 0), type((x for x in [])), property, staticmethod, super, zip, map, enumerate, memoryview]: print(v, v.__name__, v.__module__, v.__base__.__name__ if v.__base__ else None)
