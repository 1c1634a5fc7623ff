for s in ["0", "-0", "+5", " 12 ", "1_000", "0x1f", "1__0", "_1", "", " ", "1.0", "٣", "12a", "1 2", "0b11"]:
    try: print(repr(s), int(s))
    except ValueError as e: print(e)
for s, b in [("ff", 16), ("0xff", 16), ("0b101", 2), ("0b101", 0), ("077", 8), ("0o17", 0), ("z", 36), ("2", 2), ("010", 0), ("1", 1), ("1", 37), ("-0x1F", 0)]:
    try: print(s, b, int(s, b))
    except ValueError as e: print(e)
for s in ["1", "1.5", ".5", "5.", "1e5", "1E-5", "inf", "-Infinity", "nan", "1_0.5", "1e", "", "0x1p3", " 1 ", "1 .", "1e400", "1e-400"]:
    try: print(repr(s), float(s))
    except ValueError as e: print(e)
for x in [1.5, "2", b"3", True, None, [], 10 ** 30, float("inf"), float("nan")]:
    try: print(int(x))
    except Exception as e: print(type(e).__name__, e)
print(0b1010, 0o777, 0xdead_beef, 1e3, 1_0.0_1, 1j, 1.5e-3j, 10 ** 20)
for s in ["1+2j", "j", "-1.5j", "(1+1j)", "1 + 2j", "x", "inf+nanj"]:
    try: print(complex(s))
    except ValueError as e: print(e)
