a, *b = [1, 2, 3]
print(a, b, [*b, 4], *b)
