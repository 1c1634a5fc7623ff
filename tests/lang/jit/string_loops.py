def words(n):
    text = "the quick brown fox jumps over the lazy dog " * n; c = {}
    for w in text.split(): c[w] = c.get(w, 0) + 1
    return sorted(c.items())
print(words(300))
def rev(s):
    o = ""
    for ch in s: o = ch + o
    return o
print(rev("abcdé" * 100)[:10], sum(ord(c) for c in "héllo wörld" * 300))
def vow(s): return sum(1 for c in s if c in "aeiou")
print(vow("programming language" * 200))
def fmt(n):
    t = 0
    for i in range(n): t += len(f"{i:05d}-{i / 3:.2f}-{i!r:>6}") + len("%d:%s" % (i, i)) + len("{}".format(i))
    return t
print(fmt(2000))
def cmp(n):
    l = [str(i) for i in range(n)]; l.sort(); c = 0
    for a, b in zip(l, l[1:]): c += a < b
    return c, l[:4]
print(cmp(3000))
def parse(n):
    t = 0
    for i in range(n): t += int(str(i)) + int(float("1.5") * 2) + len(str(i * i)) + ("%x" % i).count("f")
    return t
print(parse(3000))
def build(n):
    parts = []
    for i in range(n): parts.append(chr(97 + i % 26) * (i % 3))
    s = "".join(parts); return len(s), s[:10], s.find("zz"), s.replace("a", "").count("b"), s.upper()[-5:], hash(s) == hash("".join(parts))
print(build(5000))
def lower(n):
    out = []
    for i in range(n):
        w = "Word%d" % (i % 10); out.append(w.lower() if i % 2 else w.upper())
    return len(set(out)), sorted(set(out))[:3]
print(lower(3000))
def charclass(s):
    d = a = o = 0
    for c in s:
        if c.isdigit(): d += 1
        elif c.isalpha(): a += 1
        else: o += 1
    return d, a, o
print(charclass("a1 b2, ç3! 日4" * 300))
s = ""
for i in range(20000): s += "x"; s if i % 1000 else len(s)
print(len(s)); b = bytearray()
for i in range(10000): b.append(i & 255); b += b"z"
print(len(b), sum(b)); k = 0
for i in range(3000): k = (k * 31 + ord("abc"[i % 3])) % 1000003; k += "abc" < "abd"; k += "x" in "xyz"
print(k)
