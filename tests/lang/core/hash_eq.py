class K:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return isinstance(o, K) and self.v == o.v
    def __hash__(self): return self.v % 4
d = {K(i): i for i in range(20)}
print(len(d), d[K(7)], K(19) in d, K(20) in d, d.get(K(3)))
for i in range(0, 20, 3): del d[K(i)]
print(len(d), sorted(d.values()), K(3) in d)
class NH:
    def __eq__(self, o): return True
for bad in [NH(), [], {}, set(), (1, []), bytearray()]:
    try: hash(bad)
    except TypeError as e: print(e)
print(hash((1, 2, 3)) == hash((1, 2, 3)), hash(1.5), hash(0.1), hash(-0.0), hash(float("inf")), hash(None) == hash(None), hash(1 + 2j))
print({1: "a", 1.0: "b", True: "c", 0: "z", False: "y"}, {1, True, 1.0, 2}, {(1,): 1, (1.0,): 2})
class Weird:
    def __hash__(self): return 2 ** 70
    def __eq__(self, o): return self is o
print(hash(Weird()) == 2 ** 70 % (2 ** 61 - 1), len({Weird(), Weird()}))
class BadHash:
    def __hash__(self): return "x"
try: hash(BadHash())
except TypeError as e: print(e)
class Raises:
    def __hash__(self): return 1
    def __eq__(self, o): raise ValueError("eq")
try: {Raises(): 1}[Raises()]
except ValueError as e: print(e)
class Mut:
    def __init__(self, d): self.d = d
    def __hash__(self): return 1
    def __eq__(self, o): self.d.clear(); return False
m = {}; m[Mut(m)] = 1
try: m[Mut(m)] = 2; print(len(m))
except RuntimeError as e: print(e)
