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
