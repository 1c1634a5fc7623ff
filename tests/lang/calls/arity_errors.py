# The wording of wrong numbers of arguments and wrong keywords depends on how CPython's function
# takes its arguments.
def call(text):
    try: eval(text)
    except Exception as e: print(text, "->", type(e).__name__, e)
import math, operator, itertools, collections, sys, time
from types import SimpleNamespace
from types import MappingProxyType
class L(list): pass
class I(int): pass
class T(type): pass
LISTS = ["", "1", "1, 2", "1, 2, 3, 4, 5, 6, 7", "foo=1", "1, foo=1", "1, 2, 3, foo=1"]
for f in ["abs", "sum", "sorted", "pow", "round", "globals", "divmod", "getattr", "isinstance", "ord", "hash", "iter",
          "[].append", "[].pop", "[].sort", "[].index", "[].clear", "[].__getitem__", "[].__setitem__", "[].__len__", "L().append",
          "{}.get", "{}.setdefault", "{}.fromkeys", "{}.__contains__", "{}.__getitem__", "{}.__delitem__", "{}.items", "dict.fromkeys",
          "''.replace", "''.split", "''.encode", "''.join", "''.upper", "''.expandtabs", "''.find", "''.center",
          "b''.translate", "b''.decode", "b''.hex", "bytes.fromhex", "(1).__add__", "(1).__pow__", "(1).to_bytes", "int.from_bytes", "str.maketrans", "bytes.maketrans", "SimpleNamespace", "list.__getitem__", "dict.__len__", "sys.intern", "sys.getsizeof", "sys.getrefcount" if False else "sys.is_finalizing", "time.perf_counter", "(1).__ceil__", "(1).__round__", "(1.5).__format__",
          "().count", "().index", "{1}.add", "{1}.__contains__", "{1}.union", "int", "I", "float", "complex", "bool", "bytes", "memoryview", "slice", "range", "enumerate", "zip", "map",
          "property", "classmethod", "staticmethod", "type(None)", "type(...)", "type(NotImplemented)", "type(len)", "type(iter([]))", "object", "MappingProxyType", "T.mro", "T.__subclasses__",
          "math.sin", "math.hypot", "math.gcd", "math.floor", "operator.index", "operator.add", "itertools.zip_longest", "collections.deque().append", "collections.deque().insert"]:
    for args in LISTS: call(f"{f}({args})")
