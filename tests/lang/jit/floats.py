def mandel(w, h, n):
    t = 0
    for y in range(h):
        for x in range(w):
            cr, ci, zr, zi = x * 3 / w - 2, y * 2 / h - 1, 0.0, 0.0
            for i in range(n):
                if zr * zr + zi * zi > 4: break
                zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci
            t += i
    return t
print(mandel(40, 30, 50))
def integ(f, a, b, n):
    h = (b - a) / n; s = 0.5 * (f(a) + f(b))
    for i in range(1, n): s += f(a + i * h)
    return s * h
print(repr(integ(lambda x: x * x, 0, 1, 5000)), repr(integ(lambda x: 1 / (1 + x * x), 0, 1, 5000) * 4))
def newton(x):
    r = x
    for _ in range(60): r = 0.5 * (r + x / r)
    return r
print(newton(2.0), newton(1e10), newton(1e-10), newton(1e300), newton(5e-300))
def edge(n):
    x = 1.0; out = []
    for i in range(n):
        x *= 1.7 if i % 2 else 1e3
        if x > 1e300: out.append(x); x = 1e-300
    return out[:3], x
print(edge(2000))
def zero(n):
    z = 0
    for i in range(n):
        a = -0.0 if i % 2 else 0.0
        if str(a) == "-0.0": z += 1
    return z
print(zero(500))
nan = float("nan"); inf = float("inf")
def special(a, b): return a < b, a == b, a != b, a + b, a * b, max(a, b), a - b
for i in range(2000): special(float(i), 2.0)
print(special(nan, 1.0), special(inf, inf), special(-0.0, 0.0), special(1e308, 1e308), special(inf, nan), special(1, 1.0), special(2 ** 53 + 1, 2.0 ** 53))
def mixed(n):
    s = 0
    for i in range(n): s += i * 0.5 if i % 3 else i
    return s
print(mixed(10000), mixed(10), type(mixed(1)).__name__)
def fmod(n):
    s = 0.0
    for i in range(1, n): s += (i * 1.5) % 0.7 + (-i * 1.5) // 0.7 + (i ** 0.5) * (2.0 ** (i % 10)) + round(i * 0.1) + int(i * 0.3)
    return s
print(repr(fmod(3000)))
def divz(n):
    c = 0
    for i in range(n):
        try: 1.0 / (i % 10)
        except ZeroDivisionError: c += 1
    return c
print(divz(3000)); v = [0.1 * i for i in range(1000)]; print(sum(v), sum(a * b for a, b in zip(v, v[1:])), min(v), max(v))
def tiny(n):
    x = 1.0
    for i in range(n): x /= 2
    return x
print(tiny(1074), tiny(1075), tiny(766), tiny(768), 1 / tiny(600))
