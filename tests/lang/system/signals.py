# Handlers in Python, timers, masks, what handlers raise.
import os
import signal
import time


def handler(number, frame):
    print("handler", signal.Signals(number).name, frame.f_code.co_name)


print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
print(signal.signal(signal.SIGUSR1, handler))


def send():
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)


send()
print(signal.getsignal(signal.SIGUSR1) is handler)


class Late(Exception):
    pass


def raise_late(number, frame):
    raise Late(number)


signal.signal(signal.SIGALRM, raise_late)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    while True:
        pass
except Late as e:
    print("late", e.args)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    time.sleep(30)
except Late as e:
    print("late", e.args)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt as e:
    print("interrupt", e.args)

# Blocked signals wait.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
os.kill(os.getpid(), signal.SIGUSR1)
print("blocked", signal.SIGUSR1 in signal.sigpending())
print(signal.sigwait({signal.SIGUSR1}))
print(signal.sigtimedwait({signal.SIGUSR1}, 0))
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})

# The descriptor that is written to.
r, w = os.pipe()
os.set_blocking(w, False)
print(signal.set_wakeup_fd(w))
signal.raise_signal(signal.SIGUSR1)
print(os.read(r, 10) == bytes([signal.SIGUSR1]))
print(signal.set_wakeup_fd(-1) == w)
for bad in (0, 65, "x"):
    try:
        signal.signal(bad, handler)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
try:
    signal.signal(signal.SIGUSR1, 3.5)
except TypeError as e:
    print(e)
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
signal.raise_signal(signal.SIGUSR1)
print(signal.strsignal(signal.SIGTERM), len(signal.valid_signals()) > 60)
