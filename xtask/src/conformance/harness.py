"""Runs one module of CPython's test suite, unmodified, and reports each test method.

usage: harness.py EVENTS MODULE [--not ID]...

EVENTS is a file that one line is appended to for everything that happens, at
once, so that whoever started this process knows what was running when it died:

    plan ID | start ID | ok ID | skip ID REASON | fail ID WHY | error ID WHY | module WHAT WHY | done

with tabs between the fields.
"""
import os
import sys


def main():
    events_path, module = sys.argv[1:3]
    avoided = {sys.argv[i + 1] for i, word in enumerate(sys.argv) if word == "--not"}
    events = os.open(events_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.set_inheritable(events, False)
    except AttributeError:
        pass

    def say(*fields):
        line = "\t".join(" ".join(str(f).split()) or "-" for f in fields)
        os.write(events, line.encode("utf-8", "backslashreplace")[:2000] + b"\n")

    sys.path = [p for p in sys.path if p != os.path.dirname(os.path.abspath(__file__))]
    import unittest

    def why(err):
        kind, value, tb = err
        try:
            text = str(value)
        except BaseException as e:
            text = f"<str() raised {type(e).__name__}>"
        where = ""
        while tb is not None:
            code = tb.tb_frame.f_code
            if "unittest" not in code.co_filename:
                where = f" [{os.path.basename(code.co_filename)}:{tb.tb_lineno}]"
            tb = tb.tb_next
        return f"{kind.__name__}: {text[:400]}{where}"

    def name(test):
        if isinstance(test, unittest.case._SubTest):
            test = test.test_case
        return "_".join(test.id().split())

    class Result(unittest.TestResult):
        def startTest(self, test):
            say("start", name(test))

        def stopTest(self, test):
            pass

        def addSuccess(self, test):
            say("ok", name(test))

        def addFailure(self, test, err):
            say("fail", name(test), why(err))

        def addError(self, test, err):
            say("error", name(test), why(err))

        def addSkip(self, test, reason):
            say("skip", name(test), reason)

        def addExpectedFailure(self, test, err):
            say("ok", name(test))

        def addUnexpectedSuccess(self, test):
            say("fail", name(test), "unexpected success")

        def addSubTest(self, test, subtest, err):
            if err is not None:
                kind = "fail" if issubclass(err[0], test.failureException) else "error"
                say(kind, name(test), why(err))

    def cases(suite):
        for test in suite:
            if isinstance(test, unittest.TestSuite):
                yield from cases(test)
            else:
                yield test

    def without(suite):
        kept = []
        for test in suite:
            if isinstance(test, unittest.TestSuite):
                kept.append(without(test))
            elif name(test) not in avoided:
                kept.append(test)
        return type(suite)(kept)

    try:
        from test import support
        support.use_resources = {}
        support.verbose = 0
        __import__("test." + module)
        suite = unittest.defaultTestLoader.loadTestsFromName("test." + module)
    except unittest.SkipTest as e:
        say("module", "skip", e)
        say("done")
        return
    except BaseException:
        say("module", "import", why(sys.exc_info()))
        say("done")
        return
    for test in cases(suite):
        say("plan", name(test))
    if avoided:
        suite = without(suite)
    try:
        suite.run(Result())
    except BaseException:
        say("module", "stopped", why(sys.exc_info()))
    say("done")
    # Threads that a failed test left behind must not keep the process.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
