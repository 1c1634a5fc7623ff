# Ints that leave the small range in compiled loops, and come back.
N = 7000
B = 1 << 61
def up(x, n):
    for _ in range(n): x += 1
    return x
def down(x, n):
    for _ in range(n): x -= 1
    return x
for x in (B - 2, B - 1, B, -B, -B + 1, -B - 1, 2 * B - 2, 4 * B - 2, B - N // 2, -B + N // 2, 0):
    print(up(x, N) - x, down(x, N) - x, up(x, 3), down(x, 3))
def powers(n):
    x = 1; s = []
    for i in range(n):
        x = x * 3
        if x > 1 << 200: s.append(x); x = 1
    return len(s), hash(tuple(s)), x
print(powers(N))
def squares(n):
    t = 0
    for i in range(n):
        k = i * 331_000_000_0
        t ^= k * k
    return t
print(squares(N))
def shifts(n):
    r = 0
    for i in range(n):
        r ^= (1 << (i % 130)) ^ ((i << 55) >> (i % 70)) ^ (-i << 58)
    return r
print(shifts(N))
def negate(x, n):
    for _ in range(n): x = -x
    return x
print(negate(-B, N), negate(-B, N + 1), negate(B, N + 1), negate(B - 1, N + 1), abs(-B))
def divide(n):
    r = []
    for i in range(-n, n):
        a, b = (i * 1234567891234567) , (i % 13) - 6
        if b: r.append((a // b, a % b, divmod(a, b)))
    return hash(tuple(r)), r[0], r[-1]
print(divide(N))
def floordiv_edge(x, y, n):
    for _ in range(n): z = x // y; w = x % y
    return z, w
for x in (-B, B - 1, -B + 1, 7, -7): print([floordiv_edge(x, y, N) for y in (-1, 1, 2, -2, 3, -3, B - 1, -B)])
def zero(n):
    k = 0
    for i in range(n):
        try: k += 1 // (i % 3)
        except ZeroDivisionError as e: k += 10
    return k
print(zero(N))
def mix(n):
    x = B - 10; out = 0
    for i in range(n):
        x = x + 1 if i % 3 else x - 2
        x &= (B << 1) - 1
        x |= i
        out = (out * 31 + x) % 1000003
    return x, out
print(mix(N))
def inv(x, n):
    for _ in range(n): x = ~x
    return x
print(inv(B - 1, N + 1), inv(-B, N + 1), inv(B, N + 1))
def compare(n):
    c = 0
    for i in range(n):
        x = B - n // 2 + i
        c += (x < B) + 2 * (x <= B) + 4 * (x == B) + 8 * (x > B) + 16 * (x != B) + 32 * (x >= B)
    return c
print(compare(N))
def ranges():
    c = []
    for lo in (B - 3, -B - 3, B, 2 * B):
        for step in (1, 2):
            k = []
            for i in range(lo, lo + 7, step): k.append(i)
            c.append(k)
        k = []
        for i in range(lo + 3, lo - 3, -1): k.append(i)
        c.append(k)
    return c
for _ in range(3): r = ranges()
print(r)
def total(n):
    s = B - 5
    for i in range(n): s += i
    for i in range(n): s -= i
    return s == B - 5, s
print(total(N))
def pows(n):
    s = 0
    for i in range(n): s += (i % 40) ** (i % 20) - (-3) ** (i % 45)
    return s
print(pows(N))
def bools(n):
    s = 0
    for i in range(n):
        t = i % 2 == 0
        s += t + True - (not t) * 3
        s ^= t & True | False
    return s
print(bools(N))
def bigindex(xs, n):
    r = 0
    for i in range(n):
        try: xs[i << 50]
        except IndexError: r += 1
    return r
print(bigindex([1, 2], N))
