import struct, array
for f, a in [("i", (5,)), (">i", (-5,)), ("<hhl", (1, 2, 3)), ("=bBhHiIqQ", (-1, 255, -2, 65535, -3, 4294967295, -4, 2 ** 64 - 1)), ("!f", (1.5,)), ("d", (0.1,)), ("3s", (b"abcd",)), ("5p", (b"ab",)), ("c?x", (b"z", True)), ("2h", (1, 2)), ("e", (1.5,)), (">10sI", (b"hi", 7)), ("", ()), ("@bi", (1, 2))]:
    p = struct.pack(f, *a); print(f, p, struct.unpack(f, p), struct.calcsize(f))
for t in ["struct.pack('i', 'a')", "struct.pack('b', 200)", "struct.pack('B', -1)", "struct.pack('i')", "struct.pack('i', 1, 2)", "struct.unpack('i', b'abc')", "struct.pack('z', 1)", "struct.pack('s', 'a')", "struct.pack('c', b'ab')", "struct.pack('f', 'x')", "struct.pack('h', 1.5)", "struct.calcsize('9')", "struct.pack('f', 1e300)", "struct.unpack_from('i', b'abcd', 2)", "struct.pack('q', 2 ** 63)", "struct.pack('>I', 2 ** 32)"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
s = struct.Struct("<hb"); b = bytearray(8); s.pack_into(b, 2, 5, 6); print(b, s.unpack_from(b, 2), s.size, s.format, list(s.iter_unpack(bytes(6))))
a = array.array("i", [3, 1, 2]); a.append(9); a.extend([7]); a.insert(0, -1); print(a, a[1], a[-1], a[1:3], len(a), a.pop(), a.index(2), a.count(9), a.itemsize, a.typecode, a.tolist(), a + a[:1], a * 2 == array.array("i", a.tolist() * 2), 9 in a, list(reversed(a)), a == array.array("l", a)); a.reverse(); a[0] = 100; del a[1]; a[0:1] = array.array("i", [5, 6]); print(a, a.tobytes() == struct.pack(f"{len(a)}i", *a)); a.byteswap(); a.byteswap(); a.frombytes(b"\1\0\0\0"); print(a, array.array("d", [1.5]), array.array("u" if False else "w", "hé"), array.array("b", b"ab"), array.array("i"))
for t in ["array.array('z')", "array.array('i', ['a'])", "array.array('b', [200])", "array.array('i', [1.5])", "a[99]", "a.append('x')", "a + [1]", "a[0:1] + 5", "a.pop(99)", "a.remove(12345)", "array.array('i', b'abc')", "array.array('B').append(-1)", "a < 5"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
