m = memoryview(bytearray(b"abcdef"))
print(m[0], m[-1], bytes(m[1:3]), len(m), m.tolist(), m.format, m.itemsize, m.nbytes, m.shape, m.strides, m.ndim, m.readonly, m.contiguous, m.tobytes(), m.hex(), m == b"abcdef", list(m[::2]), bytes(m[::-1]), 97 in m)
m[0] = 65; m[1:3] = b"XY"; print(m.obj)
for s in ["m[0] = 256", "m[0] = 'a'", "m[9]", "m[0:2] = b'abc'", "memoryview(b'a').__setitem__(0, 1)", "memoryview('a')", "m['a']", "m.cast('q')", "hash(m)", "m.obj.append(1)"]:
    try: r = eval(s) if "=" not in s else exec(s); print(s, r)
    except Exception as e: print(s, type(e).__name__, e)
c = m.cast("H"); print(len(c), c.itemsize, c.format, c[0] == 65 + 88 * 256)
import array
a = array.array("i", [1, -2, 3]); v = memoryview(a); v[1] = 50; print(a, v.format, v.tolist(), v[1:].tolist(), v.nbytes, v.cast("B").nbytes)
w = memoryview(b"12345678").cast("B", (2, 4)); print(w.shape, w.tolist(), w[1, 2], w.ndim)
with memoryview(b"x") as q: print(q[0])
try: q[0]
except ValueError as e: print(e)
ro = m.toreadonly(); print(ro.readonly, hash(memoryview(b"a")) == hash(b"a"), memoryview(b"a") == memoryview(bytearray(b"a")), memoryview(b"ab") == b"ac")
m.release(); v.release(); a.append(1); print(len(a))
