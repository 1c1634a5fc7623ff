counter = 0
def bump():
    global counter
    counter += 1
    return counter
for _ in range(5): bump()
print(counter, globals()["counter"], "bump" in globals())
globals()["dynamic"] = 9
print(dynamic)
def loc(a, b=2):
    c = a + b
    return sorted(locals().items())
print(loc(1))
def setter():
    global fresh
    fresh = "made here"
setter(); print(fresh)
import builtins
print(builtins.len is len, __name__)
len_saved = len
def len(x): return "shadowed"
print(len([1]))
del len
print(len([1]), len is len_saved)
print(eval("1 + counter"), eval("a * 2", {"a": 21}))
exec("new_var = counter * 10"); print(new_var)
ns = {}
exec("def f(x): return x + 1\ny = f(2)", ns)
print(ns["y"], ns["f"](10))
