x = 1
y = x + 1
x, y = y, x
print(x, y)
