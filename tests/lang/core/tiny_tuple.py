t = (1, "a")
a, b = t
print(t, a, b, t[1])
