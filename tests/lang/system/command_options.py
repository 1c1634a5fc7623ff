# Options and variables of the command.
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
