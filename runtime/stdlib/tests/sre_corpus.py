"""Writes sre_corpus.txt: what CPython's matcher answers, for the test in sre.rs.

Run under CPython 3.14 with its test package; usage: sre_corpus.py OUTPUT [RANDOM-PATTERNS [SEED]].

The patterns and subjects are those that test_re and re_tests use, and random ones. A line
`P groups flags word...` gives a program; the lines `T kind pos endpos subject` that follow it
each give a subject (kind `b` for bytes, `s` for str) and, tab-separated, the answers of match,
fullmatch and of going through the subject with finditer. A match is `start-end/lastindex` and
the groups' spans, separated by commas; matches are separated by semicolons.
"""

import random
import re
import signal
import sys
import unittest
import warnings
from re import _compiler, _parser

warnings.simplefilter("ignore")
seen = {}


def record(pattern, flags, string):
    if isinstance(pattern, re.Pattern):
        pattern, flags = pattern.pattern, pattern.flags
    if isinstance(string, (bytearray, memoryview)):
        string = bytes(string)
    if type(pattern) in (str, bytes) and type(string) is type(pattern) and len(string) < 400:
        seen.setdefault((pattern, int(flags) & ~re.DEBUG), {}).setdefault(string, None)


def harvest():
    """Run test_re with the functions of `re` replaced by recording ones."""
    from test import re_tests, test_re

    def wrap(name, at):
        real = getattr(re, name)

        def wrapped(*args, **kwargs):
            args = list(args)
            flags = kwargs.get("flags", args[at + 1] if len(args) > at + 1 and name[0] in "mfs" and name not in ("sub", "split", "subn") else 0)
            try:
                record(args[0], flags, args[at])
            except Exception:
                pass
            return real(*args, **kwargs)
        setattr(re, name, wrapped)

    for name, at in [("match", 1), ("search", 1), ("fullmatch", 1), ("findall", 1),
                     ("finditer", 1), ("split", 1), ("sub", 2), ("subn", 2)]:
        wrap(name, at)
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(test_re.ReTests)
    slow = {"test_large_search", "test_large_subn", "test_search_anchor_at_beginning"}
    for test in suite:
        if test._testMethodName not in slow:
            test.run(unittest.TestResult())
    for case in re_tests.tests:
        for wrapped in (lambda s: s, lambda s: "xx" + s + "\nx"):
            record(case[0], 0, wrapped(case[1]))
        record(case[0], re.IGNORECASE, case[1].swapcase())
        try:
            record(case[0].encode("latin1"), 0, case[1].encode("latin1"))
        except UnicodeEncodeError:
            pass


class Maker:
    """Random patterns over a small alphabet."""

    def __init__(self, rng):
        self.rng = rng

    def make(self):
        self.groups = 0
        self.closed = []
        flags = 0
        for flag in (re.I, re.M, re.S):
            if self.rng.random() < 0.2:
                flags |= flag
        return self.alternatives(self.rng.choice([1, 2, 3])), flags

    def alternatives(self, depth):
        count = self.rng.choice([1, 1, 1, 2, 3])
        return "|".join(self.sequence(depth) for _ in range(count))

    def sequence(self, depth):
        return "".join(self.piece(depth) for _ in range(self.rng.choice([0, 1, 1, 2, 2, 3, 4])))

    def piece(self, depth):
        rng = self.rng
        roll = rng.random()
        if roll < 0.08:
            return rng.choice([r"\b", r"\B", "^", "$", r"\A", r"\Z"])
        if roll < 0.13 and self.closed:
            return "\\" + str(rng.choice(self.closed)) + self.quantifier(0.3)
        if roll < 0.16 and self.closed and depth:
            group = rng.choice(self.closed)
            return "(?(%d)%s|%s)" % (group, self.sequence(depth - 1), self.sequence(depth - 1))
        if depth == 0 or roll < 0.6:
            return rng.choice(["a", "b", "c", "ab", ".", "[ab]", "[^a]", r"\w", r"\W", r"\s",
                               "[a-c]", r"[\sb]", "B", "é", "[^é]", "\n", " "]) + self.quantifier(0.45)
        if roll < 0.70:
            body = self.alternatives(depth - 1)
            what = rng.choice(["?=", "?!", "?=", "?!", "?<="])
            if what == "?<=":
                body = rng.choice(["a", "b", "ab", "[ab]c", "."])
            return "(%s%s)" % (what, body)
        if roll < 0.75:
            return "(?>%s)" % self.alternatives(depth - 1)
        if roll < 0.90:
            self.groups += 1
            group = self.groups
            body = self.alternatives(depth - 1)
            self.closed.append(group)
            return "(%s)%s" % (body, self.quantifier(0.6))
        return "(?:%s)%s" % (self.alternatives(depth - 1), self.quantifier(0.8))

    def quantifier(self, likely):
        rng = self.rng
        if rng.random() > likely:
            return ""
        return rng.choice(["*", "+", "?", "{2}", "{1,2}", "{0,2}", "{2,}"]) + rng.choice(["", "", "", "?", "+"])


def randoms(count, seed):
    rng = random.Random(seed)
    maker = Maker(rng)
    made = 0
    while made < count:
        pattern, flags = maker.make()
        try:
            re.compile(pattern, flags)
        except Exception:
            continue
        made += 1
        for _ in range(4):
            length = rng.randrange(0, 11) if rng.random() < 0.9 else rng.randrange(20, 90)
            record(pattern, flags, "".join(rng.choice("aaabbbcAB \né") for _ in range(length)))


def one(match):
    if match is None:
        return "!"
    spans = [",%d-%d" % span if span[0] >= 0 else ",~" for span in match.regs[1:]]
    return "%d-%d/%d%s" % (*match.span(), match.lastindex or 0, "".join(spans))


def escape(string):
    codes = string if isinstance(string, bytes) else map(ord, string)
    return "".join(chr(c) if 33 <= c <= 126 and c != 92 else "\\%x;" % c for c in codes)


def alarm(*_):
    raise TimeoutError


def main():
    output = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 700
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 14
    harvest()
    randoms(count, seed)
    rng = random.Random(seed)
    signal.signal(signal.SIGALRM, alarm)
    tests = 0
    with open(output, "w") as out:
        for (pattern, flags), strings in seen.items():
            try:
                parsed = _parser.parse(pattern, flags)
                code = _compiler._code(parsed, flags)
                compiled = re.compile(pattern, flags)
            except Exception:
                continue
            if len(code) > 700:
                continue
            lines = []
            for string in strings:
                spans = [(0, len(string))]
                if len(string) > 2 and rng.random() < 0.15:
                    spans.append((1, len(string) - 1))
                for pos, endpos in spans:
                    signal.setitimer(signal.ITIMER_REAL, 1)
                    try:
                        answers = [one(compiled.match(string, pos, endpos)),
                                   one(compiled.fullmatch(string, pos, endpos)),
                                   ";".join(map(one, compiled.finditer(string, pos, endpos)))]
                    except (TimeoutError, SystemError) as error:
                        print("skipped", repr(pattern), repr(string), error, file=sys.stderr)
                        continue
                    finally:
                        signal.setitimer(signal.ITIMER_REAL, 0)
                    if answers[0] != "!" and answers[2].split(";")[0] != answers[0]:
                        # The INFO block ignores scoped flags: search then misses matches.
                        print("inconsistent", repr(pattern), repr(string), file=sys.stderr)
                        continue
                    kind = "b" if isinstance(string, bytes) else "s"
                    lines.append("T %s %d %d %s\t%s\n" % (kind, pos, endpos, escape(string), "\t".join(answers)))
            if lines:
                out.write("P %d %d %s\n" % (compiled.groups, compiled.flags, " ".join(str(int(w)) for w in code)))
                out.writelines(lines)
                tests += len(lines)
    print(tests, "subjects", file=sys.stderr)


if __name__ == "__main__":
    main()
