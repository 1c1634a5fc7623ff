# `object.__setattr__` is no way around a class's own.
for f, args in [(object.__setattr__, (str, "foo", 42)), (object.__delattr__, (str, "lower"))]:
    try: f(*args)
    except TypeError as e: print(e)
class Meta(type):
    def __setattr__(cls, key, value): type.__setattr__(cls, key, value)
class Other: pass
class Both(Other, Meta): pass
c = Both("D", (object,), {})
c.test = True
print(c.test)
class Bad(type):
    def __setattr__(cls, key, value): object.__setattr__(cls, key, value)
c = Bad("E", (object,), {})
try: c.test = True
except TypeError as e: print(e)
