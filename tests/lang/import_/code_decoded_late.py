# Code of library functions is decoded on first use: looking at it, tracing it, calling it.
import marshal
import sys
import textwrap
import traceback
import types

print(textwrap.indent.__doc__[:40])
print(textwrap.shorten.__code__.co_varnames[:2], textwrap.shorten.__code__.co_argcount)
print(textwrap.fill.__code__.co_name, textwrap.fill.__code__.co_qualname)
print("wrapper" in textwrap.fill.__code__.co_names or textwrap.fill.__code__.co_names != ())
print(textwrap.dedent.__name__, textwrap.dedent.__defaults__, textwrap.wrap.__defaults__)
print(callable(textwrap.TextWrapper._split), textwrap.TextWrapper._split.__doc__ is not None)


def copy(f):
    code = marshal.loads(marshal.dumps(f.__code__))
    return types.FunctionType(code, f.__globals__, f.__name__, f.__defaults__)


print(copy(textwrap.shorten)("some long text that is cut", 12))
renamed = textwrap.wrap.__code__.replace(co_name="other")
print(renamed.co_name, renamed == textwrap.wrap.__code__, len(renamed.co_consts) == len(textwrap.wrap.__code__.co_consts))

import heapq
import calendar

events = []


def tracer(frame, event, arg):
    events.append((frame.f_code.co_name, event))
    return tracer


sys.settrace(tracer)
calendar.isleap(2000)
sys.settrace(None)
print(events[0], events[1][1], events[-1][1])

import fractions

try:
    fractions.Fraction("x")
except ValueError as e:
    print(e)
    print([f.name for f in traceback.extract_tb(e.__traceback__)])

import pprint


class Sub(pprint.PrettyPrinter):
    def format(self, object, context, maxlevels, level):
        return super().format(object, context, maxlevels, level)


print(Sub().pformat({"a": [1, 2], "b": (3,)}))

import functools
import contextlib


@contextlib.contextmanager
def manager():
    yield 5


with manager() as m:
    print(m)


def doc():
    "first"


doc.__doc__ = None
print(doc.__doc__)
del doc.__doc__
print(doc.__doc__)
