x, w, name, d, l = 3.14159, 10, "py", {"k": [1, 2]}, [1, 2]
print(f"{x:.2f} {x:{w}.3f}| {x!r:>12} {name!s:^6}| {name!a} {d['k'][0]} {l[-1]:03} {x:>{w}} {'a' 'b'} {w:x} {w:#b}")
print(f"{x=} {x = :.1f} {name=} {name=!s} {l[0]+1=} {d["k"]=} {w=:>5}| {len(name) = }")
print(f"{{}} {{{w}}} }}{{ {'{'} {"}"} {f'{f"{w}"}'} {'\n'.join(['a', 'b'])} {chr(92)}")
print(f"""{
    w  # comment
    + 1
} {
    [i for i in
     range(2)]
}""", f'{w
}', rf"\d{w}\n", fr'{name}\t', F"{w}", f"{lambda_ if (lambda_ := 1) else 0}", f"{(lambda z: z * 2)(4)}", f"{ {'a': 1}['a'] }", f"{w,}", f"{w, 1}", f"{*l,}", f"{yield_ if (yield_ := 2) else 0}")
print(f"a" f"{w}" "b{w}" f"{w}c", f"" == "", f"{''}", f"{None}", f"{w:{'>' + str(5)}}", f"{w:{w}{'d'}}", f"{w!r:{'^'}{w}}|", f"{3:{'0'}{4}}", f"{'x':*^{w}}", f"{x:{'.'}{2}f}", f"{1 if w else 2}", f"{w != 5}", f"{w == 10}", f"{w >= 5}", f"{w:=+5}", f"{'a' if w > 5 else 'b'!r}", f"{'é😀'}", f"\N{BULLET} {w}\x41\u00e9")
class F:
    def __format__(s, spec): return f"<{spec}>"
print(f"{F():%Y-%m-%d} {F():{w}:{name}} {F()} {F():a{{b}}} {F()!r:.5}" if False else f"{F():%Y-%m-%d} {F():{w}:{name}} {F()}")
def g():
    v = 1
    def h(): return f"{v} {(lambda: v)()} {[v for _ in range(2)]}"
    return h()
print(g())
for s in ["f'{w:{'", "f'{w!x}'", "f'{}'", "f'{ }'", "f'{w'", "f'w}'", "f'{w!}'", "f'{w:{x:{y}}}'", "f'{w ! r}'", "f'{lambda x: 1}'", "f'{a $ b}'", "f'{w=!}'", "f'{=}'", "f'{!r}'", "f'{:5}'", "f'{*a}'", "f'{**a}'", "f'{a b}'", "f'{a,'", "f'{(a]}'", "f'{a[}'", "f'{\\n}'", "f'{import x}'", "f'{x = 1 = 2}'", "b'' f''", "f'{nope}'", "f'{w:q}'", "f'{1/0}'"]:
    try: print(s, eval(s))
    except SyntaxError as e: print(s, "SyntaxError", e.msg)
    except Exception as e: print(s, type(e).__name__, e)
