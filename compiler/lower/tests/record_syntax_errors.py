"""Records what the reference implementation says about wrong programs.

Run with the reference interpreter (3.14); writes syntax_errors.txt beside this script. The programs
are the strings and doctest examples of the test suite's files named below that do not compile.

A line of the output: exception class, lineno, offset, end_lineno, end_offset, message and source,
separated by tabs, the last two as JSON strings.
"""

import ast
import doctest
import json
import os
import sys
import textwrap
import warnings

FILES = """
test_syntax test_exceptions test_fstring test_tstring test_named_expressions test_patma
test_positional_only_arg test_type_params test_type_aliases test_grammar test_eof test_unpack_ex
test_keywordonlyarg test_generators test_coroutines test_scope test_global test_string_literals
test_dictcomps test_listcomps test_setcomps test_genexps test_compile test_except_star test_with
test_bytes test_int_literal test_future_stmt.test_future test_symtable test_type_annotations
test_codeop test_parser test_unparse test_ast.test_ast test_peg_generator test_source_encoding
test_unicode_identifiers test_lambda test_decorators test_complex test_float test_unicodedata
test_traceback test_async test_asyncgen test_class test_super test_dict test_tabnanny test_repl
""".split()

# The parser's limits are tested apart: their programs are huge.
LONGEST = 1000
MOST = 100


def candidates(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if ">>>" in text:
                try:
                    for example in doctest.DocTestParser().get_examples(text):
                        yield example.source
                except ValueError:
                    pass
            yield text
            yield textwrap.dedent(text)


def record(source):
    try:
        compile(source, "<test>", "exec", dont_inherit=True)
    except SyntaxError as e:
        if None in (e.lineno, e.offset, e.end_lineno, e.end_offset):
            # The tokenizer leaves the end out, or gives -1.
            end = (e.end_lineno or e.lineno, e.end_offset if e.end_offset is not None else -1)
        else:
            end = (e.end_lineno, e.end_offset)
        if e.lineno is None or e.offset is None:
            return None
        return [type(e).__name__, e.lineno, e.offset, *end, e.msg]
    except Exception:
        return None
    return None


def main():
    warnings.simplefilter("ignore")
    library = os.path.dirname(os.__file__)
    seen = {}
    for name in FILES:
        path = os.path.join(library, "test", *name.split(".")) + ".py"
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for source in candidates(tree):
            # Plain words are no programs worth a test.
            if len(source) > LONGEST or source in seen or not source.isascii() and not all(
                not "\ud800" <= c <= "\udfff" for c in source
            ):
                continue
            if not any(c in source for c in "=:()[]{}'\"\\*+\n") and len(source.split()) < 2:
                continue
            seen[source] = record(source)
    lines = []
    count = {}
    for source, result in seen.items():
        if result is None or "coding" in source:
            continue
        *fields, message = result
        # Much of it is prose, and all of that is wrong in the same ways.
        count[message] = count.get(message, 0) + 1
        if count[message] > MOST:
            continue
        lines.append("\t".join([*map(str, fields), json.dumps(message), json.dumps(source)]))
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "syntax_errors.txt")
    with open(out, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    print(len(lines), "programs", file=sys.stderr)


if __name__ == "__main__":
    main()
