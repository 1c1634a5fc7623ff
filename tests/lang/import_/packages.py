import sys
import _pkg
print(_pkg.value, _pkg.__name__, _pkg.__package__, len(_pkg.__path__), hasattr(_pkg, "mod"))
import _pkg.mod
print(_pkg.mod.name, _pkg.mod.__package__, _pkg.mod.up)
from _pkg import mod, sub
print(mod is _pkg.mod, sub.__name__)
from _pkg.sub import leaf
print(leaf.here(), leaf.parent_value, leaf.sibling)
from _pkg.sub.leaf import *
print(sorted(n for n in globals() if n.startswith("pub") or n.startswith("_priv")))
from _pkg import *
print("exported" in globals(), "hidden" in globals())
import _pkg.sub.leaf as L; print(L is leaf)
try: import _pkg.nope
except ModuleNotFoundError as e: print(e, e.name)
try: from _pkg import nope
except ImportError as e: print(str(e).split(" (")[0], e.name)
try: import _pkg.broken
except ZeroDivisionError as e: print(e, "_pkg.broken" in sys.modules)
try: import _pkg.syntaxerr
except SyntaxError as e: print(e.msg, e.lineno, "_pkg.syntaxerr" in sys.modules)
import _pkg.circ_a; print(_pkg.circ_a.b_value, _pkg.circ_b.a_name)
try: from _pkg.circ_c import thing
except ImportError as e: print(str(e).split(" (")[0])
print(_pkg.lazy_attr)
try: _pkg.nothing
except AttributeError as e: print(e)
import _pkg.ns_like.inner as inner; print(inner.v, sys.modules["_pkg.ns_like"].__file__ if hasattr(sys.modules["_pkg.ns_like"], "__file__") else None)
