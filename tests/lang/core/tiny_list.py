l = [1, 2, 3]
l.append(4)
l[0] = 9
print(l, len(l), l[-1])
