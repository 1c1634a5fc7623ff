# A child that a thread forks sees the main thread as ended, and itself as running.
import os
import threading

main = threading.current_thread()


def joining():
    main.join(20)
    print("main is alive:", main.is_alive(), flush=True)


def worker():
    pid = os.fork()
    if pid:
        print("exit status", os.waitpid(pid, 0)[1])
        return
    me = threading.current_thread()
    print(me is threading.main_thread(), me.is_alive(), flush=True)
    try:
        me.join()
    except RuntimeError as e:
        print(e, flush=True)
    t = threading.Thread(target=joining)
    t.start()
    t.join()
    os._exit(0)


w = threading.Thread(target=worker)
w.start()
w.join()
