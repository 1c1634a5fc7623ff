class V:
    def __init__(self, n): self.n = n
    def __repr__(self): return self.n
def bind(op):
    setattr(V, f"__{op}__", lambda s, o: f"{s}.{op}({o})")
    setattr(V, f"__r{op}__", lambda s, o: f"{s}.r{op}({o})")
for op in "add sub mul truediv floordiv mod divmod pow lshift rshift and or xor matmul".split(): bind(op)
v = V("v")
for e in ["v + 1", "1 + v", "v - 1", "1 - v", "v * 2", "2 * v", "v / 1", "1 / v", "v // 1", "1 // v", "v % 1", "1 % v", "divmod(v, 1)", "divmod(1, v)", "v ** 2", "2 ** v", "v << 1", "1 << v", "v >> 1", "1 >> v", "v & 1", "1 & v", "v | 1", "1 | v", "v ^ 1", "1 ^ v", "v @ 1", "1 @ v", "v + v", "'s' + v", "'%s' % v", "[1] + v", "[1] * v", "1.5 + v", "None + v"]:
    try: print(e, "=", eval(e))
    except TypeError as x: print(e, "->", x)
class Sub(V):
    def __radd__(self, o): return "sub.radd"
print(V("v") + Sub("s"), Sub("s") + V("v"), Sub("s") + Sub("t"))
class NI:
    def __add__(self, o): return NotImplemented
    def __radd__(self, o): return NotImplemented
    def __iadd__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
    def __pow__(self, o, m=None): return ("pow", m)
n = NI()
for e in ["n + n", "n + 1", "1 + n", "n < n", "n < 1", "1 < n", "n @ 1", "-n", "+n", "~n", "n[0]", "n()", "len(n)", "n // 1", "1 << n", "abs(n)", "int(n)", "float(n)", "round(n)", "n in n", "pow(n, 2, 3)"]:
    try: print(e, "=", eval(e))
    except TypeError as x: print(e, "->", x)
for s in ["n += 1", "n -= 1", "n **= 2", "n @= 1", "n &= 1", "n >>= 1"]:
    try: exec(s, {"n": NI()}); print(s, "ok")
    except TypeError as x: print(s, "->", x)
for e in ["1 + 'a'", "'a' + 1", "[] + ()", "{} + {}", "1 - 'a'", "'a' * 'b'", "[1] * 1.5", "'a' % 5", "None * 2", "1 & 1.5", "1 @ 2", "2 ** 'a'", "{1} | [2]", "{1} - [1]", "object() + 1", "print + 1", "1 // None", "len >> 5", "(1,) + [1]", "b'' + 'a'", "1j % 2", "1j // 1", "1j < 2", "divmod(1j, 1)", "[] < 5", "'a' < 5", "{} < {}", "1 < None"]:
    try: print(e, "=", eval(e))
    except TypeError as x: print(e, "->", x)
