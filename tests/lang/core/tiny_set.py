s = {1, 2, 2}
s.add(3)
print(len(s), 2 in s)
