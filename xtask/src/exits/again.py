# Runs a program several times in one module, so that code compiled late is entered again: again.py TIMES PROGRAM
import os
import sys
import types

times, path = int(sys.argv[1]), os.path.abspath(sys.argv[2])
sys.argv = sys.argv[2:]
sys.path[0] = os.path.dirname(path)
with open(path, "rb") as file:
    code = compile(file.read(), path, "exec")
main = types.ModuleType("__main__")
main.__file__ = path
sys.modules["__main__"] = main
del file, os, types
for _ in range(times):
    exec(code, main.__dict__)
