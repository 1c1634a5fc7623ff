a = 256; b = 256; print(a is b, None is None, () == (), "" is "" if False else True)
def f(): "doc"; return
print(f(), f.__doc__, f.__name__)
pass; ...
x = 1,; print(x)
print((1), (1,), 1 if True else 2, [1, 2][True], -2 ** 2, (-2) ** 2, 2 ** -1, 2 ** 3 ** 2, not True == False, 1 < 2 == True)
print(5 if [] else 6, "a" "b" * 2, "%s" % "x" * 2, 10 - 5 - 2, 100 / 10 / 2, 7 // 2 * 2 + 7 % 2, ~5 & 3 | 4 ^ 1, 1 << 2 + 1)
print(1 .real, 1..real, 1.5.real, (1).real, "abc"[1:][0], [1, [2, 3]][1][0], {"a": {"b": 1}}["a"]["b"])
if True: print("one-line"); print("two")
for i in 1, 2, 3: print(i, end=";")
print()
lst = [1, 2,
       3,  # comment
       ]
print(lst, len(lst) \
      + 1)
assert True, "not evaluated" + 1 if False else ""
try: assert False
except AssertionError as e: print(repr(e))
try: assert [], [1]
except AssertionError as e: print(repr(e))
print(type(lambda: 0).__name__, (lambda: 0).__name__, [].append.__name__, __name__)
print(all(x < 5 for x in [1, 2]), *map(str, range(3)), sep="-")
class Empty: ...
print(Empty.__name__, Empty().__class__.__mro__[-1])
import sys
print(sys.version_info[:2], sys.maxsize, sys.byteorder)
α = 5; ñ = α + 1; print(ñ)
print(0xFF, 1_0, 0B1, 0O7, 1E3, .5, 5., 0_0, 00)
if 1:
	print("tab indent")
