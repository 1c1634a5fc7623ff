# A signal that cuts a write short is served before the rest is written.
import os, signal
def handler(*args): raise ZeroDivisionError
signal.signal(signal.SIGALRM, handler)
for mode, data in [("wb", b"ab" * (1 << 20)), ("w", "ab" * (1 << 20))]:
    r, w = os.pipe()
    f = open(w, mode, closefd=False)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        f.write(data)
        print("written")
    except ZeroDivisionError:
        print("interrupted")
    os.close(w)
    os.close(r)
    try: f.close()
    except OSError: pass
