total = 0
for i in range(60000):
    total += i & 3
    if i == 30000: total = float(total)
print(total)
def one_long():
    a, b, s, l, d = 0, 1.5, "", [], {}
    i = 0
    while i < 30000:
        a += i; b = b * 0.999 + i * 0.001
        if i % 1000 == 0: s += chr(97 + i // 1000 % 26); l.append(a); d[i] = b
        if i == 20000: a = a * 2 ** 40
        i += 1
    return a, repr(b), s, len(l), l[-1], len(d)
print(one_long())
def nested():
    t = 0
    for i in range(150):
        for j in range(150):
            if (i + j) % 50 == 49: continue
            if j > 140: break
            t += i * j
        else: t += 1
    return t
print(nested())
def with_cells():
    n = 0
    def inc(): nonlocal n; n += 1; return n
    for i in range(20000):
        if inc() != i + 1: return "bad"
    return n
print(with_cells())
def gen():
    t = 0
    for i in range(20000):
        t += i
        if i % 5000 == 0: yield t
print(list(gen()))
def switch():
    state, c, out = "a", 0, []
    for i in range(20000):
        match state:
            case "a": c += 1; state = "b" if i % 7 == 0 else "a"
            case "b": c += 10; state = "c" if i % 3 else "a"
            case "c": c -= 5; state = "a"
    return c, state
print(switch())
def try_in_loop():
    t = 0
    for i in range(20000):
        try:
            t += i
            if i == 15000: raise ValueError(i)
        except ValueError as e: t -= e.args[0]
    return t
print(try_in_loop())
class K:
    t = 0
    for i in range(10000): t += i
print(K.t); x = [0] * 100
for i in range(30000): x[i % 100] += i % 7
print(sum(x), x[:5])
while total > 0: total -= 3
print(total)
def many_locals():
    a = b = c = d = e = f = g = h = 0
    for i in range(20000):
        a += 1; b += a & 1; c ^= b; d = c - a; e = max(d, e); f = (f + e) % 1009; g = f if i % 2 else g; h += g
    return a, b, c, d, e, f, g, h
print(many_locals())
