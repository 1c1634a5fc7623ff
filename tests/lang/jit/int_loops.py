def s1(n):
    t = 0
    for i in range(n): t += i
    return t
def s2(n):
    t, i = 0, 0
    while i < n: t = (t * 31 + i) & 0xFFFFFFFF; i += 1
    return t
def s3(n):
    t = 1
    for i in range(1, n): t = t * i % 1000000007
    return t
def s4(n):
    c = 0
    for i in range(n):
        if i % 3 == 0 and i % 5: c += 1
        elif i & 7 == 3 or i % 11 == 0: c -= 1
        else: c ^= i & 1
    return c
def s5(n): return sum(i * i for i in range(n)), sum([i // 3 for i in range(n)]), max(i ^ 0x55 for i in range(n))
def s6(n):
    a, b = 0, 1
    for _ in range(n): a, b = b, (a + b) % 998244353
    return a
def s7(n):
    x = n
    for i in range(n): x ^= (x << 13) & 0xFFFFFFFFFFFFFFFF; x ^= x >> 7; x ^= (x << 17) & 0xFFFFFFFFFFFFFFFF
    return x
for f in (s1, s2, s3, s4, s5, s6, s7): print(f.__name__, f(10), f(20000))
def neg(n):
    t = 0
    for i in range(-n, n, 3): t += i // 7 * 2 - i % 7 + (-i >> 2) + (i << 1) - ~i
    return t
print(neg(10000)); r = 0
for i in range(30000): r = (r + i * i) % 65537
print(r)
