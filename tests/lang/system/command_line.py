# Options, variables, targets and exit codes of the command.
import os
import subprocess
import sys
import tempfile
import zipfile


def run(*args, env=None, text="print('stdin')"):
    e = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    e.update(env or {})
    p = subprocess.run([sys.executable, *args], capture_output=True, text=True, input=text, env=e)
    error = p.stderr.strip().split("\n")[-1].replace(HERE, "D")
    for name in (sys.executable, os.path.basename(sys.executable)):
        error = error.replace(name, "PY")
    print([a[:20] for a in args], p.returncode, p.stdout.split("\n")[0].replace(HERE, "D")[:60], error[:80])


with tempfile.TemporaryDirectory() as d:
    os.chdir(d)
    HERE = os.getcwd()
    open("script.py", "w").write("import sys; print(__name__, sys.argv)")
    os.mkdir("folder")
    open("folder/__main__.py", "w").write("import sys; print('folder', sys.argv, sys.path[0] == sys.argv[0] or sys.path[0].endswith('folder'))")
    with zipfile.ZipFile("app.zip", "w") as z:
        z.writestr("__main__.py", "import sys, helper; print('zip', sys.argv, helper.x)")
        z.writestr("helper.py", "x = 5")
    run("script.py", "-a", "b")
    run("folder", "1")
    run("app.zip", "2")
    run("-m", "script", "x")
    run("-m", "nosuchmodule")
    run("nosuchfile.py")
    os.chdir("/")
run("-c", "  import sys\n  print(sys.argv)", "-x")
run("-")
run()
for code in ("raise SystemExit", "raise SystemExit(7)", "raise SystemExit('text')", "1/0", "raise SystemExit(None)"):
    run("-c", code)
run("-O", "-c", "assert False; print(__debug__)")
run("-OO", "-c", "def f(): 'doc'\nprint(f.__doc__)")
run("-O", "-c", "import textwrap, json; print(json.dumps.__doc__ is not None)")
run("-OO", "-c", "import json; print(json.dumps.__doc__)")
run("-W", "error", "-c", "import warnings; warnings.warn('w')")
run("-X", "a=b", "-X", "c", "-c", "import sys; print(sys._xoptions)")
run("-X", "utf8=2", "-c", "pass")
run("-I", "-c", "import sys; print(sys.flags.isolated, sys.flags.safe_path)", env={"PYTHONWARNINGS": "error"})
run("-E", "-c", "import sys; print(sys.warnoptions)", env={"PYTHONWARNINGS": "error"})
run("-c", "import sys; print(sys.warnoptions)", env={"PYTHONWARNINGS": "error"})
run("-c", "import sys; print(sys.flags.optimize)", env={"PYTHONOPTIMIZE": "1"})
run("-c", "import sys; print(sys.stdout.encoding)", env={"PYTHONIOENCODING": "ascii"})
run("-c", "print(hash('a'))", env={"PYTHONHASHSEED": "x"})
run("-X", "faulthandler", "-c", "import faulthandler; print(faulthandler.is_enabled())")
run("-S", "-c", "import sys; print('site' in sys.modules)")
run("-B", "-c", "import sys; print(sys.dont_write_bytecode)")
run("-i", "-c", "print('first')", text="print('second')\n")
run("-c", "import os; print(os.path.isfile(os.__file__), os.path.isdir(os.path.dirname(os.__file__)))")
