from collections.abc import Buffer
import array
for x in (b"x", bytearray(b"x"), memoryview(b"x"), array.array("b", b"x"), "x", 1):
    print(type(x).__name__, isinstance(x, Buffer), hasattr(x, "__buffer__"))
m = b"abc".__buffer__(0)
print(bytes(m), m.readonly)
try: b"abc".__buffer__(1)
except BufferError as e: print(e)
w = bytearray(b"abc")
with w.__buffer__(1) as v: v[0] = 120
print(w)
class B(bytearray):
    def __buffer__(self, flags):
        print("asked")
        return super().__buffer__(flags)
b = B(b"q")
with memoryview(b) as v: print(bytes(v))
class S(bytes):
    def __len__(self):
        view.release()
        return 1
view = memoryview(bytearray(b"A" * 16))
try: view.hex(S(b":"))
except BufferError: print("BufferError")
