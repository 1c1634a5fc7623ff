print(1 == 1, 1 != 1, 1 < 2, 2 <= 2, 3 > 4, 3 >= 4)
print("a" < "b", "abc" < "abd", "" < "a", "Z" < "a", "10" < "9")
print([1, 2] < [1, 3], [1] < [1, 0], [] < [0], (1, 2) == (1, 2), [1] == (1,))
print(1 == "1", None == 0, None is None, "a" != 1)
try:
    1 < "a"
except TypeError as e:
    print(e)
try:
    [1] < (1,)
except TypeError as e:
    print(e)
try:
    None < None
except TypeError as e:
    print(e)
print(1 in [1, 2], 3 in (1, 2), "b" in "abc", "x" not in "abc", 2 in {2: 0}, 5 in range(10))
a = []
b = a
print(a is b, a is not [], a == [])
nan = float("nan")
print(nan == nan, nan in [nan], [nan] == [nan])
