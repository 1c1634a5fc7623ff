# Exceptions that compiled code catches: what handlers, tracebacks, contexts and callers see.
import sys


def lines(tb):
    r = []
    while tb:
        r.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
        tb = tb.tb_next
    return r


def memo(n):
    d = {}
    r = 0
    for i in range(n):
        try:
            r += d[i % 50]
        except KeyError as e:
            d[i % 50] = e.args[0] + 1
    return r, len(d)


def misses(n):
    d = {}
    r = 0
    for i in range(n):
        try:
            r += d[i]
        except KeyError:
            r += 1
    return r


def raiser(i):
    if i % 3 == 0:
        raise ValueError(i)
    if i % 3 == 1:
        raise TypeError(i)
    return i


def middle(i):
    return raiser(i) + 1


def calls(n):
    r = []
    for i in range(n):
        try:
            r.append(middle(i))
        except ValueError as e:
            r.append((e.args, lines(e.__traceback__)))
        except TypeError as e:
            r.append((str(e), lines(e.__traceback__), sys.exception() is e))
        assert sys.exception() is None
    return r[-6:]


def nested(n):
    r = 0
    last = None
    for i in range(n):
        try:
            try:
                raise KeyError(i)
            except KeyError as k:
                raise ValueError(i + 1) from k
        except ValueError as e:
            last = e
            r += e.args[0] + e.__cause__.args[0] + e.__context__.args[0]
    return r, lines(last.__traceback__), lines(last.__cause__.__traceback__)


def inner(i):
    try:
        raise KeyError(i)
    except KeyError:
        # A callee sees what is handled.
        return what()


def what():
    return type(sys.exception()).__name__


def handling(n):
    r = []
    for i in range(n):
        try:
            raise OSError(i)
        except OSError:
            r.append((inner(i), what()))
        r.append(what())
    return r[-4:]


def context_in_callee(n):
    r = None
    for i in range(n):
        try:
            try:
                raise KeyError(i)
            except KeyError:
                raiser(0)
        except ValueError as e:
            r = (type(e.__context__).__name__, lines(e.__traceback__))
    return r


def reraised(n):
    r = None
    for i in range(n):
        try:
            try:
                raiser(1)
            except ValueError:
                r = "no"
            finally:
                x = i
        except TypeError as e:
            r = (lines(e.__traceback__), x)
    return r


def bare(n):
    r = None
    for i in range(n):
        try:
            try:
                raiser(1)
            except TypeError:
                raise
        except TypeError as e:
            r = lines(e.__traceback__)
    return r


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow
        self.seen = []

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        self.seen.append(kind and kind.__name__)
        return self.swallow


def withs(n):
    m = Manager(True)
    for i in range(n):
        with m:
            raiser(i)
    r = {str(x): m.seen.count(x) for x in m.seen}
    k = Manager(False)
    c = 0
    for i in range(n):
        try:
            with k:
                raiser(i)
        except (TypeError, ValueError) as e:
            c += 1
    return r, c, k.seen[-3:]


def stops(n):
    r = 0
    for i in range(n):
        it = iter((1, 2, 3))
        try:
            while True:
                r += next(it)
        except StopIteration:
            pass
    return r


class Attr:
    def __getattr__(self, name):
        if name == "bad":
            raise LookupError(name)
        raise AttributeError(name)


def attributes(n):
    a = Attr()
    r = []
    for i in range(n):
        try:
            a.foo
        except AttributeError as e:
            r.append(str(e))
        try:
            a.bad
        except AttributeError:
            r.append("no")
        except LookupError as e:
            r.append(lines(e.__traceback__))
    return r[-2:]


def not_a_class(n):
    r = None
    for i in range(n):
        try:
            try:
                raiser(0)
            except i:
                r = "no"
        except TypeError as e:
            r = (str(e), type(e.__context__).__name__)
    return r


def locals_of_frames(n):
    r = None
    for i in range(n):
        x = i * 2
        try:
            raiser(i)
        except (ValueError, TypeError) as e:
            tb = e.__traceback__
            r = (tb.tb_frame.f_locals["x"], tb.tb_next.tb_frame.f_locals)
    return r


def loop_of_tries(n):
    found = []
    for i in range(n):
        while True:
            try:
                v = [1, 2, 3][i]
                break
            except IndexError:
                i -= 3
                continue
        found.append(v)
    return sum(found)


def returns(i):
    try:
        return raiser(i)
    except ValueError:
        return "v"
    except TypeError:
        return "t"
    finally:
        returns.count += 1


returns.count = 0


def deleted(n):
    c = 0
    for i in range(n):
        try:
            raiser(0)
        except ValueError as e:
            pass
        try:
            e
        except UnboundLocalError as u:
            c += 1
    return c


def divide(n):
    r = 0
    for i in range(n):
        try:
            r += 10 // (i % 3)
        except ZeroDivisionError:
            r -= 1
    return r


def spreads(n):
    # Leaves by an exception that nothing here catches, after many that were.
    for i in range(n):
        try:
            raiser(0)
        except ValueError:
            pass
    raiser(1)


def main():
    print(memo(600), misses(600))
    print(calls(300))
    print(nested(300))
    print(handling(300))
    print(context_in_callee(300))
    print(reraised(300), bare(300))
    print(withs(300))
    print(stops(200))
    print(attributes(300))
    print(not_a_class(300))
    print(locals_of_frames(300))
    print(loop_of_tries(300))
    print([returns(i) for i in range(300)][-4:], returns.count)
    print(deleted(300), divide(300))
    for _ in range(60):
        try:
            spreads(60)
        except TypeError as e:
            r = lines(e.__traceback__)
    print(r, sys.exception())


main()
