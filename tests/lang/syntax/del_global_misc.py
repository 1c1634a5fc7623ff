class A: pass
a = A(); a.x = a.y = 1; l = [1, 2, 3, 4]; d = {1: 2, 3: 4}
del a.x, l[0], d[1], l[:1]; print(vars(a), l, d)
x, y, z = 1, 2, 3
del (x, [y]), z
for n in "xyz": print(n in globals(), end=" ")
print()
def f():
    a = 1
    def g(): return a
    del a
    try: g()
    except NameError as e: print(e)
    a = 5; return g()
print(f())
def deleted_arg(p): del p; return "p" in locals()
print(deleted_arg(1))
for i in range(2): pass
del i
try: del i
except NameError as e: print(e)
class D:
    def __delattr__(s, n): print("delattr", n)
    def __delitem__(s, k): print("delitem", k)
    def __del__(s): pass
q = D(); del q.foo, q[1], q[1:2], q[1, 2], q[...]
for s in ["del x()", "del 1", "del 'a'", "del a + b", "del (a, 1)", "del *a", "del (a := 1)", "del a if b else c", "del None", "del f.x()", "del ()", "del []", "del (a)", "del (a,)", "del [a, (b, c)]", "del -a", "del {}", "del lambda: 0", "del a and b", "del yield", "del await x", "del [x for x in y]"]:
    try: compile(s, "s", "exec"); print(s, "ok")
    except SyntaxError as e: print(s, "->", e.msg)
class Body:
    only_here = 1; b = 2
    del only_here
    try: only_here
    except NameError as e: msg = str(e)
print(Body.msg, hasattr(Body, "only_here"), Body.b)
import builtins
len = 5; print(len); del len; print(len("abc"))
builtins.my_builtin = 7; print(my_builtin); del builtins.my_builtin
try: my_builtin
except NameError as e: print(e)
