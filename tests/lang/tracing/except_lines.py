# Line events of handlers, of `return` in a `with`, of a constant test.
import sys
events = []
def trace(frame, event, arg):
    if frame.f_code.co_name.startswith("f"):
        events.append((frame.f_lineno - frame.f_code.co_firstlineno, event))
    return trace
class C:
    def __enter__(self): return self
    def __exit__(self, *args): pass
def f1():
    try:
        1/0
    except:
        pass
    return 4
def f2():
    try:
        try:
            raise Exception
        finally:
            if events:
                x = 1
    except:
        x = 3
    return x
def f3():
    with C():
        return
def f4():
    x = 1
    del x
    if 1:
        x = 1
    else:
        pass
    return None
for f in f1, f2, f3, f4:
    events.clear()
    sys.settrace(trace)
    f()
    sys.settrace(None)
    print(f.__name__, events)
