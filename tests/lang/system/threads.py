# Threads, what they raise, and the things they meet at.
import queue
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

results = []
lock = threading.Lock()


def work(n):
    for _ in range(1000):
        with lock:
            results.append(n)


threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(results), threading.active_count())

q = queue.Queue(2)


def produce():
    for i in range(5):
        q.put(i)
    q.put(None)


threading.Thread(target=produce).start()
print(list(iter(q.get, None)))

event = threading.Event()
threading.Timer(0.01, event.set).start()
print(event.wait(5), event.wait(0))
print(lock.acquire(timeout=0.01), lock.acquire(blocking=False))
lock.release()
barrier = threading.Barrier(2)
other = threading.Thread(target=barrier.wait)
other.start()
print(sorted([barrier.wait() in (0, 1)]))
other.join()


def fail():
    raise ValueError("in a thread")


threading.excepthook = lambda args: print("hook", args.exc_type.__name__, args.exc_value)
t = threading.Thread(target=fail, name="failing")
t.start()
t.join()
try:
    t.start()
except RuntimeError as e:
    print(e)
try:
    threading.Thread(target=fail).join()
except RuntimeError as e:
    print(e)
try:
    lock.release()
except RuntimeError as e:
    print(e)
r = threading.RLock()
with r, r:
    print(r._is_owned())
local = threading.local()
local.x = 1


def other_thread():
    local.x = 2
    results.append(hasattr(local, "y"))


t = threading.Thread(target=other_thread)
t.start()
t.join()
print(local.x, results[-1])
with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(lambda n: n * n, range(6))))
    futures = [pool.submit(divmod, 7, n) for n in (0, 2)]
    for f in futures:
        print(type(f.exception()).__name__, None if f.exception() else f.result())
    print(len(list(as_completed(futures))))


def background():
    time.sleep(0.05)
    print("waited for at the end")


threading.Thread(target=background).start()
sys.stdout.flush()
