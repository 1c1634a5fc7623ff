for n in (0, -1, 10 ** 9, 10 ** 18, -10 ** 19, 2 ** 63, 2 ** 64, 10 ** 40 + 7, -3 ** 100, 7 ** 300): print(n, str(n) == repr(n), int(str(n)) == n, hex(n), int(hex(n), 16) == n, oct(n)[-5:], bin(n)[-8:], f"{n:,}"[-12:])
for s in ["1" * 30, "-" + "9" * 25, " \t 12 \n", "1_2_3", "0_0", "00", "-0"]: print(repr(s), int(s))
for b in (2, 3, 7, 10, 16, 32, 36): print(b, int("1010110", b), int("-" + "1" * 50, b))
for s, b in [("12", 2), ("zz", 35), ("0x10", 16), ("0x10", 10), ("0b11", 16), ("", 0), ("0_7", 0), ("07", 0), ("0", 0), ("00", 0), ("0xg", 0), ("1e5", 10), ("१२", 10), ("１２", 10), ("1 ", 2), ("--1", 10), ("+-1", 10), ("0b2", 0), ("1\x00", 10), ("9" * 100 + "x", 10)]:
    try: print(ascii(s), b, int(s, b))
    except ValueError as e: print(e)
print(int(b"12"), int(bytearray(b"-7")), int(b" 5 "), int("7", base=8), int(x := 5), int(3.99e20), int(-1e18), int(2 ** 0.5 * 1e10))
import sys
print(sys.get_int_max_str_digits(), len(str(10 ** 4299)))
for t in ["str(10 ** 4300)", "int('1' * 4301)", "len(hex(10 ** 5000))", "int('f' * 5000, 16) > 0", "f'{10 ** 4300}'", "'%d' % 10 ** 4300", "int(b'\\xff')", "int('1', 1)", "int('1', -5)", "int(1.5, 10)", "int('1', 2.0)", "int(None)", "int('')", "int('0x1')"]:
    try: r = eval(t); print(t, r)
    except Exception as e: print(t, type(e).__name__, e)
sys.set_int_max_str_digits(640)
try: str(10 ** 700)
except ValueError as e: print(e)
sys.set_int_max_str_digits(0); print(len(str(7 ** 10000)))
