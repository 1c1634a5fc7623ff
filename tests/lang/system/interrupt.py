# Ctrl-C at any moment, and how an uncaught one ends a program.
import signal
import subprocess
import sys
import time

PROGRAMS = {
    "loop": "while True: pass",
    "sleep": "import time; time.sleep(60)",
    "lock": "import threading; l = threading.Lock(); l.acquire(); l.acquire()",
    "read": "import sys; sys.stdin.read()",
    "finally": "try:\n while True: pass\nfinally: print('finally')",
    "caught": "try:\n while True: pass\nexcept KeyboardInterrupt: print('caught')",
    "join": "import threading, time\nt = threading.Thread(target=time.sleep, args=(60,), daemon=True)\nt.start(); t.join()",
}
for name, program in PROGRAMS.items():
    # (While a module is imported, a weak reference's callback runs, which would swallow it, in CPython too.)
    begin = "import sys, threading, time\nprint('ready', flush=True)\n"
    p = subprocess.Popen([sys.executable, "-c", begin + program],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    p.stdout.readline()
    time.sleep(0.2)
    p.send_signal(signal.SIGINT)
    p.wait(20)
    out, err = p.communicate()
    last = err.strip().splitlines()[-1:] or [""]
    print(name, p.returncode, out.split(), last[0])
