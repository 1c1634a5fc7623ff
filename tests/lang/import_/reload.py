import importlib, sys, _state
_state.counter += 1; _state.extra = "kept"; old = _state.f; oldc = _state.C; inst = oldc()
print(_state.counter); m = importlib.reload(_state); print(m is _state, _state.counter, _state.extra, _state.f is old, isinstance(inst, _state.C), _state.loads)
del sys.modules["_state"]; import _state as s2; print(s2 is _state, s2 is m, s2.counter, hasattr(s2, "extra"))
try: importlib.reload(5)
except TypeError as e: print(e)
try: importlib.reload(type(sys)("ghost"))
except ImportError as e: print(e)
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith("virt"): return importlib.util.spec_from_loader(name, Loader(), is_package=name == "virtpkg")
class Loader:
    def create_module(self, spec): return None
    def exec_module(self, module): module.v = "virtual " + module.__name__
import importlib.util
sys.meta_path.insert(0, Finder)
import virt1, virtpkg.inner
print(virt1.v, virtpkg.v, virtpkg.inner.v, virtpkg.inner.__package__, virt1.__spec__.origin, virt1.__loader__.__class__.__name__)
sys.meta_path.pop(0)
code = compile("x = 1\ndef f(): return x + y\n", "<made>", "exec"); mod = type(sys)("made"); exec(code, mod.__dict__); mod.y = 5; print(mod.f(), mod.f.__module__, code.co_filename)
print(sys.path[0].endswith("import_"), [n for n in sys.builtin_module_names if n in ("sys", "builtins")])
import runpy
ns = runpy.run_path(sys.path[0] + "/_state.py", {"injected": 1}, "run_name"); print(ns["__name__"], ns["counter"], ns["injected"])
