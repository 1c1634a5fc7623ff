for i in range(3):
    print(i, end=" ")
print()
for i in range(10, 0, -3):
    print(i, end=" ")
print()
for i in range(5, 5):
    print("never")
else:
    print("else")
for c in "abc":
    if c == "b":
        break
else:
    print("never")
print(c)
total = 0
for i in range(1000):
    for j in range(3):
        total += i * j
print(total)
r = range(2, 20, 4)
print(r, len(r), r[1], r[-1], list(r), r[1:3], 10 in r, 11 in r, r.index(10), r.count(3))
print(list(reversed(range(4))), range(0) == range(5, 5), range(1, 10, 2) == range(1, 11, 2))
for i, c in enumerate("xyz", start=1):
    print(i, c)
for a, b in zip([1, 2, 3], "ab"):
    print(a, b)
for (a, b), c in [((1, 2), 3), ((4, 5), 6)]:
    print(a + b + c)
try:
    range(1, 2, 0)
except ValueError as e:
    print(e)
