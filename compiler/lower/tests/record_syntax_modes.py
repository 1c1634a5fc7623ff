"""Records what the reference implementation makes of interactive, incomplete and mutated programs.

Run with the reference interpreter (3.14); writes syntax_modes.txt beside this script. Programs are
the strings of test_codeop and a few more in every mode, and statements of the test suite with
tokens dropped, added, replaced or moved at random.

A line of the output: mode, flags of compile(), source and result, separated by tabs; the source is
a JSON string, the result a JSON list: "ok", or class, lineno, offset, end_lineno, end_offset and
message.
"""

import ast
import io
import json
import os
import random
import sys
import textwrap
import tokenize
import warnings

INCOMPLETE = 0x4000
DONT_IMPLY_DEDENT = 0x200
MODES = [
    ("single", 0),
    ("single", INCOMPLETE),
    ("single", INCOMPLETE | DONT_IMPLY_DEDENT),
    ("exec", INCOMPLETE),
    ("eval", 0),
]
MORE = [
    "", "\n", "x", "x\n", "x;y\n", "x\ny\n", "if x:\n pass", "if x:\n pass\n", "if x:\n pass\n\n",
    "if x:\n pass\nelse:\n", "def f():\n", "def f(:\n", "'''abc", "'''abc\n", "(1,\n", "(1,",
    "x = \\\n", "x = \\", "# c\n", "# c", "\n\n", "if x: pass", "if x: pass\n", "@a\n",
    "@a\ndef f(): pass\n", "x = 'abc", "x = 'abc\n", "f'''a", "f'a{", "try:\n pass\n",
    "try:\n pass\nexcept:\n pass\n", "class A:\n  x=1\n\n", "x\n# c\n", "x\n\n\n",
    "for x in y:\n  z\n w\n", "  x\n", "x;", "pass\nx\n", "match x:\n case 1: pass\n",
    "import a\nimport b\n", "lambda: (\n", "[1,2,\n3]\n", "{1:\n", "1 +\n", "x y\n", "print 1\n",
    "return 1\n", "del f()\n", " 1", "1 ", "\t1", "1\n\n2", "1\n2", "1 # c", "1,2", "x=1", "yield",
    "await x", "*a", "*a,", "(yield)", "lambda:0", "x:=1", "(x:=1)", "f(x", "pass",
]
FILES = """
test_grammar test_patma test_fstring test_type_params test_coroutines test_named_expressions
test_syntax test_unpack_ex test_with test_except_star test_scope test_listcomps
""".split()
TOKENS = """
( ) [ ] { } : , = == * ** . if else for in not lambda await async yield return def class import from
as with try except finally break continue global nonlocal del pass is and or x y 1 "s" f"{x}" b"b"
; := -> @ - ~ None True ... match case _ type raise assert while elif ! ? $ \\ # 0x 1e ' \"
t"{a}" += // < >> print 0777 1_ \u00e9 \u20ac
""".split() + ["\n", "\n    ", "\n\n", " ", "\t", '"""']
MUTATIONS = 2500
LONGEST = 160


def result(source, mode, flags):
    try:
        compile(source, "<test>", mode, flags, dont_inherit=True)
    except SyntaxError as e:
        return [type(e).__name__, e.lineno, e.offset, e.end_lineno, e.end_offset, e.msg]
    except Exception as e:
        return [type(e).__name__]
    return ["ok"]


def library(name):
    with open(os.path.join(os.path.dirname(os.__file__), "test", name + ".py")) as file:
        return file.read()


def statements():
    for name in FILES:
        source = library(name)
        lines = source.splitlines(True)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.stmt):
                text = textwrap.dedent("".join(lines[node.lineno - 1 : node.end_lineno]))
                if len(text) < LONGEST:
                    yield text


def mutated(text, pick):
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    starts = [0]
    for line in text.splitlines(True):
        starts.append(starts[-1] + len(line))
    spans = [
        (starts[t.start[0] - 1] + t.start[1], starts[t.end[0] - 1] + t.end[1])
        for t in tokens
        if t.type not in (tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT)
        and t.end[0] <= len(starts)
    ]
    if not spans:
        return None
    start, end = pick.choice(spans)
    kind = pick.random()
    if kind < 0.3:
        return text[:start] + text[end:]
    if kind < 0.6:
        return text[:start] + pick.choice(TOKENS) + " " + text[start:]
    if kind < 0.85:
        return text[:start] + pick.choice(TOKENS) + text[end:]
    if kind < 0.93:
        other = pick.choice(spans)
        return text[:start] + text[other[0] : other[1]] + text[end:]
    return text[:start]


def main():
    warnings.simplefilter("ignore")
    rows = []
    programs = [
        node.value
        for node in ast.walk(ast.parse(library("test_codeop")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    for source in dict.fromkeys(programs + MORE):
        rows += [(mode, flags, source) for mode, flags in MODES]
    pick = random.Random(314)
    texts = list(dict.fromkeys(statements()))
    seen = {}
    while len(seen) < MUTATIONS:
        source = mutated(pick.choice(texts), pick)
        if source is not None and len(source) <= LONGEST:
            seen[source] = True
    rows += [("exec", 0, source) for source in seen]
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "syntax_modes.txt")
    with open(out, "w", encoding="ascii") as file:
        for mode, flags, source in rows:
            found = result(source, mode, flags)
            if found == ["ok"] or len(found) == 6 and found[1] is not None:
                row = [mode, str(flags), json.dumps(source), json.dumps(found)]
                file.write("\t".join(row) + "\n")
    print(len(rows), "programs", file=sys.stderr)


if __name__ == "__main__":
    main()
