import math, os.path, json as j
from math import pi, sqrt as s
from collections import OrderedDict, defaultdict as dd
print(math.floor(pi), s(16), os.path.join("a", "b"), j.dumps([1]), dd(int)["x"], math is __import__("math"))
for t in ["import nope_module", "import os.nope", "from math import nope", "from nope import x", "import math.x", "from os import path, nope2", "from . import x", "from .. import y", "from .m import z", "__import__('')", "__import__(5)", "from math import sqr"]:
    try: exec(t, {"__name__": "m", "__package__": ""} if "from ." in t else {})
    except ImportError as e: print(t, "->", type(e).__name__, str(e).split(" (")[0], e.name)
    except Exception as e: print(t, "->", type(e).__name__, e)
import sys
print("math" in sys.modules, sys.modules["math"] is math, type(math).__name__, math.__name__, math.__spec__.name, json_ok := "json" in sys.modules)
sys.modules["fake"] = type(sys)("fake"); sys.modules["fake"].v = 5
import fake; from fake import v; print(v, fake)
sys.modules["blocked"] = None
try: import blocked
except ImportError as e: print(type(e).__name__, e)
m = type(sys)("made", "doc"); print(m, m.__doc__, m.__dict__["__name__"], m.__loader__, m.__spec__)
try: m.attr
except AttributeError as e: print(e)
m.__getattr__ = lambda n: n.upper(); print(m.dyn); m.__dir__ = lambda: ["z"]; print(dir(m))
def local():
    import string
    from math import floor as f
    return string.digits, f(2.5)
print(local(), "string" in globals())
import importlib; print(importlib.import_module("os.path") is os.path, importlib.import_module("json").__name__, importlib.util.find_spec("nope_zzz") if hasattr(importlib, "util") else None)
print(__name__, __spec__, __package__, __builtins__.__name__, __file__.endswith("basic.py"))
