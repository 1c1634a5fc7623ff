# The clock of a thread: an ident that is no living thread's is refused, not read.
import threading, time
c = time.pthread_getcpuclockid(threading.get_ident())
print(time.clock_gettime(c) >= 0)
done = threading.Event(); t = threading.Thread(target=done.wait); t.start()
print(time.clock_gettime(time.pthread_getcpuclockid(t.ident)) >= 0)
done.set(); t.join()
import sys
refused = sys.implementation.name == "cpython"  # which crashes
if not refused:
    for ident in 1, t.ident:
        try: time.pthread_getcpuclockid(ident)
        except OSError as e: refused = e.errno == 3
print(refused)
