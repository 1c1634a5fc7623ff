# fork, exec, waiting, posix_spawn; the child's threads and hooks.
import os
import sys
import threading
import time
import warnings

warnings.simplefilter("ignore")
r, w = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(w, b"from the child")
    os._exit(7)
got, status = os.waitpid(pid, 0)
print(got == pid, os.waitstatus_to_exitcode(status), os.read(r, 100))

pid = os.fork()
if pid == 0:
    os.execv("/bin/sh", ["sh", "-c", "exit 5"])
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

calls = []
os.register_at_fork(before=lambda: calls.append("before"),
                    after_in_parent=lambda: calls.append("parent"),
                    after_in_child=lambda: calls.append("child"))
lock = threading.Lock()
stop = False


def work():
    while not stop:
        with lock:
            time.sleep(0.0005)


threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads:
    t.start()
for _ in range(20):
    pid = os.fork()
    if pid == 0:
        ok = threading.active_count() == 1 and calls[-1] == "child"
        t = threading.Thread(target=lambda: None)
        t.start()
        t.join()
        os._exit(0 if ok else 1)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        print("child failed", code)
stop = True
for t in threads:
    t.join()
print(calls[-2:])

pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 9"], os.environ)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
pid = os.posix_spawnp("sh", ["sh", "-c", "echo spawned >&2"], os.environ,
                      file_actions=[(os.POSIX_SPAWN_DUP2, w, 2)])
os.waitpid(pid, 0)
print(os.read(r, 100))
try:
    os.waitpid(-1, 0)
except ChildProcessError as e:
    print(e)
print(os.system("exit 3") >> 8)
sys.stdout.flush()
