a, b = 3 ** 200, 7 ** 130
print(a + b, a - b, b - a)
print(a * b)
print(a // b, a % b, divmod(-a, b), a // -b)
print(a ** 3 % 10 ** 30, pow(a, b, 10 ** 18 + 9), a >> 100, a << 7 == a * 128)
print(a & b, a | b, a ^ b, ~a, -a & b, -a | b, -a ^ -b)
print(a / b, b / a, float(2 ** 100), int(1e30), 2 ** 1000 / 2 ** 998, 10 ** 400 // 10 ** 398)
print(a == a + 0, a < b, a > b, a == float(a), 2 ** 53 + 1 > float(2 ** 53), 10 ** 400 > 1e308)
try: float(10 ** 400)
except OverflowError as e: print(e)
try: 10 ** 400 / 3
except OverflowError as e: print(e)
f = 1
for i in range(1, 200): f *= i
print(f % 1000000007, len(str(f)), f.bit_length())
while f % 10 == 0: f //= 10
print(f % 10 ** 12)
x = 2 ** 62
for _ in range(4): x -= 2 ** 61; print(x, type(x).__name__)
print([2 ** k - 1 for k in (30, 31, 32, 60, 61, 62, 63, 64)], [-2 ** k for k in (31, 61, 62, 63)])
try: int("9" * 5000)
except ValueError as e: print(e)
try: str(10 ** 5000)
except ValueError as e: print(e)
