class N:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "inv"
    def __abs__(self): return "abs"
    def __int__(self): return 42
    def __float__(self): return 4.5
    def __complex__(self): return 1j
    def __index__(self): return 3
    def __round__(self, n=None): return ("round", n)
    def __trunc__(self): return "trunc"
    def __floor__(self): return "floor"
    def __ceil__(self): return "ceil"
    def __bool__(self): return False
    def __bytes__(self): return b"bytes"
    def __hash__(self): return 99
    def __format__(self, s): return f"fmt<{s}>"
    def __divmod__(self, o): return "dm"
    def __sizeof__(self): return 10
    def __length_hint__(self): return 5
n = N()
import math, operator
print(-n, +n, ~n, abs(n), int(n), float(n), complex(n), round(n), round(n, 2), math.trunc(n), math.floor(n), math.ceil(n), bool(n), bytes(n), hash(n), f"{n:abc}", format(n), f"{n!s:>3}"[-1:], divmod(n, 1))
print([0, 1, 2, 3, 4][n], "abcdef"[n], [1] * n, list(range(n)), hex(n), bin(n), chr(n + 62 if False else 65), operator.index(n), [1, 2, 3, 4, 5][:n], bytes(2), operator.length_hint(n), not n)
class Bad:
    def __int__(self): return "x"
    def __float__(self): return 1
    def __index__(self): return 1.5
    def __bool__(self): return 1
    def __len__(self): return -1
    def __hash__(self): return "h"
    def __str__(self): return 5
    def __repr__(self): return 5
    def __bytes__(self): return "b"
    def __format__(self, s): return 5
    def __complex__(self): return 5
    def __iter__(self): return 5
    def __contains__(self, x): return "truthy"
b = Bad()
for t in ["int(b)", "float(b)", "[1][b]", "bool(b)", "len(b)", "hash(b)", "str(b)", "repr(b)", "bytes(b)", "format(b)", "complex(b)", "iter(b)", "1 in b", "range(b)", "f'{b}'", "'%s' % b", "'%d' % b"]:
    try: print(t, eval(t))
    except Exception as e: print(t, "->", type(e).__name__, e)
class OnlyIndex:
    def __index__(self): return 7
o = OnlyIndex(); print(int(o), float(o), complex(o), [0] * o == [0] * 7, "%d" % o, "{:d}".format(int(o)))
class BigLen:
    def __len__(self): return 2 ** 70
try: len(BigLen())
except OverflowError as e: print(e)
