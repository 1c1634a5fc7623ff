import weakref, re, gc
class Bad:
    @property
    def __name__(self): raise ZeroDivisionError
b = Bad()
try: repr(weakref.ref(b))
except ZeroDivisionError: print("raised")
class Config(dict):
    def __getattr__(self, x): return self[x]
c = Config(offset=5)
print("Config" in repr(weakref.ref(c)))
def f(): pass
print(re.sub("0x[0-9a-f]+", "AT", repr(weakref.ref(f))))
class P:
    def __bytes__(self): return b"bytes"
    def __len__(self): return 3
    def __reversed__(self): return iter("cba")
p = P()
q = weakref.proxy(p)
print(bytes(q), list(reversed(q)), "__bytes__" in dir(q))
m = memoryview(b"abc")
r = weakref.ref(m)
print(r() is m)
