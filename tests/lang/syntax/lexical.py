print(0b1010_1010, 0o7_7, 0xF_F, 1_000.5_5, 1e1_0, .5e-3, 5.e2, 1_0j, 0_0, 0xabcdefABCDEF, 1if 1else 2, [1for x in [1]] if False else 0) if False else print(0b1010_1010, 0o7_7, 0xF_F, 1_000.5_5, 1e1_0, .5e-3, 5.e2, 1_0j, 0_0)
x = 1; y = 2; print(x, y); 
if x: pass; print("same line")
z = (1 +
     2  # comment
     + 3)
w = 1 + \
    2
print(z, w, "a" 'b' """c""" r'\d', '\'', "\"", '''a'b"c''', "tab\tx", r"raw\n", b"by" b"tes", u"uni", "\
cont", "a\x62\u0063\U00000064\145\N{LATIN SMALL LETTER F}")
if True:
        a = 1
        if a:
         b = 2
         print(a, b)
print(  1,2 ,3  ); print([1,2,][1], (1,), {1:2,}, {1,}); é = 1; 变量 = 2; _ = 3; __ = 4; print(é + 变量 + _ + __, ﬁ if False else "nfkc")
ﬁ = 5; print(fi)
def ſ(): return "long s normalizes"
print(s())
print(not not True, - - 1, ~-1, 2**-1, -2**2, 2**3**2, 1<2<3, 1<2>1, not 1 == 2, 5 % 3 * 2, 7 // 2 ** 2, 1 | 2 & 3 ^ 4, 1 << 2 + 3, (yield_ := 1), 1 if 0 else 2 if 0 else 3, lambda: 0 if 0 else 1) if False else print(not not True, - - 1, ~-1, 2**-1, -2**2, 2**3**2, 1<2<3, 1<2>1, not 1 == 2, 5 % 3 * 2, 7 // 2 ** 2, 1 | 2 & 3 ^ 4, 1 << 2 + 3)
while 0: pass
else: print("while else")
for _ in []: pass
else: print("for else")
try: pass
except: pass
else: print("try else")
finally: print("fin")
class A: pass
class B(A,): x: int = 3; y = x
def f(a, /, b=1, *, c): return a, b, c
def g(a, b,): return a
def h(*, a,): return a
print(f(1, c=2), B.y, g(1, 2,), h(a=1,), (lambda *a, **k: (a, k))(*[1], **{"b": 2}, c=3), f(*(1,), **{"c": 5}))
with open("/dev/null") as p, open("/dev/null") as q: pass
with (open("/dev/null") as p, open("/dev/null") as q,): print(p.closed)
assert x, "msg"
assert (x)
import os, sys as system; from os import (path as p, sep,); import os.path as op
print(sep, p is op, system.byteorder in ("little", "big"))
global_semi = 1; del global_semi
print("unicode: ñ 日本 😀", len("😀"), "\u00e9" == "é", ascii("é\U0001F600"))
type X = int; match = 1; print(match); print((*range(3),), [*"ab"], *"x")
	
if 1: print(1); print(2)
print(__name__, __debug__, ..., None is None)
