"""Measures functions inside a benchmark's process, and tells the driver.

The interpreter under test runs this file, so it asks little of it: `sys`,
`time`, classes, closures, `print` and reading a file. What it does is kept
simple enough not to disturb what it measures: one process, no calibration
across processes, no statistics. The driver sees every sample and decides
where the warm-up ends.

The settings are the first command-line argument, which is removed before the
benchmark sees it: `--bench=MODE,CLOCK,LEAST,MOST`. MODE is "once" (the first
call only) or "steady" (then samples until they are stable: at least LEAST and
at most MOST seconds); CLOCK is "wall" or "cpu" (of all threads of the process).

What is printed is lines that begin with "@bench", with tabs between fields:

    cold     name, seconds, digest of the result or "-", when it began and ended, seconds busy
    sample   name, loops, seconds per loop, seconds of warming up so far, when it ended,
             seconds busy since the sample before
    peak     name, kilobytes
    command  name, argument, argument, ...      the driver is to time this
    wrong    name, message                      the result is not the right one

"When" is in seconds since 1970: the driver watches the core meanwhile. "Busy" is processor
time: what is missing was waiting.
"""

import sys
import time

MODE = "steady"
CLOCK = "wall"
LEAST = 1.0
MOST = 5.0

# A sample takes about this long, so that the clock's own cost does not matter.
SAMPLE = 0.05

if len(sys.argv) > 1 and sys.argv[1].startswith("--bench="):
    _fields = sys.argv.pop(1)[len("--bench="):].split(",")
    MODE = _fields[0]
    CLOCK = _fields[1]
    LEAST = float(_fields[2])
    MOST = float(_fields[3])

wall = time.perf_counter
busy = time.process_time
clock = time.process_time if CLOCK == "cpu" else wall


def tell(*fields):
    """One line for the driver. The first newline ends what the benchmark itself left open."""
    print("\n@bench\t" + "\t".join(str(field) for field in fields), flush=True)


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


def peak_kilobytes():
    """The most memory this process has had resident, where the system says."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return None


def middle(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def stable(times):
    """Whether the last third of the samples is like the third before it."""
    third = len(times) // 3
    if third < 5:
        return False
    late = middle(times[-third:])
    early = middle(times[-2 * third:-third])
    return abs(late - early) <= 0.01 * early


def measure(name, time_loops, inner_loops, answer):
    """Measures `time_loops(n)`, which runs n times and returns the seconds it took.

    `answer()` gives the digest of what the first call returned.
    """
    began, was_busy = time.time(), busy()
    cold = time_loops(1)
    was_busy, ended = busy() - was_busy, time.time()
    tell("cold", name, repr(cold / inner_loops), answer(), repr(began), repr(ended), repr(was_busy))
    if MODE == "steady":
        warm(name, time_loops, inner_loops, cold)
    peak = peak_kilobytes()
    if peak is not None:
        tell("peak", name, peak)


def warm(name, time_loops, inner_loops, last):
    samples = []
    times = []
    loops = 1
    begin, began, was_busy = clock(), wall(), busy()
    while True:
        # Fast growth only while a sample is very short: the curve should show the warm-up.
        if last < SAMPLE:
            wanted = loops * 4 if last <= 0 else int(loops * SAMPLE / last) + 1
            loops = max(1, min(wanted, loops * 4))
        elif last > 2 * SAMPLE and loops > 1:
            loops = max(1, int(loops * SAMPLE / last))
        last = time_loops(loops)
        # By the clock that measures: on a busy machine a second of it is more than a second,
        # and a warm-up is work, not waiting.
        at = clock() - begin
        each = last / (loops * inner_loops)
        samples.append((loops, each, at, time.time(), busy()))
        times.append(each)
        if at >= MOST and (len(times) >= 3 or at >= 3 * MOST) or at >= LEAST and stable(times):
            break
        if wall() - began >= 5 * MOST:
            break
    # Told at the end, so that printing is not part of what is measured.
    for loops, each, at, ended, now_busy in samples:
        spent = round(now_busy - was_busy, 5)
        tell("sample", name, loops, repr(each), round(at, 4), repr(round(ended, 5)), repr(spent))
        was_busy = now_busy
