# Which lines are events: ways back to a loop's header, handlers' ends, frames with cells.
import sys


def traced(f):
    events = []
    first = f.__code__.co_firstlineno

    def trace(frame, event, arg):
        if frame.f_code is f.__code__:
            events.append((frame.f_lineno - first, event))
        return trace

    sys.settrace(trace)
    try:
        f()
    finally:
        sys.settrace(None)
    print(f.__name__)
    for e in events:
        print("   ", *e)


def if_in_loop():
    seen = 0
    for i in range(3):
        if i == 1:
            seen += 1
    return seen


def while_continue():
    n = 0
    while n < 3:
        n += 1
        if n == 2:
            continue
        if n == 9:
            break
    return n


def nested():
    for i in range(2):
        for j in range(2):
            i + j
    return 1


def handler():
    x = "hello"
    try:
        3 / 0
    except ZeroDivisionError as e:
        if x == "raise":
            raise ValueError() from e
    f = 7


def handler_at_end():
    try:
        3 / 0
    except ZeroDivisionError:
        pass


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass


outer = 5


def make():
    captured = 1

    def with_cells():
        inner = captured
        with Manager():
            return lambda: inner

    return with_cells


def one_line_loop():
    for i in range(3): i


def pass_loop():
    for i in range(2):
        pass


for f in (if_in_loop, while_continue, nested, handler, handler_at_end, make(), one_line_loop, pass_loop):
    traced(f)
