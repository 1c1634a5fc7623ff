def sieve(n):
    p = [True] * (n + 1)
    p[0] = p[1] = False
    i = 2
    while i * i <= n:
        if p[i]:
            for j in range(i * i, n + 1, i): p[j] = False
        i += 1
    return [i for i, f in enumerate(p) if f]
ps = sieve(2000)
print(len(ps), ps[:10], ps[-1], sum(ps))
def factor(n):
    out, d = [], 2
    while d * d <= n:
        while n % d == 0: out.append(d); n //= d
        d += 1
    if n > 1: out.append(n)
    return out
print([factor(n) for n in (360, 97, 1001, 2 ** 20, 600851475143)])
def collatz(n):
    s = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        s += 1
    return s
print(max(range(1, 1000), key=collatz), collatz(27))
print([n for n in range(2, 500) if sum(d for d in range(1, n) if n % d == 0) == n])
def isqrt(n):
    x = n
    while x * x > n: x = (x + n // x) // 2
    return x
print(isqrt(10 ** 40), isqrt(99))
