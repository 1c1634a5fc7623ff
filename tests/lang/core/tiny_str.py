s = "abc"
print(s + "d", s[1], len(s), s.upper(), s * 2)
