# What has items by key is a mapping to `%`, texts excepted (bytes are none to a str).
class B(bytes): pass
class S(str): pass
for f in ["abc", b"abc", bytearray(b"abc")]:
    for v in ["x", b"x", bytearray(b"x"), memoryview(b"x"), [1], (1,), (), {}, {"a": 1}, range(2), B(b"x"), S("x"), 5, None, {1}]:
        try: print(f, type(v).__name__, f % v)
        except TypeError as e: print(f, type(v).__name__, e)
