print((10).bit_count(), (255).to_bytes(2, "big"), (1000).to_bytes(4, "little"), int.from_bytes(b"\x01\x00", "big"), int.from_bytes(b"\xff\xff", "little", signed=True))
print((-1).to_bytes(2, "big", signed=True), (5).as_integer_ratio(), (7).conjugate(), (7).real, (7).imag, (7).numerator, (7).denominator, (5).is_integer())
print(round(12345, -2), round(15, -1), round(25, -1), round(-15, -1), round(5), (5).__add__(3), (5).__radd__(2), int.__add__(1, 2), (5).__add__("x"))
print(hash(2 ** 61 - 1), hash(2 ** 61), hash(-1), hash(-2), hash(2 ** 100), hash(1) == hash(1.0) == hash(True))
for f in [lambda: (256).to_bytes(1, "big"), lambda: (-1).to_bytes(1, "big"), lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 1 << -1, lambda: 0 ** -1, lambda: pow(2, -1, 4), lambda: pow(2, 3, 0), lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: 1 / 0.0, lambda: 2 ** "a", lambda: ~1.5, lambda: 1 & 1.0, lambda: 10.0 ** 400, lambda: int(1e400), lambda: (1).foo]:
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
print(7 // -2, -7 // 2, 7 % -2, -(10 ** 20) // 3, -(10 ** 20) % 3, divmod(-(10 ** 20), 10 ** 10 + 1))
print([(a, b, a // b, a % b) for a in (-7, 7, -2 ** 62, 2 ** 62) for b in (-3, 3, 2 ** 62 + 1)])
