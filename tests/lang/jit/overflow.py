def grow(n):
    x = 1
    for i in range(n): x = x * 3 + 1
    return x
for _ in range(50): grow(20)
print(grow(38), grow(39), grow(40), grow(41), grow(200))
def add(n, start, step):
    x = start
    for _ in range(n): x += step
    return x
for _ in range(50): add(100, 0, 1)
M = 2 ** 61 - 1; print(add(100, M - 50, 1), add(100, -M + 50, -1), add(10, 2 ** 61, 2 ** 60), add(1000, 0, 2 ** 59), add(5, 2 ** 63 - 3, 1), add(5, -2 ** 63 + 3, -1))
def fact(n): return 1 if n < 2 else n * fact(n - 1)
for _ in range(100): fact(15)
print(fact(20), fact(21), fact(25), fact(30))
def back(n):
    x = 2 ** n
    while x > 1: x //= 2
    return x
print([back(n) for n in (10, 61, 62, 63, 64, 100)])
def shl(n): return [1 << i for i in range(n)][-1], -1 << n - 1
for _ in range(200): shl(30)
print(shl(62), shl(63), shl(64), shl(70))
def neg(x): return -x, abs(x), ~x, x - 1, x * -1
for i in range(2000): neg(i)
for v in (2 ** 61, -2 ** 61, 2 ** 62, -2 ** 62, 2 ** 63 - 1, -2 ** 63): print(neg(v), neg(-v))
def mul(a, b): return a * b
for i in range(3000): mul(i, i)
print(mul(2 ** 31, 2 ** 30), mul(2 ** 31, 2 ** 31), mul(2 ** 32, 2 ** 31), mul(-2 ** 31, 2 ** 31), mul(-2 ** 62, -1), mul(3037000500, 3037000500), mul(2 ** 40, 2 ** 40))
def div(a, b): return a // b, a % b
for i in range(1, 3000): div(i, 7)
print(div(-2 ** 61, -1), div(-2 ** 62, -1), div(-2 ** 63, -1), div(2 ** 70, 3), div(5, -2 ** 70))
h = 0
for i in range(20000): h = h * 1000003 ^ i; h &= 2 ** 64 - 1
print(h)
c = 2 ** 62 - 500
for i in range(1000): c += 1
print(c, c == 2 ** 62 + 500)
