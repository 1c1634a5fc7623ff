for a in (0, 1, -1, 5, -5, 255, 2 ** 31, -2 ** 31, 2 ** 61, 2 ** 62 - 1, -2 ** 62, 2 ** 63, -2 ** 63, 2 ** 64 + 1):
    print(a, [a << n for n in (0, 1, 5, 62, 64)], [a >> n for n in (0, 1, 5, 62, 64, 1000)], ~a, a.bit_length(), a.bit_count(), a & 0xFF, a | 1, a ^ -1, -a, abs(a))
vals = [0, 3, -3, 2 ** 40, -2 ** 62, 2 ** 70, -2 ** 70 + 5]
print([[a & b for b in vals] for a in vals]); print([[a | b for b in vals] for a in vals]); print([[a ^ b for b in vals] for a in vals])
print([(a // b, a % b) for a in vals for b in (7, -7, 2 ** 65, -2 ** 61)])
for n in (0, 1, 127, 128, 255, 256, 65535, 2 ** 64): 
    for order in ("big", "little"): b = n.to_bytes(9, order); assert int.from_bytes(b, order) == n
for n in (-1, -128, -129, -2 ** 63): b = n.to_bytes(9, "big", signed=True); print(b.hex(), int.from_bytes(b, "big", signed=True) == n, int.from_bytes(b, "big"))
print((5).to_bytes(), int.from_bytes(b"\x05"), int.from_bytes([1, 2], "big"), (0).to_bytes(0), int.from_bytes(b""), 1 << 200 >> 199, (1 << 64) - 1 & 2 ** 32 - 1, 1 >> 10 ** 20 if False else 0)
for t in ["1 << -1", "1 >> -1", "(300).to_bytes(1)", "(-1).to_bytes(1)", "(1).to_bytes(1, 'mid')", "int.from_bytes('a')", "1 << 1.0", "1 & '1'", "0 << 10 ** 30", "1 << 10 ** 30", "5 >> 10 ** 30", "-5 >> 10 ** 30"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
