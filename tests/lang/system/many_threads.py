# Many threads at a time, and threads that allocate while others start.
import gc
import threading
import weakref

results = []
lock = threading.Lock()


def work(n):
    made = [{"n": n, "i": i} for i in range(500)]
    total = sum(d["i"] for d in made)
    with lock:
        results.append((n, total))


threads = [threading.Thread(target=work, args=(n,)) for n in range(60)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(results), sorted(results)[:2], {total for _, total in results})

barrier = threading.Barrier(20)
order = []


def meet(n):
    barrier.wait()
    order.append(n)


threads = [threading.Thread(target=meet, args=(n,)) for n in range(20)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(order) == list(range(20)))
