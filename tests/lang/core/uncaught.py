# expect: failure
def f(): raise ValueError("uncaught")
print("start")
f()
print("never")
