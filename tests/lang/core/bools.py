print(True and False, True or False, not True, not 0, not "")
print(1 and 2, 0 and 2, 0 or "x", "" or None, [] or {} or 0)
print(True + True, True * 5, isinstance(True, int), True == 1, False is False)
print(bool(0), bool(1), bool(""), bool("0"), bool([]), bool([0]), bool(None), bool({}), bool(0.0))
print(True & False, True | False, True ^ True, ~0)
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1 != 2, 3 > 2 > 1 > 0)
def side(x):
    print("eval", x)
    return x
print(side(1) < side(0) < side(5))
print(side(0) or side(2) and side(3))
print("yes" if side(0) else "no")
