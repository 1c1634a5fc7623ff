for x in [0.1, 1/3, 2/3, 100.0, 1e15, 1e16, 1.5e16, 123456789.123456789, 1e-4, 1e-5, 0.00001234, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e21, 1e22, 1e23, 9007199254740993.0, -0.0, 4.35, 0.3, 2.675, 1e100, 3e-5, float("inf"), float("-inf"), float("nan")]:
    print(repr(x), str(x), f"{x}", f"{x:g}", f"{x:.3f}" if abs(x) < 1e20 else "", f"{x:.3e}", "%.6g" % x)
print(round(0.5), round(1.5), round(2.5), round(0.15, 1), round(1e20), round(1.005, 2), round(5.015, 2), round(-0.4), round(1234.567, -2), round(1e300, 2))
print(1e16 + 1, 0.1 + 0.7, 1.1 * 3, 1e-10, 12345678901234567890.0)
print((0.1).hex(), float.fromhex("0x1.8p3"), (3.7).__floor__(), (3.2).__ceil__(), (-3.7).__trunc__(), (1e10).is_integer(), (2.5).as_integer_ratio())
