# Threads in hot functions, tracers and profilers set midway, signals in compiled loops.
import signal, sys, threading, time, os
N = 20000
def work(n):
    s = 0
    for i in range(n): s += i % 7
    return s
out = []
ts = [threading.Thread(target=lambda k=k: out.append((k, [work(N) for _ in range(5)][-1]))) for k in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(out))
lock = threading.Lock(); box = {"n": 0}
def locked(n):
    for i in range(n):
        with lock: box["n"] += 1
ts = [threading.Thread(target=locked, args=(5000,)) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(box)
# A flag that another thread sets.
stop = False
def spin():
    k = 0
    while not stop: k += 1
    return k >= 0
def setter():
    global stop
    time.sleep(0.05); stop = True
t = threading.Thread(target=setter); t.start(); print(spin()); t.join()
class Flag: on = False
flag = Flag()
def spin2():
    k = 0
    while not flag.on: k += 1
    return k >= 0
t = threading.Thread(target=lambda: (time.sleep(0.05), setattr(flag, "on", True))); t.start(); print(spin2()); t.join()
ev = []
def spin3():
    while not ev: pass
    return ev
t = threading.Thread(target=lambda: (time.sleep(0.05), ev.append(1))); t.start(); print(spin3()); t.join()
# Signals.
hits = []
def on_alarm(sig, frame): hits.append(frame.f_code.co_name); raise TimeoutError
signal.signal(signal.SIGALRM, on_alarm)
def endless():
    i = 0
    while True: i += 1
def endless_calls():
    while True: work(3)
def endless_gen():
    for x in iter(int, 1): pass
for f in (endless, endless_calls, endless_gen):
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try: f()
    except TimeoutError as e:
        tb = e.__traceback__
        names = []
        while tb: names.append(tb.tb_frame.f_code.co_name); tb = tb.tb_next
        print(names[:2])
print(len(hits))
def counting(sig, frame): box["sig"] = box.get("sig", 0) + 1
signal.signal(signal.SIGALRM, counting)
def long(seconds):
    end = time.monotonic() + seconds; k = 0
    while time.monotonic() < end and box.get("sig", 0) < 5: k += 1
    return k >= 0
signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02); print(long(9)); signal.setitimer(signal.ITIMER_REAL, 0)
print(box["sig"] >= 5)
def interrupt():
    os.kill(os.getpid(), signal.SIGINT)
    i = 0
    while True: i += 1
signal.signal(signal.SIGINT, signal.default_int_handler)
try: interrupt()
except KeyboardInterrupt: print("interrupted")
# Tracers.
events = []
def tracer(frame, event, arg):
    if frame.f_code.co_name in ("traced", "inner", "later"): events.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer
def inner(x):
    return x + 1
def traced(n, at):
    s = 0
    for i in range(n):
        if i == at: sys.settrace(tracer)
        s = inner(s)
        if i == at + 2: sys.settrace(None)
    return s
print(traced(N, -10), traced(N, N // 2), len(events), events[:8]); events.clear()
def later(n):
    sys._getframe().f_trace = tracer
    sys.settrace(tracer)
    for i in range(n):
        s = inner(i)
    sys.settrace(None)
    return s
for _ in range(3): later(3)
print(len(events), events[:12]); events.clear()
def prof(frame, event, arg):
    if event in ("call", "return") and frame.f_code.co_name == "inner": events.append(event)
def profiled(n):
    s = 0
    for i in range(n):
        if i == n - 5: sys.setprofile(prof)
        s = inner(s)
    sys.setprofile(None)
    return s
print(profiled(N), profiled(N), events); events.clear()
# A tracer that changes a variable's line, from a frame up.
def set_in_callee(n):
    def starts(): sys.settrace(tracer); sys._getframe(1).f_trace = tracer
    r = 0
    for i in range(n):
        if i == n - 2: starts()
        r = inner(r)
    sys.settrace(None)
    return r
print(set_in_callee(N), len(events), events); events.clear()
