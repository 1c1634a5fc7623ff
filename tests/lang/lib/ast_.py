# ast: trees of source text, back to source, and compiled.
import ast

SOURCE = '''
"""doc"""
from __future__ import annotations
import a.b as c, d
from ..x import (y as z, w)
@deco(1)
async def f(p, /, q: int = 1, *r, s=2, **t) -> "x":
    """inner"""
    global g
    async with a as b, c: pass
    async for i in x: break
    else: await y
    return f"{p!r:>{q}} {{}} {s=}" 'tail'
class C[T: int, *Ts, **P](Base, metaclass=M):
    x: int = 1
    (y): str
    def m(self): nonlocal q
type Alias[T] = list[T]
if a: pass
elif b < c <= d is not e not in g: x = y = (1, *z)
else: x[1:2, ::3] += ~-+1
while not True: continue
try: raise E from None
except (A, B) as e: del x.y, z[0]
else: assert a, "b"
finally: lambda x, *y: (yield)
try: pass
except* A: pass
match v:
    case [1, *rest] | {"k": None, **o}: pass
    case Point(x=0, y=-1.5 + 2j) as p if p: pass
    case _: pass
{1: 2, **z}; {1, 2}; [i async for i in y if a if b]; {k: v for k, v in z}
(i for i in f(x for x in y)); (n := 10); a if b else c; b"bytes" b"\\xff"; 1_000; 0x_ff; 1e3; 3j; ...
t"{a}b{c!r:d}"
'''
tree = ast.parse(SOURCE)
print(ast.dump(tree, include_attributes=True, indent=1))
text = ast.unparse(tree)
print(text)
print(ast.dump(ast.parse(text)) == ast.dump(tree))
print(ast.dump(ast.parse('x + 1', mode='eval')), ast.dump(ast.parse('x', mode='single')))
for s in ["{'a': [1, -2.5, (3, 4j)], 'b': {1}}", "set()", "'\\ud800'", "1+2", "f()"]:
    try:
        print(ast.literal_eval(s))
    except ValueError as e:
        print(type(e).__name__, str(e)[:40])

# Compiling: positions are the tree's own.
tree = ast.parse('def f(a):\n    return a.nothing + 1\nx = 3')
ast.increment_lineno(tree, 10)
code = compile(tree, '<tree>', 'exec')
ns = {}
exec(code, ns)
print(ns['x'], ns['f'].__code__.co_firstlineno)
try:
    ns['f'](1)
except AttributeError as e:
    print(e.__traceback__.tb_next.tb_lineno)

class Swap(ast.NodeTransformer):
    def visit_BinOp(self, node):
        self.generic_visit(node)
        return ast.copy_location(ast.BinOp(node.right, ast.Sub(), node.left), node)
e = Swap().visit(ast.parse('(a + b) * "x%" % 3', mode='eval'))
print(ast.unparse(e))
print(eval(compile(Swap().visit(ast.parse('1 + (2 + 10)', mode='eval')), '', 'eval')))
odd = ast.Module([ast.Assign([ast.Name('@x', ast.Store())], ast.Constant((1, 'a', -2, 1e400)))], [])
exec(compile(ast.fix_missing_locations(odd), '', 'exec'), ns)
print(ns['@x'])

def t(tree, mode='exec'):
    try:
        compile(tree, '', mode)
    except (TypeError, ValueError, SyntaxError) as e:
        print(type(e).__name__, e)
t(ast.Module([ast.Expr(3)], []))
t(ast.Module([ast.fix_missing_locations(ast.Expr(ast.Name('x', ast.Store())))], []))
t(ast.Module([ast.Pass()], []))
t(ast.Expression(ast.Constant(1)))
t(ast.Module(3, []))
t(ast.Module([ast.fix_missing_locations(ast.If(ast.Constant(1), [], []))], []))
t(ast.parse('return 1'))
t(ast.fix_missing_locations(ast.Expression(ast.Constant([1]))), 'eval')
