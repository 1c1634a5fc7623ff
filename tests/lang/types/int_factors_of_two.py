# Products of numbers that are a small one shifted far, or zero.
for a in (1, -1, 3, -(7 ** 40), 10 ** 30):
    for i in (0, 63, 64, 4096, 70000):
        for b in (1, -5, 3 ** 2000):
            for j in (0, 1, 5000, 64 * 1000):
                x, y = a << i, b << j
                if x * y != (a * b) << (i + j) or y * x != x * y or (x * y) // y != x:
                    print("wrong", a, i, b, j)
big = 1 << 100000
print(big * 0, 0 * big, (big * big).bit_length(), (big * -big).bit_length(), big * -big < 0, (big * (big + 1)) & 1)
n = 1 << 61
for _ in range(20):
    n *= n
print(n.bit_length(), n & (n - 1))
