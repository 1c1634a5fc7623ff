"""A stand-in for the parts of pyperf that benchmark scripts use.

Where pyperf spawns workers, calibrates and serialises, this module does
nothing of the kind: `benchmeter` measures everything that a script registers
in the one process. A command to be timed is left to the driver, so that the
interpreter need not be able to start processes.
"""

import sys

import benchmeter
from benchmeter import clock as perf_counter


def python_implementation():
    return sys.implementation.name


def python_has_jit():
    return python_implementation() != "cpython"


class Unsupported(Exception):
    """The script asks for a part of pyperf that this module does not have."""


class Namespace:
    pass


class Argument:
    def __init__(self, names, options):
        self.names = names
        self.positional = not names[0].startswith("-")
        self.action = options.get("action", "store")
        if self.action not in ("store", "store_true", "store_false"):
            raise Unsupported("argument action " + self.action)
        self.type = options.get("type")
        self.choices = options.get("choices")
        self.optional = options.get("nargs") == "?" or not self.positional
        if options.get("nargs") not in (None, "?"):
            raise Unsupported("argument nargs")
        default = options.get("default")
        if default is None and self.action == "store_true":
            default = False
        if default is None and self.action == "store_false":
            default = True
        self.default = default
        dest = options.get("dest")
        if dest is None:
            dest = names[0]
            for name in names:
                if name.startswith("--"):
                    dest = name
                    break
            dest = dest.lstrip("-").replace("-", "_")
        self.dest = dest

    def convert(self, text):
        value = text if self.type is None else self.type(text)
        if self.choices is not None and value not in self.choices:
            raise SystemExit("invalid choice: " + text)
        return value


class ArgumentParser:
    """The corner of argparse that the scripts need."""

    def __init__(self):
        self.arguments = []

    def add_argument(self, *names, **options):
        self.arguments.append(Argument(names, options))

    def parse(self, words):
        namespace = Namespace()
        for argument in self.arguments:
            setattr(namespace, argument.dest, argument.default)
        positionals = [a for a in self.arguments if a.positional]
        words = list(words)
        while words:
            word = words.pop(0)
            if not word.startswith("-"):
                if not positionals:
                    raise SystemExit("unexpected argument: " + word)
                argument = positionals.pop(0)
                setattr(namespace, argument.dest, argument.convert(word))
                continue
            value = None
            if "=" in word:
                word, value = word.split("=", 1)
            for argument in self.arguments:
                if word in argument.names:
                    break
            else:
                raise SystemExit("unknown option: " + word)
            if argument.action == "store_true":
                setattr(namespace, argument.dest, True)
            elif argument.action == "store_false":
                setattr(namespace, argument.dest, False)
            else:
                if value is None:
                    if not words:
                        raise SystemExit("missing value: " + word)
                    value = words.pop(0)
                setattr(namespace, argument.dest, argument.convert(value))
        for argument in positionals:
            if not argument.optional:
                raise SystemExit("missing argument: " + argument.dest)
        return namespace


class Runner:
    """pyperf.Runner, as far as benchmark scripts go."""

    def __init__(self, *, add_cmdline_args=None, **settings):
        self.metadata = {}
        self.argparser = ArgumentParser()
        self.args = None

    def parse_args(self, args=None):
        if self.args is None:
            self.args = self.argparser.parse(sys.argv[1:] if args is None else args)
        return self.args

    def bench_func(self, name, func, *args, inner_loops=1, metadata=None):
        self.parse_args()
        first = []

        def time_loops(loops):
            if not first:
                begin = perf_counter()
                result = func(*args)
                elapsed = perf_counter() - begin
                first.append(result)
                return elapsed
            counter = range(loops)
            begin = perf_counter()
            for _ in counter:
                func(*args)
            return perf_counter() - begin

        benchmeter.measure(name, time_loops, inner_loops, lambda: benchmeter.digest(first[0]))

    def bench_time_func(self, name, time_func, *args, inner_loops=1, metadata=None):
        self.parse_args()
        benchmeter.measure(name, lambda loops: time_func(loops, *args), inner_loops, lambda: "-")

    def bench_async_func(self, name, func, *args, inner_loops=1, metadata=None, loop_factory=None):
        self.parse_args()
        import asyncio

        async def run(loops):
            counter = range(loops)
            begin = perf_counter()
            for _ in counter:
                await func(*args)
            return perf_counter() - begin

        def time_loops(loops):
            if loop_factory is None:
                return asyncio.run(run(loops))
            with asyncio.Runner(loop_factory=loop_factory) as runner:
                return runner.run(run(loops))

        benchmeter.measure(name, time_loops, inner_loops, lambda: "-")

    def bench_command(self, name, command):
        self.parse_args()
        benchmeter.tell("command", name, *command)

    def timeit(self, name, *args, **options):
        raise Unsupported("timeit: " + name)
