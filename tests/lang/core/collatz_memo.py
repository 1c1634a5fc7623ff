cache = {1: 1}
def length(n):
    stack = []
    while n not in cache:
        stack.append(n)
        n = n // 2 if n & 1 == 0 else 3 * n + 1
    l = cache[n]
    while stack:
        l += 1
        cache[stack.pop()] = l
    return l
best = max(range(1, 20000), key=length)
print(best, cache[best], len(cache))
def digits(n): return sum(d * d for d in map(int, str(n)))
def happy(n):
    seen = set()
    while n != 1 and n not in seen: seen.add(n); n = digits(n)
    return n == 1
print([n for n in range(1, 60) if happy(n)])
def lcg(seed):
    while True:
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        yield seed >> 33
g = lcg(42)
vals = [next(g) for _ in range(1000)]
print(vals[:3], sum(vals), max(vals) < 2 ** 31)
def adler(b):
    a, s = 1, 0
    for x in b: a = (a + x) % 65521; s = (s + a) % 65521
    return s << 16 | a
print(hex(adler(b"Wikipedia")), adler(bytes(range(256)) * 10))
def fnv(s):
    h = 0xcbf29ce484222325
    for c in s.encode(): h = ((h ^ c) * 0x100000001b3) & 0xffffffffffffffff
    return h
print(hex(fnv("hello")), hex(fnv("")))
