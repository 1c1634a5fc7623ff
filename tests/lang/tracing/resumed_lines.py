# A generator that goes on is called at the line of its `yield`.
import sys
events = []
def trace(frame, event, arg):
    if frame.f_code.co_name in ("g", "h"):
        events.append((frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, event))
    return trace
def g():
    yield 1
    yield 2
    raise ValueError
def h():
    yield from g()
sys.settrace(trace)
try:
    for x in h(): pass
except ValueError: pass
sys.settrace(None)
for e in events: print(*e)
