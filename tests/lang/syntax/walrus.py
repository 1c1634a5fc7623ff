if (n := len("abc")) > 2: print(n)
print([y := 1, y + 1], y, (z := 5), [last := i for i in range(4)], last, any((w := i) > 2 for i in range(9)), w)
def f(a=(d := 7)): return a, d
print(f(), d, f"{(q := 3)} {q}", f"{q:=5}", {(k := "key"): (v := 1)}, k, v, (lambda: (m := 1) + m)())
while (c := n) > 0: n -= 1
print(c, n)
x = [1, 2, 3, 4]; print([t for e in x if (t := e * 2) % 4 == 0], t, x[(i := 1)], x[(j := 0):(h := 2)])
class C: r = [s := 5, s * 2]
print(C.r, C.s)
def g():
    global gg
    return [gg := i for i in range(3)]
print(g(), gg)
for src in ["[i := 0 for i in x]", "class D:\n [p := i for i in x]", "def f(a := 1): pass", "(a[0] := 1)", "f(a := 1)", "x = y := 1", "{a := 1}", "a[b := 1]", "lambda: x := 1", "with (a := b): pass", "assert (a := 1)", "[i for i in (z := x)]", "(*a := 1)", "f(a=(b := 1))", "f(a= b := 1)", "del (a := 1)", "@(a := b)\ndef f(): pass"]:
    try: compile(src, "s", "exec"); print(src, "ok")
    except SyntaxError as e: print(src, "->", e.msg)
