class A:
    def __init__(self, v): self.v = v
    def __iadd__(self, o): self.v += o; print("iadd"); return self
    def __sub__(self, o): print("sub"); return A(self.v - o)
a = A(1); b = a
a += 5; print(a is b, a.v)
a -= 2; print(a is b, a.v, b.v)
l = [1]; m = l
l += [2]; print(m); l = l + [3]; print(m, l)
t = ([],)
try: t[0] += [1]
except TypeError as e: print(e, t)
log = []
def idx(i): log.append(i); return i
x = [10, 20]
x[idx(1)] += idx(5); print(x, log)
d = {}
try: d["k"] += 1
except KeyError as e: print("KeyError", e)
s = "a"; s += "b"; s *= 3; print(s)
n = 7; n **= 2; n //= 4; n %= 5; n <<= 2; n ^= 1; n |= 8; n &= 15; n >>= 1; print(n)
f = 1.5; f /= 2; f -= .25; print(f)
class P: count = 0
p = P(); p.count += 1; print(p.count, P.count)
