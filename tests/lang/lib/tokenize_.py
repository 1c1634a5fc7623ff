# tokenize: tokens, places, lines; f-strings; errors.
import io, tokenize

SOURCES = [
    'x = 1\n', 'x', 'if x:\n  y\n  z # c\n\n# d\nw\n', "f'a{x!r:>{w}} {{b}}{y=}'\n", "f'''a\nb{\nx}'''\n",
    'x = (1,\n 2)\n', 'a\\\n b\n', '', '\n', '# c', '  # c\n x\n', "'abc\n", '(1', "1_000 0x1F 1.5e3 2j 'a' b'b' rb'c' u'x'",
    "é = 'ñ'\n", 'a->b := c ** d // e <> f != ... .x', 'if 1:\n\tx\n        y\n', 'if 1:\n  x\n y\n', 'x = $ ?\n',
    "'''abc\n", '1abc', "f'{x:a{{b}}c}'", "t'{a}b'", 'x;y\n\n\n', 'def f():\n    pass\n\n\n\n# end\n',
    "f'{a:=b}' f'{(a:=b)}' f'{a!=b}' rf'\\{x}' f'\\N{DIGIT ONE}'", "f'{'", 'x\r\ny\r\n', "a = '''\\\nb'''", '\\\n', 'x \\',
    '(]', '0b12', '1__0', '1e+', '0o8', "f'{x:\n}'", "f'''{x:\na}'''",
]
for s in SOURCES:
    print('---', repr(s))
    try:
        for t in tokenize.generate_tokens(io.StringIO(s).readline):
            print(tokenize.tok_name[t.exact_type], *t[1:])
    except (tokenize.TokenError, SyntaxError) as e:
        print(type(e).__name__, e.args)
src = open(tokenize.__file__, 'rb').readlines()[:150] if False else [b'# coding: latin-1\n', b's = "\xe9"\n']
print([t.string for t in tokenize.tokenize(iter(src).__next__)])
print(tokenize.untokenize(tokenize.generate_tokens(io.StringIO('a  = f(1,\n   2)  # x\n').readline)))
