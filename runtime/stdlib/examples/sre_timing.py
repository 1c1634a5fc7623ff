"""Records regular-expression workloads, with CPython's times, for the example sre_timing.rs.

Usage, under CPython 3.14: sre_timing.py BENCHMARKS OUTPUT, where BENCHMARKS is pyperformance's
directory of bm_… directories. The programs of regex_effbot and regex_v8 are run once with
recording patterns; those of regex_dna are applied to a shorter sequence. `batch` adds jobs of our own.
"""

import importlib.util
import re
import sys
import time
import types
from re import _compiler, _parser

real_compile = re.compile
counts = {}
current = ""


class Recorder:
    def __init__(self, pattern, flags=0):
        self.key = (pattern, int(flags))
        self.real = real_compile(pattern, flags)

    def note(self, op, string, count=0):
        key = (current, *self.key, op, string, count)
        counts[key] = counts.get(key, 0) + 1

    def search(self, string):
        self.note("search", string)
        return self.real.search(string)

    def sub(self, repl, string, count=0):
        self.note("sub", string, count)
        return self.real.sub(repl, string, count=count)

    def split(self, string, maxsplit=0):
        self.note("sub", string, maxsplit)
        return self.real.split(string, maxsplit)

    def subn(self, repl, string, count=0):
        self.note("sub", string, count)
        return self.real.subn(repl, string, count=count)

    def findall(self, string):
        self.note("sub", string)
        return self.real.findall(string)


def load(directory, name):
    global current
    current = name
    path = "%s/bm_%s/run_benchmark.py" % (directory, name)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def recorded(directory):
    sys.modules["pyperf"] = types.SimpleNamespace(perf_counter=time.perf_counter)
    as_recorder = lambda p, flags=0: p if isinstance(p, Recorder) else Recorder(p, flags)
    re.compile = as_recorder
    re.search = lambda p, s, flags=0: as_recorder(p, flags).search(s)
    re.sub = lambda p, r, s, count=0, flags=0: as_recorder(p, flags).sub(r, s, count)
    re.findall = lambda p, s, flags=0: as_recorder(p, flags).findall(s)
    effbot = load(directory, "regex_effbot")
    for regex, string in effbot.init_benchmarks():
        for _ in range(10):
            regex.search(string)
    load(directory, "regex_v8").bench_regex_v8(1)
    dna = load(directory, "regex_dna")
    dna.run_benchmarks(dna.init_benchmarks(20000, 42))


def batch():
    """Text-processing jobs of the ordinary kind, over generated text."""
    global current
    current = "batch"
    line = ('%d.%d.%d.%d - user%d [10/Oct/2025:13:55:%02d +0000] "GET /a/b%d.html?id=%d HTTP/1.1" '
            '200 %d "http://example.com/%d" "Mozilla/5.0 (X11; Linux)"\n')
    log = "".join(line % (i % 256, i % 7, i % 99, 1, i, i % 60, i, i * 7, i * 31, i) for i in range(400))
    prose = "The quick brown fox (aged 7) met jane.doe@example.org on 2025-03-14; it cost $12.50.\n" * 400
    code = 'def f%d(x, y=1.5e3):\n    return "a\\n" + x * (y - 3) # note\n' % 5 * 300
    html = '<div class="row"><a href="/p/1">One &amp; two</a><br/></div>\n' * 300
    for pattern, text, flags in [
        (r'^(\S+) (\S+) (\S+) \[([^\]]+)\] "(\w+) (\S+) ([^"]*)" (\d+) (\d+|-)', log, re.M),
        (r'(?P<ip>\d{1,3}(?:\.\d{1,3}){3})', log, 0), (r'\bid=(\d+)', log, 0),
        (r'[\w.+-]+@[\w-]+\.[\w.]+', prose, 0), (r'\d{4}-\d{2}-\d{2}', prose, 0),
        (r'\w+', prose, 0), (r'\s+', prose, 0), (r'(?i)jane|john|fox', prose, 0),
        (r'\$\d+(?:\.\d\d)?', prose, 0), (r'\b(\w)\w*\1\b', prose, 0),
        (r'(?P<num>\d+(?:\.\d+)?(?:e\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<str>"(?:\\.|[^"\\])*")|'
         r'(?P<op>[-+*/=():,])|(?P<com>#.*)|(?P<ws>\s+)', code, 0),
        (r'<(\w+)[^>]*>', html, 0), (r'<a href="(.*?)">(.*?)</a>', html, 0),
        (r'&(\w+);', html, 0), (r'(?:[^<]|<(?!br))*', html, 0),
    ]:
        Recorder(pattern, flags).findall(text)


def escape(string):
    codes = string if isinstance(string, bytes) else map(ord, string)
    return "".join(chr(c) if 33 <= c <= 126 and c != 92 else "\\%x;" % c for c in codes)


def timed(call, string):
    """Nanoseconds of one call, the least of several tries."""
    loops, best = 1, float("inf")
    for _ in range(6):
        start = time.perf_counter_ns()
        for _ in range(loops):
            call(string)
        spent = time.perf_counter_ns() - start
        best = min(best, spent / loops)
        if spent < 300_000:
            loops = min(1 + int(loops * 300_000 / max(spent, 1)), 3000)
    return best


def main():
    recorded(sys.argv[1])
    batch()
    floor = timed(real_compile("x").match, "")
    with open(sys.argv[2], "w") as out:
        out.write("%f\n" % floor)
        for (name, pattern, flags, op, string, count), weight in counts.items():
            real = real_compile(pattern, flags)
            if op == "search":
                spent = timed(real.search, string)
            else:
                empty = string[:0]
                spent = timed(lambda s: real.sub(empty, s, count=count), string) - 30
            code = _compiler._code(_parser.parse(pattern, flags), flags)
            out.write("\t".join(map(str, (
                name, op, weight, count, spent, real.groups, real.flags,
                " ".join(str(int(w)) for w in code), escape(string), ascii(pattern)))) + "\n")


main()
