# Loops that compiled code is entered in the middle of.
def f(n, m):
    t = 0
    s = 0
    for i in range(n):
        for j in range(m):
            t += i * j
            if j == 7 and i % 3 == 0:
                continue
            s += 1
        t -= s
        if i % 5 == 0: continue
        t += 1
    return t, s, i, j
print(f(20, 9000))
print(f(500, 40))
def g(n):
    out = []
    k = 0
    while k < n:
        todo = list(range(k % 17))
        while todo:
            x = todo.pop()
            if x == 5: break
            if x == 3: continue
            out.append((k, x))
        else:
            out.append(k)
        k += 1
    return len(out), sum(a if isinstance(a, int) else a[0] * a[1] for a in out)
print(g(9000))
def h(n):
    c = 0
    for a in range(n):
        for b in range(n):
            for d in range(n):
                if (a + b + d) % 7 == 0:
                    c += 1
                elif d > 30: break
            c ^= b
        if c > 1 << 40: return c
    return c
print(h(60))
