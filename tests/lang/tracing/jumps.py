# Setting f_lineno from a trace function.
import sys


def jump(func, start, stop):
    first = func.__code__.co_firstlineno
    done = False

    def tracer(frame, event, arg):
        nonlocal done
        if frame.f_code is func.__code__ and event == "line" and not done:
            if frame.f_lineno == first + start:
                done = True
                frame.f_lineno = first + stop
        return tracer

    out = []
    sys.settrace(tracer)
    try:
        func(out)
    except Exception as e:
        out.append(f"{type(e).__name__}: {e}")
    finally:
        sys.settrace(None)
    print(func.__name__, out)


def forward(out):
    out.append(1)
    out.append(2)
    out.append(3)


def backward(out):
    out.append(1)
    out.append(2)
    out.append(3)


def out_of_loop(out):
    for i in 1, 2, 3:
        out.append(i)
        out.append(-i)
    out.append("end")


def into_loop(out):
    out.append(1)
    for i in 1, 2:
        out.append(i)


def out_of_handler(out):
    try:
        1 / 0
    except ZeroDivisionError:
        out.append("handler")
        out.append("more")
    out.append(sys.exception())


def into_handler(out):
    out.append(1)
    try:
        out.append(2)
    except ValueError:
        out.append(3)


jump(forward, 2, 3)
jump(backward, 2, 1)
jump(out_of_loop, 3, 4)
jump(into_loop, 1, 3)
jump(out_of_handler, 5, 6)
jump(into_handler, 1, 5)
jump(forward, 2, 20)
jump(forward, 2, -1)
