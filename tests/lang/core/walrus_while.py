data = [5, 3, 0, 7]
it = iter(data)
while (v := next(it)) != 0: print(v)
if (n := len(data)) > 3: print(n)
print([y for x in data if (y := x * 2) > 5], y, any((w := x) > 4 for x in data), w)
def f():
    if (m := 5) and (k := m + 1): pass
    return m, k, [last := i for i in range(3)], last
print(f())
i = 0
while i < 10:
    i += 1
    if i % 2: continue
    if i > 6: break
    print(i, end=" ")
else: print("no")
print()
for i in range(3):
    for j in range(3):
        if j == 2: break
        if i == 1: continue
        print((i, j), end="")
    else: print("x")
print()
x, y = 48, 18
while y: x, y = y, x % y
print(x)
