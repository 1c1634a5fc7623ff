# Incomplete input has a class of its own, which `codeop` asks for.
import codeop, code
for text in ["if 1:", "x = (", "1 +", "def f(a, a): pass", "a b", "x = 1"]:
    try: print(text, type(codeop.compile_command(text)).__name__)
    except SyntaxError as e: print(text, type(e).__name__, e.msg)
print(_IncompleteInputError.__name__, _IncompleteInputError.__mro__[1].__name__)
