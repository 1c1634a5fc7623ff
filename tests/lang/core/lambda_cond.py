f = lambda x: "neg" if x < 0 else "zero" if x == 0 else "pos"
print(f(-1), f(0), f(1), [i if i % 2 else -i for i in range(5)])
print((lambda a, b=2, *c, d=4, **e: (a, b, c, d, e))(1, 5, 6, z=1), (lambda: (yield))().__class__.__name__)
ops = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}
def rpn(s):
    st = []
    for t in s.split():
        if t in ops: b, a = st.pop(), st.pop(); st.append(ops[t](a, b))
        else: st.append(int(t))
    return st
print(rpn("3 4 + 2 *"), rpn("1 2 3"), rpn("5 1 2 + 4 * + 3 -"))
print(sorted("hello", key=lambda c: (-ord(c))), max([3, 8, 2], key=lambda v: v % 5), list(map(lambda *a: a, [1, 2], "ab")))
x = 5
print(x if x > 3 else 1 / 0, x or 1 / 0, not x == 5, not (x and None), x and 0 or "alt", 1 if 0 else 2 if 0 else 3)
print((a := 10) + a, [b := 1, b + 1], (lambda: (c := 3) + c)())
