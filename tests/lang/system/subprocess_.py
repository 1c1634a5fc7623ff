# Programs started with pipes, environments, functions before, and their ends.
import os
import signal
import subprocess
import sys

run = subprocess.run
print(run(["echo", "hello"], capture_output=True, text=True).stdout)
code = "import sys; sys.stderr.write('err'); print(sys.stdin.read().upper()); sys.exit(3)"
p = run([sys.executable, "-c", code], input="abc", capture_output=True, text=True)
print(p.returncode, repr(p.stdout), repr(p.stderr))
print(subprocess.check_output("echo $WORD", shell=True, env={"WORD": "env"}))
try:
    run(["true"], cwd="/nonexistent/folder")
except FileNotFoundError as e:
    print(e)
try:
    run([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.3)
except subprocess.TimeoutExpired as e:
    print(type(e).__name__, e.timeout)
p = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
p.terminate()
print(p.wait() == -signal.SIGTERM)
try:
    subprocess.check_call(["false"])
except subprocess.CalledProcessError as e:
    print(e)
r, w = os.pipe()
p = subprocess.Popen([sys.executable, "-c", f"import os; os.write({w}, b'passed')"], pass_fds=[w])
os.close(w)
p.wait()
print(os.read(r, 100))
os.close(r)


def before():
    os.environ["X"] = "1"
    os.write(1, b"before\n")


sys.stdout.flush()
run([sys.executable, "-c", "print('after')"], preexec_fn=before)


def fail():
    raise ZeroDivisionError


try:
    run(["true"], preexec_fn=fail)
except subprocess.SubprocessError as e:
    print(e)
with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
    out, _ = p.communicate(b"x" * 300000)
    print(len(out))
# What has been written is there for the program that reads it.
name = f"/tmp/taipan-lang-{os.getpid()}"
f = open(name, "w")
f.write("waiting in a buffer")
f.flush()
print(subprocess.check_output(["cat", name]))
f.close()
os.remove(name)
