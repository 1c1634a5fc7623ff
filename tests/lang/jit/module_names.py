# Names of a module in its own hot loops: stored and loaded in place, builtins that are shadowed or come
# back, names that are deleted, functions that read them, and code that runs with other namespaces.
N = 5000


def seen():
    return total


total = 0
for i in range(N):
    total += i
    if i % 1000 == 0:
        print(total, seen(), end=" ")
print(total == seen() == globals()["total"])

# A builtin is shadowed in the middle, and comes back.
text = []
for i in range(N):
    if i == N // 2:
        str = lambda x: "mine"
    if i == N - 10:
        del str
    text.append(str(i))
print(text[0], text[N // 2 - 1], text[N // 2], text[-11], text[-1])

# A name is deleted in the loop that reads it.
count = 0
limit = 3
try:
    for i in range(N):
        count += limit
        if i == N - 5:
            del limit
except NameError as e:
    print(count, e)

# More names come while the loop runs.
for i in range(N):
    count += 1
    if i % 1000 == 0:
        globals()["extra%d" % i] = i
print(count, extra4000)

# Through the dict.
g = globals()
step = 1
for i in range(N):
    count += step
    if i == 100:
        g["step"] = 2
    if i == 200:
        g["count"] = 0.5
print(count, step)


class Body:
    k = 0
    for i in range(N):
        k += i
        if i == 10:
            len = lambda x: "body"
    n = len(())


print(Body.k, Body.n, len(()))

source = """
s = 0
for i in range(5000):
    s += k
"""
code = compile(source, "other", "exec")
a = {"k": 1}
exec(code, a)
print(a["s"])
b = {"k": 5}
exec(code, a, b)
print(a["s"], b["s"])


class Missing(dict):
    def __missing__(self, key):
        if key == "k":
            return 7
        raise KeyError(key)


c = Missing()
exec(code, {"range": range}, c)
print(c["s"])
d = {"k": 2, "range": lambda n: [1, 2, 3]}
exec(code, d)
print(d["s"])
exec(code, a)
print(a["s"])
exec(code, {"k": 1.5})


def reader(n):
    r = 0
    for _ in range(n):
        r += flag
    return r


flag = 1
print(reader(N))
for flag in range(N):
    pass
print(reader(N))
x, y = 0, 1
for i in range(N):
    x, y = y, (x + y) % 1000007
print(x, y)
for i in range(N):
    kept = [i]
    kept.append(kept)
print(len(kept), kept[0], kept[1] is kept)


# A function that is walked into reads what the loop stores behind it.
def get():
    return total


def put(v):
    global kept
    kept = v


total = out = 0
for i in range(N):
    out += get()
    total += 1
print(out)
s = 0
for i in range(N):
    put(i)
    s += kept
    kept = 1
    s += kept
print(s)
