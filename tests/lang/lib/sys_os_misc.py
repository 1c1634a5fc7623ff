import sys, os, time, os.path as op
print(sys.maxsize, sys.byteorder, sys.maxunicode, sys.float_info.max, sys.float_info.epsilon, sys.hash_info.modulus, sys.version_info[:2], sys.getrecursionlimit(), type(sys.argv).__name__, len(sys.argv), sys.flags.optimize, sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.intern("a"), sys.platform, sys.hexversion >> 16, sys.int_info.bits_per_digit > 0, sys.thread_info.name, callable(sys.displayhook), sys.is_finalizing())
sys.setrecursionlimit(200)
def f(n): return 0 if n == 0 else 1 + f(n - 1)
print(f(100))
try: f(300)
except RecursionError as e: print(e)
sys.setrecursionlimit(1000)
try: sys.setrecursionlimit(-1)
except ValueError as e: print(e)
sys.displayhook(5); sys.displayhook(None)
print(op.join("a", "/b", "c"), op.split("/a/b"), op.splitext("x.tar.gz"), op.basename("/a/b"), op.dirname("/a/b"), op.normpath("a/../b//c/."), op.isabs("/a"), op.commonpath(["/a/b", "/a/c"]), op.relpath("/a/b", "/a/c"), op.expanduser("x"), os.sep, os.linesep == "\n", os.name, os.fspath("p"), os.environ.get("NOPE", "d"), op.exists("/nonexistent"), op.isdir("/"))
try: os.stat("/nonexistent")
except FileNotFoundError as e: print(e)
try: os.fspath(5)
except TypeError as e: print(e)
try: os.listdir("/nonexistent")
except OSError as e: print(e.errno, e.filename)
print(time.gmtime(0)[:6], time.strftime("%Y-%m-%d", time.gmtime(86400)), time.perf_counter() > 0, time.monotonic_ns() > 0, isinstance(time.time(), float), time.mktime(time.gmtime(0)) % 3600, time.struct_time((1,) * 9).tm_year)
import platform; print(platform.python_version_tuple()[:2]); import errno; print(errno.ENOENT, errno.errorcode[2]); import atexit; atexit.register(print, "at exit", sep="|"); atexit.register(lambda: print("first"))
import threading
r = []; t = [threading.Thread(target=lambda i=i: r.append(i)) for i in range(5)]; [x.start() for x in t]; [x.join() for x in t]; print(sorted(r), threading.current_thread().name, threading.active_count())
lock = threading.Lock(); n = 0
def w():
    global n
    for _ in range(1000):
        with lock: n += 1
t = [threading.Thread(target=w) for _ in range(4)]; [x.start() for x in t]; [x.join() for x in t]; print(n)
import queue; q = queue.Queue(); threading.Thread(target=lambda: [q.put(i) for i in range(3)]).start(); print([q.get() for _ in range(3)])
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as ex: print(list(ex.map(lambda x: x * x, range(5))), ex.submit(pow, 2, 5).result())
loc = threading.local(); loc.x = 1; th = threading.Thread(target=lambda: print(hasattr(loc, "x"))); th.start(); th.join(); import contextvars; v = contextvars.ContextVar("v", default=0); tok = v.set(5); print(v.get()); v.reset(tok); print(v.get(), contextvars.copy_context().run(lambda: v.set(9) and v.get()), v.get())
