for z in [1 + 2j, -1j, 0j, complex(1.5, -0.0), 3 + 0j, complex("inf"), complex(float("nan"), 1), 1e20j]:
    print(z, repr(z), z.real, z.imag, z.conjugate(), bool(z), -z, +z, z == z)
a, b = 3 + 4j, 1 - 2j
print(a + b, a - b, a * b, a / b, a ** 2, a ** b, abs(a), a == 3 + 4j, a != b, a + 1, 1.5 * a, a / 2, 2 / a, a ** 0, a ** -1, a ** 0.5, 2 ** a, hash(3 + 0j) == hash(3), sum([a, b]), a == 3, (3 + 0j) == 3)
for t in ["a < b", "a % b", "a // b", "divmod(a, b)", "int(a)", "float(a)", "a / 0", "0j ** -1", "round(a)", "complex('1', 2)", "complex(1, '2')", "complex('x')", "complex([])", "complex(1, [])", "a > 1", "complex('1+2')", "complex('')", "complex(' 1+2j ')", "complex(1+2j, 3j)", "complex(real=1, imag=2)", "1j ** 2", "1j * 1j", "(1+2j).foo", "a[0]", "max(a, b)", "complex.from_number(3)", "complex('1_0+2j')", "~a"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
