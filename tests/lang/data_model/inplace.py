class A:
    def __init__(self, v): self.v = v
for op in "add sub mul truediv floordiv mod pow lshift rshift and or xor matmul".split():
    def f(self, o, op=op): print("i" + op, o); return self
    setattr(A, f"__i{op}__", f)
a = A(1); b = a
a += 1; a -= 2; a *= 3; a /= 4; a //= 5; a %= 6; a **= 7; a <<= 8; a >>= 9; a &= 10; a |= 11; a ^= 12; a @= 13
print(a is b)
class Fall:
    def __iadd__(self, o): return NotImplemented
    def __add__(self, o): return "add"
f = Fall(); f += 1; print(f)
class Ret:
    def __imul__(self, o): return "replaced"
r = Ret(); r *= 2; print(r)
l = [1]; k = l; l *= 2; print(k); l += "ab"; print(k); l += (x for x in [9]); print(k)
try: l += 5
except TypeError as e: print(e)
s = {1}; t = s; s |= {2}; s -= {1}; s ^= {5}; print(t is s, sorted(s))
try: s |= [1]
except TypeError as e: print(e)
d = {}; d |= {"a": 1}; d |= [("b", 2)]; print(d)
class T: 
    def __init__(self): self.items = [1]
t = T(); t.items += [2]; print(t.items)
ba = bytearray(b"a"); ba += b"b"; ba *= 2; print(ba)
tup = (1,); u = tup; tup += (2,); print(tup, u)
x = 5; x //= 2; x **= 3; x -= -1; x /= 3; print(x)
