"""PEP 401: `<>` instead of `!=`; and what may be the key of a mapping pattern."""
import __future__

def try_(source, flags=0):
    try:
        scope = {"a": 1, "b": 2}
        exec(compile(source, "<t>", "exec", flags, dont_inherit=True), scope)
        print("fine", scope.get("r"))
    except SyntaxError as e:
        print(e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)

HEAD = "from __future__ import barry_as_FLUFL"
try_("r = a <> b")
try_(HEAD + "\nr = a <> b")
try_(HEAD + " as x; r = a <> b")
try_(HEAD + "\nr = (a\n != b)")
try_("from __future__ import (annotations,\n barry_as_FLUFL)\nr = f'{a <> b} {a!r} {a:<>4}'")
try_(HEAD + "\nr = f'{a != b}'")
try_("if 1:\n  " + HEAD + "\n  r = a <> b")
try_("import os as barry_as_FLUFL\nr = a != b")
try_("r = a <> a", __future__.CO_FUTURE_BARRY_AS_BDFL)
try_("r = a != a", __future__.CO_FUTURE_BARRY_AS_BDFL)

for key in ['f""', 'f"" "a"', '1: _, f""', '"a": _, "b": {f"x": 2}, "c"', 't""', 'f"": _, **k, "d"']:
    try_("match a:\n    case {%s: _}:\n        pass\n" % key)
try_('match a:\n    case {"a": f""}:\n        pass\n')
try_('match a:\n    case [{f"": _}]:\n        pass\n')
