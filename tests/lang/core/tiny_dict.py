d = {"a": 1}
d["b"] = 2
print(d["a"], d, len(d), "b" in d)
