from decimal import *
from fractions import Fraction as F
D = Decimal
print(D("1.10") + D("2.2"), D(1) / D(3), D("1.5") * 2, D("-7") // 2, D("-7") % 2, D("2") ** 10, D("2").sqrt(), D("1E+5"), D("0.1") + D("0.2") == D("0.3"), D(0.1), D("NaN"), D("-Infinity"), D("1.0") == D("1.00"), hash(D("1.0")) == hash(1), D("123.456").quantize(D("0.01")), D("2.675").quantize(D(".01"), ROUND_HALF_UP), round(D("2.5")), round(D("1.25"), 1), int(D("3.9")), float(D("1.5")), str(D("1E-10")), D("0E-8"), repr(D("1.5")), D((1, (1, 2, 3), -2)), D("1.23").as_tuple(), D("100").normalize(), D("1e3").to_eng_string(), f"{D('1234.5'):,.2f}", f"{D('0.5'):.0%}", abs(D(-1)), -D("0"), D("5").compare(D("3")), max(D(1), D(2)), D(7).ln(), D(2).exp(), D("1.5").as_integer_ratio(), D("12").logb(), D("1e400") * D("1e400"))
for s in ["D('x')", "D(1) / 0", "D(0) / 0", "D(1) + 1.5", "D(-1).sqrt()", "D('1') < 'a'", "D('NaN') < 1", "D(1) == 1.0", "D(1) < 1.5", "D(10) ** 1000000000", "int(D('NaN'))", "D([])", "D('1').quantize(D('1e-30'))", "D('sNaN') + 1", "D(5) % 0"]:
    try: print(s, eval(s))
    except Exception as e: print(s, type(e).__name__, e)
with localcontext() as c: c.prec = 50; print(D(1) / 7, D(2).sqrt())
with localcontext(prec=5, rounding=ROUND_DOWN): print(D(2) / 3, D("123456.789") + 0)
print(getcontext().prec, D(1) / 7, getcontext().rounding)
print(F(1, 3) + F(1, 6), F("0.25"), F("3/4"), F(0.5), F(6, -4), F(1, 3) * 3, F(7, 2) // 1, F(7, 2) % 1, F(1, 2) ** 2, F(2) ** -1, F(4) ** F(1, 2), F(1, 3) < 0.34, F(1, 2) == 0.5, hash(F(1, 2)) == hash(0.5), float(F(1, 3)), round(F(7, 2)), int(F(7, 2)), F(3.14159).limit_denominator(100), repr(F(1, 2)), str(F(5)), F(1, 2) + 1, 1 - F(1, 3), F(1, 2) + 0.5, abs(F(-1, 2)), F(1, 2).numerator, divmod(F(7, 2), 1), F(D("1.5")), f"{F(1, 3):.3f}", sum([F(1, i) for i in range(1, 10)]))
for s in ["F(1, 0)", "F('x')", "F(1.5, 2)", "F('1/0')", "F(1) / 0", "F(1, 2) + 'a'", "F(float('nan'))", "F(1, 2) < 1j"]:
    try: print(s, eval(s))
    except Exception as e: print(s, type(e).__name__, e)
