# Ints, floats, bools and others at one place, after it was compiled for one kind.
N = 7000
def add(a, b): return a + b
def mul(a, b): return a * b
def lt(a, b): return a < b
def neg(a): return -a
def total(xs):
    s = 0
    for x in xs: s += x
    return s
import fractions
for _ in range(N): add(1, 2); mul(2, 3); lt(1, 2); neg(1); total([1, 2, 3])
class V:
    def __init__(self, v): self.v = v
    def __add__(self, o): return ("add", self.v, o)
    def __radd__(self, o): return ("radd", self.v, o)
    def __mul__(self, o): return NotImplemented
    def __lt__(self, o): return ("lt",)
    def __neg__(self): return "neg"
for a, b in [(1, 2.5), (2.5, 1), (1.5, 2.5), (True, 1), (True, False), ("a", "b"), ([1], [2]), (1, V(2)), (V(1), 2), (1 << 70, 1), (1, 1 << 70), (1 << 61, -(1 << 61)), (1j, 2), (0.0, -0.0), (float("inf"), 1), (1, "a"), (None, 1), (fractions.Fraction(1, 2), 1)]:
    for f in (add, mul, lt):
        try: print(f.__name__, f(a, b), end="; ")
        except TypeError as e: print(f.__name__, e, end="; ")
    try: print(neg(a))
    except TypeError as e: print(e)
for xs in ([1.5, 2], [True, 2.5], [1 << 60, 1 << 60, 1 << 60], [0.1] * 5, [1, 2.0, 1 << 65], (1, 2), {3: 1}, range(5), "", iter([1, 2])):
    print(total(xs))
try: total([1, "a"])
except TypeError as e: print(e)
def swap_kinds(n):
    x = 0
    for i in range(n):
        x = x + (0.5 if i % 1000 == 999 else 1)
        if i == n // 2: x = int(x)
    return x
print(swap_kinds(N), swap_kinds(3 * N))
def rare(n):
    x = 1.0; y = []
    for i in range(n):
        x = x * 1e-30 if i % 2 else x * 1e30
        if i % 500 == 0: x = 5e-324; y.append(x)
        if i % 700 == 0: x = 1.7e308; y.append(x * 10); y.append(x)
    return x, y[:6], sum(y[:2])
print(rare(N))
def nans(n):
    nan = float("nan"); c = 0
    for i in range(n):
        c += (nan < i) + (nan > i) + (nan == nan) + (nan != nan) + (nan in [nan]) + (not nan < 0.0)
    return c
print(nans(N))
def zeros(n):
    s = []
    z = 0.0
    for i in range(n): z = -z
    s += [z, -z, z + 0, -z * 1, 0 * -1.0, -0.0 + 0]
    return s
print(zeros(N), zeros(N + 1))
def fdiv(n):
    r = 0
    for i in range(1, n):
        r += i / 3 - (i // 3.0) + (-i) % 7.5 + i / -7 + (i * 1.0) // -7 + divmod(i, 2.5)[0]
    return r
print(fdiv(N))
def exact(n):
    r = 0
    for i in range(n):
        b = (1 << 53) + i
        f = float(b)
        r += (b == f) + 2 * (b < f) + 4 * (b > f) + 8 * (b + 0.0 == f)
    return r
print(exact(N))
def big_true_div(n):
    r = 0.0
    for i in range(1, n): r += ((1 << 60) + i) / (i + (1 << 54)) + (1 << 70) / i
    return r
print(big_true_div(N))
def conv(n):
    r = 0
    for i in range(n):
        r += int(i * 0.7) - round(i * 0.5) + int(-i * 0.3) + abs(-i) + abs(-i * 0.5) + min(i, 3.5) + max(i, 2)
    return r
print(conv(N))
for f in (1e300, -1e19, 2.0 ** 61, 2.0 ** 62, -2.0 ** 61, float("nan"), float("inf")):
    def trunc(n, x):
        for i in range(n): k = int(x)
        return k
    try: print(trunc(N, 1.5), trunc(N, f))
    except (ValueError, OverflowError) as e: print(e)
# One operand a small int for sure, the other a float so far.
def plus(x): return 1 + x
def times(x, n):
    s = 0
    for i in range(n): s = i * x
    return s
def square(x): return x ** 2
def less(x): return 3 - x - 1
keep = [plus, times, square, less]
for i in range(N): keep[0](1.5); keep[2](1.5); keep[3](0.5)
times(0.5, N)
print(plus(1), times(2, 3), square(3), less(1), plus(True), square(True), plus(1 << 61), less(-(1 << 61)))
class I(int): pass
class F(float):
    def __add__(self, o): return "F"
print(add(I(3), 4), type(add(I(3), 4)).__name__, add(F(1), 1), add(1, F(1)), mul(I(2), 2.0), lt(I(1), F(2)))
