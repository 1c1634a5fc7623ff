def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
print(list(count(4)), sum(count(5)), [*count(2)], tuple(count(0)))
g = count(2)
print(next(g), next(g), next(g, "end"))
try:
    next(g)
except StopIteration as e:
    print("stop", e.value)
def echo():
    got = None
    while got != "quit":
        got = yield f"got {got}"
    return "result"
e = echo()
print(next(e), e.send(1), e.send("x"))
try:
    e.send("quit")
except StopIteration as s:
    print(s.value)
def chain(*its):
    for it in its:
        yield from it
print(list(chain("ab", [1, 2], count(2))))
def delegating():
    r = yield from echo()
    yield "delegate returned " + r
d = delegating()
print(next(d), d.send(5), d.send("quit"))
print(sum(x * x for x in range(10)), max((len(w), w) for w in ["a", "ccc", "bb"]))
def fibs():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
out = []
for f in fibs():
    if f > 100: break
    out.append(f)
print(out)
def thrower():
    try:
        yield 1
    except ValueError as e:
        yield f"caught {e}"
t = thrower(); next(t)
print(t.throw(ValueError("boom")))
def tree(t):
    if t:
        l, v, r = t
        yield from tree(l)
        yield v
        yield from tree(r)
print(list(tree(((None, 1, None), 2, ((None, 3, None), 4, None)))))
