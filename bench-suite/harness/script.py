"""Runs a program that knows nothing of the driver: `script.py --bench=… PROGRAM [ARGUMENT…]`.

A program that defines `run()` at its top level is measured by calling it, and
what it returns is compared with its `EXPECTED`, where it has one. Any other
program is run as `__main__`, once, and its output is what is compared.
"""

import sys
import time

import benchmeter


def main():
    path = sys.argv[1]
    sys.argv.pop(0)
    folder, slash, file = path.rpartition("/")
    sys.path[0] = folder if slash else "."
    name = file[:-3] if file.endswith(".py") else file
    with open(path, encoding="utf-8") as source:
        code = compile(source.read(), path, "exec")
    if not defines_run(code):
        whole(name, path, code)
        return
    module = type(sys)("__bench__")
    module.__file__ = path
    sys.modules["__bench__"] = module
    exec(code, module.__dict__)
    run = module.run
    expected = getattr(module, "EXPECTED", None)
    first = []

    def time_loops(loops):
        if not first:
            begin = benchmeter.clock()
            result = run()
            elapsed = benchmeter.clock() - begin
            first.append(result)
            if expected is not None and result != expected:
                benchmeter.tell("wrong", name, "the result is " + repr(result)[:200].replace("\t", " "))
            return elapsed
        counter = range(loops)
        begin = benchmeter.clock()
        for _ in counter:
            run()
        return benchmeter.clock() - begin

    benchmeter.measure(name, time_loops, 1, lambda: benchmeter.digest(first[0]))


def defines_run(code):
    """Whether the module has a function `run` that takes no arguments."""
    for constant in code.co_consts:
        if getattr(constant, "co_name", None) == "run" and constant.co_argcount == 0:
            return True
    return False


class Digested:
    """Standard output that is digested instead of shown."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False


def whole(name, path, code):
    module = type(sys)("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    output = Digested()
    real, sys.stdout = sys.stdout, output
    began, was_busy = time.time(), benchmeter.busy()
    begin = benchmeter.clock()
    try:
        exec(code, module.__dict__)
    except SystemExit as exit:
        if exit.code not in (None, 0):
            raise
    finally:
        sys.stdout = real
    elapsed = benchmeter.clock() - begin
    was_busy, ended = benchmeter.busy() - was_busy, time.time()
    text = "".join(output.parts)
    answer = benchmeter.digest(text) if text else "-"
    benchmeter.tell("cold", name, repr(elapsed), answer, repr(began), repr(ended), repr(was_busy))
    peak = benchmeter.peak_kilobytes()
    if peak is not None:
        benchmeter.tell("peak", name, peak)


main()
