l = list(range(10))
for s in [slice(None), slice(2, 5), slice(-3, None), slice(None, None, -1), slice(8, 2, -2), slice(100), slice(5, 1), slice(-100, 3), slice(None, None, 3)]:
    print(l[s], "0123456789"[s], tuple(l)[s], range(10)[s])
l[2:4] = []; print(l)
l[:0] = [-2, -1]; print(l)
l[len(l):] = [99]; print(l)
l[::3] = [0] * len(l[::3]); print(l)
del l[::2]; print(l)
try:
    l[::2] = [1]
except ValueError as e:
    print(e)
try:
    l[0:1] = 5
except TypeError as e:
    print(e)
try:
    l[::0]
except ValueError as e:
    print(e)
s = slice(1, 2)
print(s, s.start, s.stop, s.step, s == slice(1, 2))
class G:
    def __getitem__(self, k): return k
g = G()
print(g[1], g[1:2], g[::], g[1, 2], g[1:2, ...], g[:, 1], g[*[1, 2]])
