# Processes by fork, and what they share.
import multiprocessing as mp
import os


def square(n):
    return n * n


def work(q, lock):
    with lock:
        q.put(os.getppid())


def fail():
    raise SystemExit(3)


if __name__ == "__main__":
    ctx = mp.get_context("fork")
    q, lock = ctx.Queue(), ctx.Lock()
    ps = [ctx.Process(target=work, args=(q, lock)) for _ in range(3)]
    for p in ps:
        p.start()
    print({q.get() for _ in ps} == {os.getpid()})
    for p in ps:
        p.join()
    print([p.exitcode for p in ps])
    p = ctx.Process(target=fail)
    p.start()
    p.join()
    print(p.exitcode)
    with ctx.Pool(2) as pool:
        print(pool.map(square, range(8)))
        print(pool.apply_async(square, (7,)).get(20))
    a, b = ctx.Pipe()
    p = ctx.Process(target=b.send, args=({"x": [1, 2]},))
    p.start()
    print(a.recv())
    p.join()
    e = ctx.Event()
    p = ctx.Process(target=e.set)
    p.start()
    print(e.wait(20))
    p.join()
