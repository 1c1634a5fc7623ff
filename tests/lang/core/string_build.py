out = []
for i in range(1, 16): out.append("FizzBuzz" if i % 15 == 0 else "Fizz" if i % 3 == 0 else "Buzz" if i % 5 == 0 else str(i))
print(" ".join(out))
s = ""
for i in range(20000): s += chr(97 + i % 26)
print(len(s), s[:5], s[-5:], s.count("z"), s.find("xyz"), hash(s) == hash(s[:]))
t = s; s += "!"; print(len(t), len(s), s.endswith("!"), t.endswith("!"))
u = "é"; u += "a"; u += "日"; u += "😀"; print(u, len(u), u[::-1], u.encode())
def table(rows):
    w = [max(len(str(r[c])) for r in rows) for c in range(len(rows[0]))]
    for r in rows: print("| " + " | ".join(str(v).ljust(k) for v, k in zip(r, w)) + " |")
table([("name", "qty"), ("apple", 3), ("kiwi", 12345)])
def roman(n):
    r = ""
    for v, k in [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]:
        while n >= v: r += k; n -= v
    return r
print([roman(n) for n in (1, 4, 9, 14, 1994, 2026)])
for i in range(4): print(" " * (3 - i) + "*" * (2 * i + 1))
def to_base(n, b):
    d = ""
    while True:
        n, r = divmod(n, b); d = "0123456789abcdefghijklmnopqrstuvwxyz"[r] + d
        if n == 0: return d
print(to_base(255, 2), to_base(255, 16), to_base(10 ** 20, 36), int(to_base(10 ** 20, 36), 36))
