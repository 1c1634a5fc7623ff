# Variables of the environment and more options.
import os
import subprocess
import sys

HERE = os.getcwd()


def run(*args, env=None, text="print('stdin')"):
    e = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    e.update(env or {})
    p = subprocess.run([sys.executable, *args], capture_output=True, text=True, input=text, env=e)
    error = p.stderr.strip().split("\n")[-1].replace(HERE, "D")
    for name in (sys.executable, os.path.basename(sys.executable)):
        error = error.replace(name, "PY")
    print([a[:20] for a in args], p.returncode, p.stdout.split("\n")[0].replace(HERE, "D")[:60], error[:80])


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
