# A jump out of a `with` behind a `finally` leaves nothing behind that looks like an exception.
import sys
class C:
    def __init__(self, n): self.n = n
    def __enter__(self): print("in", self.n)
    def __exit__(self, *a): print("out", self.n)
def f():
    try:
        print(2)
    finally:
        with C(4):
            print(5)
        print(6)
    print(7)
def trace(frame, event, arg):
    if frame.f_code is f.__code__ and event == "line" and frame.f_lineno == f.__code__.co_firstlineno + 5:
        frame.f_lineno = frame.f_lineno + 1
        sys.settrace(None)
        frame.f_trace = None
        return None
    return trace
sys.settrace(trace)
f()
sys.settrace(None)
print(sys.exception())
try: 1 + "a"
except TypeError as e: print(e.__context__)
