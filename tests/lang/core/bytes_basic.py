b = b"hello"
print(b, len(b), b[0], b[-1], b[1:3], b + b"!", b * 2, list(b), 104 in b, b"ell" in b)
print(b.upper(), b.find(b"l"), b.replace(b"l", b"L"), b.split(b"l"), b.startswith(b"he"), b.hex(), bytes.fromhex("00ff 10"))
print(bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), "é".encode(), b"\xc3\xa9".decode(), b"\x00\n\t\\'")
a = bytearray(b"abc")
a[0] = 65; a.append(100); a += b"!"; a.extend([1]); del a[1]
print(a, bytes(a), len(a), a == b"Acd!\x01")
for f in [lambda: b"a" + "b", lambda: bytes([256]), lambda: b"\xff".decode(), lambda: b[10], lambda: "é".encode("ascii"), lambda: bytes(-1)]:
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
m = memoryview(b"abcdef")
print(m[0], bytes(m[1:3]), len(m), m.tolist()[:2])
