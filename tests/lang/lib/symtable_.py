# symtable: scopes, symbols, what they are.
import symtable

SOURCE = '''
import os.path as p
def f(a, *b, c=1, **d) -> int:
    global g
    x: int = a
    def h():
        nonlocal x
        return x + g, [i for i in y if (z := i)], lambda q: q
    yield
class A(B):
    __p = 1
    def m(self): return super(), self.__q
type X = int
e = (k for k in p)
'''

def show(t, depth=0):
    if t.get_type() == 'annotation':
        return
    print(' ' * depth, t.get_name(), str(t.get_type()), t.get_lineno(), t.is_optimized(), t.is_nested(), t.has_children())
    for s in sorted(t.get_symbols(), key=lambda s: s.get_name()):
        flags = [n for n in ('referenced', 'imported', 'parameter', 'global', 'nonlocal', 'declared_global', 'local', 'annotated', 'free', 'assigned', 'namespace') if getattr(s, 'is_' + n)()]
        if not s.get_name().startswith(('.', '__c')):
            print(' ' * depth, '  ', s.get_name(), *flags)
    if isinstance(t, symtable.Function):
        print(' ' * depth, '  ', t.get_parameters(), sorted(t.get_locals()), sorted(t.get_frees()), sorted(t.get_globals()), sorted(t.get_nonlocals()))
    for c in t.get_children():
        show(c, depth + 2)

show(symtable.symtable(SOURCE, '?', 'exec'))
for bad, mode in [('return', 'exec'), ('def f(a, a): pass', 'exec'), ('x', 'foo'), ('(', 'eval')]:
    try:
        symtable.symtable(bad, 'file', mode)
    except (SyntaxError, ValueError) as e:
        print(type(e).__name__, e)
