import __main__, sys
x = 5
print(__main__.x, __main__ is sys.modules["__main__"], __main__.__dict__ is globals(), __name__)
__main__.y = 6; print(y)
class A: pass
print(A.__module__, A, A.__qualname__, (lambda: 0).__module__)
import pickle; print(type(pickle.loads(pickle.dumps(A()))) is A)
import _uses_main; print(_uses_main.get_x(), _uses_main.__name__)
if __name__ == "__main__": print("main guard")
import subprocess
r = subprocess.run([sys.executable, "-c", "import sys; print(__name__, sys.argv); sys.exit(4)", "a", "b"], capture_output=True, text=True); print(r.stdout.strip(), r.returncode)
r = subprocess.run([sys.executable, "-m", "_pkg.sub", "arg"], capture_output=True, text=True, cwd=sys.path[0]); print(r.stdout.strip(), r.stderr.strip()[-100:], r.returncode)
r = subprocess.run([sys.executable, "-"], input="print('stdin', __name__)", capture_output=True, text=True); print(r.stdout.strip())
