def f(): raise ValueError("bad")
try:
    f()
except ValueError as e:
    print(e)
