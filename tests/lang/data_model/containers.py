class Seq:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
    def __getitem__(self, i):
        if isinstance(i, slice): return ("slice", i.start, i.stop, i.step)
        if i < 0: i += self.n
        if not 0 <= i < self.n: raise IndexError("seq")
        return i * 10
s = Seq(4)
print(list(s), s[-1], s[1:2], s[::2], 20 in s, 25 in s, list(reversed(s)), max(s), [*s], s[:-1])
a, *b = s; print(a, b)
try: s[9]
except IndexError as e: print(e)
class M:
    def __init__(self): self.log = []
    def __getitem__(self, k): self.log.append(("get", k)); return k
    def __setitem__(self, k, v): self.log.append(("set", k, v))
    def __delitem__(self, k): self.log.append(("del", k))
m = M(); m[1, 2]; m["a"] = 5; del m[::]; m[1] += 2; m[...]; m[1:2, 3] = 0; print(m.log)
class D(dict):
    def __missing__(self, k): self[k] = v = [k]; return v
d = D(a=1); print(d["a"], d["z"], d, d.get("q"), "q" in d)
try: dict.__getitem__({}, "z")
except KeyError as e: print("KeyError", e)
class NoContains:
    def __iter__(self): return iter([1, 2])
print(1 in NoContains(), 5 in NoContains())
class NC2: __contains__ = None
try: 1 in NC2()
except TypeError as e: print(e)
class Rev:
    def __reversed__(self): return "rev"
print(reversed(Rev()))
class NoRev(list): __reversed__ = None
try: reversed(NoRev())
except TypeError as e: print(e)
for t in ["5[0]", "None[0]", "len[0]", "5 in 5", "object()[1]", "{1}[0]", "(x for x in [])[0]"]:
    try: eval(t)
    except TypeError as e: print(e)
for t in ["x = 5; x[0] = 1", "x = 'a'; x[0] = 'b'", "x = (1,); x[0] = 1", "x = 5; del x[0]", "x = 'a'; del x[0]", "x = {1}; x[0] = 1", "x = range(3); x[0] = 1", "x = b'a'; x[0] = 1"]:
    try: exec(t)
    except TypeError as e: print(e)
class L(list):
    def __getitem__(self, i): return "over"
    def __len__(self): return 99
l = L([1, 2]); print(l[0], len(l), list(l), sum(l), [*l], bool(L()))
