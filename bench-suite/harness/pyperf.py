"""A stand-in for the parts of pyperf that benchmark scripts use.

One process measures everything that a script registers, and prints a line for
each of them that begins with "@bench" and has tab-separated fields. Where
pyperf spawns workers, calibrates and serialises, this module does nothing of
the kind: it must run on an interpreter that can do little more than import
`time` and `sys`, and must not disturb what it measures.

The settings come in as the first command-line argument,
`--bench=MODE,WARMUP,TIME`, which is removed before the script sees it. MODE is
"measure" or "check" (every benchmark once, the shortest way).
"""

import sys
from time import perf_counter

MODE = "measure"
WARMUP = 3.0
TIME = 2.0

# A sample should take this long, so that the clock and one interruption do not matter.
SAMPLE = 0.1

if len(sys.argv) > 1 and sys.argv[1].startswith("--bench="):
    _fields = sys.argv.pop(1)[len("--bench="):].split(",")
    MODE = _fields[0]
    WARMUP = float(_fields[1])
    TIME = float(_fields[2])


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


def canonical(value, room):
    """A text for `value` that every interpreter agrees on, of about `room` characters."""
    if value is None or value is True or value is False:
        return str(value)
    kind = type(value)
    if kind in (int, float, complex, str, bytes):
        return repr(value)[:room]
    if kind in (list, tuple):
        parts = []
        for item in value:
            if room <= 0:
                break
            part = canonical(item, room)
            room -= len(part) + 1
            parts.append(part)
        return kind.__name__ + str(len(value)) + "[" + ",".join(parts) + "]"
    if kind is dict:
        return "dict" + canonical(list(value.items()), room)
    if kind in (set, frozenset):
        return "set" + str(sorted([canonical(item, 100) for item in value]))[:room]
    return "<" + kind.__name__ + ">"


def digest(value):
    """16 hexadecimal digits for a benchmark's result, "-" when it has none."""
    if value is None:
        return "-"
    state = 0xCBF29CE484222325
    for character in canonical(value, 50000):
        state = ((state ^ ord(character)) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    text = "0123456789abcdef"
    digits = ""
    for _ in range(16):
        digits = text[state & 15] + digits
        state >>= 4
    return digits


def report(name, cold, samples, loops, answer):
    samples = sorted(samples)
    count = len(samples)
    if count:
        best = samples[0]
        median = samples[count // 2]
        if count % 2 == 0:
            median = (median + samples[count // 2 - 1]) / 2
        steady = [repr(best), repr(median)]
    else:
        steady = ["-", "-"]
    fields = ["\n@bench", name, repr(cold)] + steady + [str(count), str(loops), answer]
    print("\t".join(fields), flush=True)


def measure(name, time_loops, inner_loops, answer):
    """Measures `time_loops(n)`, which runs n times and returns the seconds it took."""
    begin = perf_counter()
    cold = time_loops(1)
    if MODE == "check":
        report(name, cold, [], 1, answer())
        return
    loops = 1
    last = cold
    while perf_counter() - begin < WARMUP:
        # Grows by at most 10, because the first calls say little about the later ones.
        if last < SAMPLE:
            wanted = loops * 10 if last <= 0 else int(loops * SAMPLE / last) + 1
            loops = max(1, min(wanted, loops * 10))
        elif last > 2 * SAMPLE and loops > 1:
            loops = max(1, int(loops * SAMPLE / last))
        last = time_loops(loops)
    if last > 2 * SAMPLE and loops > 1:
        loops = max(1, int(loops * SAMPLE / last))
    samples = []
    begin = perf_counter()
    while len(samples) < 3 or perf_counter() - begin < TIME:
        samples.append(time_loops(loops) / (loops * inner_loops))
    report(name, cold / inner_loops, samples, loops, answer())


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

        def answer():
            return digest(first[0])

        measure(name, time_loops, inner_loops, answer)

    def bench_time_func(self, name, time_func, *args, inner_loops=1, metadata=None):
        self.parse_args()
        measure(name, lambda loops: time_func(loops, *args), inner_loops, lambda: "-")

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

        measure(name, time_loops, inner_loops, lambda: "-")

    def bench_command(self, name, command):
        raise Unsupported("bench_command: " + name)

    def timeit(self, name, *args, **options):
        raise Unsupported("timeit: " + name)
