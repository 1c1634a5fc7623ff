# Variables: deleted, unbound, many, seen by locals(), eval and exec in hot code.
import sys
N = 9000
def unbound(n):
    c = 0
    for i in range(n):
        if i % 3 == 0: x = i
        try:
            c += x
            if i % 3 == 1: del x
        except UnboundLocalError as e: c += 1; msg = str(e)
    return c, msg
print(unbound(N))
def delete(n):
    for i in range(n):
        a = i; b = a
        del a
        try: a
        except UnboundLocalError as e: m = str(e)
    return b, m
print(delete(N))
def del_arg(a, b):
    del a
    return locals()
for _ in range(N): r = del_arg(1, 2)
print(r)
def hot_locals(n):
    k = 0
    for i in range(n):
        d = locals()
        k += d["i"] + len(d)
    return k, sorted(d)
print(hot_locals(N))
def evals(n):
    s = 0
    for i in range(n // 10): s += eval("i * 2 + n")
    return s
print(evals(N))
def free(n):
    x = 0
    def bump():
        nonlocal x
        x += 1
        return x
    for i in range(n):
        bump()
        if i == n // 2: x = 0.5
    del x
    try: bump()
    except NameError as e: return str(e)
print(free(N))
def cells(n):
    out = []
    for i in range(n):
        y = i
        g = lambda: y
        if i % 1000 == 0: out.append(g)
    y = -1
    return [f() for f in out]
print(cells(N))
def except_name(n):
    for i in range(n):
        try:
            if i % 2: raise ValueError(i)
        except ValueError as e: k = e.args
    try: e
    except UnboundLocalError as x: return k, str(x)
print(except_name(N))
body = "def huge(n):\n" + "".join(f"    v{i} = n + {i}\n" for i in range(300)) + "    for k in range(n):\n" + "".join(f"        v{i} = v{(i * 7 + 1) % 300} + k - {i}\n" for i in range(300)) + "    return " + " + ".join(f"v{i}" for i in range(300)) + "\n"
exec(body); print(huge(300), huge(5), huge(2.5 and 3))
calls = "def wide(f, n):\n    s = 0\n    for i in range(n):\n        s += f(" + ", ".join(f"i + {k}" for k in range(60)) + ")\n    return s\n"
exec(calls); print(wide(lambda *a: sum(a), N // 10), wide(max, N // 10))
branches = "def many(n):\n    s = 0\n    for i in range(n):\n        x = i % 200\n" + "".join(f"        {'el' if k else ''}if x == {k}: s += {k * 3 + 1}\n" for k in range(200)) + "    return s\n"
exec(branches); print(many(N))
loops = "def deep(n):\n    s = 0\n" + "".join("    " * (k + 1) + f"for i{k} in range({3 if k else 'n'}):\n" for k in range(8)) + "    " * 9 + "s += " + " + ".join(f"i{k}" for k in range(8)) + "\n    return s\n"
exec(loops); print(deep(3))
def del_subscript(n):
    d = {}; xs = list(range(n))
    for i in range(n):
        d[i] = i
        if i % 2: del d[i - 1]
        if i % 10 == 0: del xs[-1]
    return len(d), len(xs)
print(del_subscript(N))
def walrus(n):
    s = 0
    while (k := n - s) > 0 and (m := k // 2) >= 0: s += 1
    return s, k, m
print(walrus(N))
def comp_scopes(n):
    r = 0
    for i in range(n // 10):
        i2 = [i * j for i in range(3) for j in range(i)]
        r += sum(i2) + i + sum(x for x in i2) + len({k: v for k, v in zip(i2, i2)})
    return r
print(comp_scopes(N))
class Body:
    s = 0
    for i in range(N): s += i
    del i
print(Body.s, hasattr(Body, "i"))
t = 0
for i in range(N):
    t += i
    if i == 5000: t = float(t)
print(t, i)
def match(n):
    c = [0] * 6
    for i in range(n):
        match [i, i % 4, "x" if i % 5 == 0 else None][i % 3:]:
            case [int(a), int(b), str()]: c[0] += a - b
            case [_, None]: c[1] += 1
            case [_, "x"]: c[2] += 1
            case ["x" | None as q]: c[3] += q is None
            case [a, *_] if a > 5: c[4] += 1
            case _: c[5] += 1
    return c
print(match(N))

# A global that comes and goes in a compiled loop.
def drops(n):
    global dropped
    s = 0
    for i in range(n):
        dropped = i
        s += dropped
        del dropped
    return s, "dropped" in globals()
print(drops(50), drops(300), drops(20))
def put_and_drop(n, put):
    global dropped
    for i in range(n):
        put("dropped", i)
        del dropped
    return "dropped" in globals()
print([put_and_drop(n, globals().__setitem__) for n in (50, 300, 20)])
