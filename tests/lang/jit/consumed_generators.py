# Generator expressions that a builtin consumes run in line; hot, with what stops them.


class Weird:
    def __init__(self, v):
        self.v = v

    def __bool__(self):
        if self.v == 7:
            raise ValueError("no truth")
        return self.v > 3

    def __gt__(self, other):
        return self.v > other.v

    def __lt__(self, other):
        return self.v < other.v


def sums(rows):
    total = 0
    for row in rows:
        total += sum(x * 2 for x in row)
        total += sum(1 for x in row if x & 1)
    return total


def floats(rows):
    return [sum(x / 3 for x in row) for row in rows]


def mixed(rows, turn):
    out = []
    for i, row in enumerate(rows):
        out.append(sum((x if i < turn else x + 0.5) for x in row))
    return out[:2] + out[-2:]


def queens(n):
    from itertools import permutations

    found = 0
    cols = range(n)
    for vec in permutations(cols):
        if n == len(set(vec[i] + i for i in cols)) == len(set(vec[i] - i for i in cols)):
            found += 1
    return found


def truths(items):
    try:
        return any(w for w in items), all(not w for w in items)
    except ValueError as e:
        return str(e)


def extremes(items):
    return max(w for w in items).v, min(w for w in items).v


def fails(rows):
    seen = 0
    for row in rows:
        try:
            seen += sum(10 // x for x in row)
        except ZeroDivisionError as e:
            tb = e.__traceback__
            names = []
            while tb:
                names.append(tb.tb_frame.f_code.co_name)
                tb = tb.tb_next
            seen += len(names)
    return seen


def text(rows):
    return [",".join(str(x) for x in row) for row in rows][-1]


def rebound(rows, after):
    global sum
    out = []
    for i, row in enumerate(rows):
        if i == after:
            sum = lambda it: -len([x for x in it])
        out.append(sum(x for x in row))
    del sum
    return out[after - 2 : after + 2]


rows = [list(range(k % 7, k % 7 + 5)) for k in range(400)]
print(sums(rows))
print(floats(rows)[::57])
print(mixed(rows, 200), mixed(rows, 1000), mixed(rows, 0))
print(queens(6))
print([truths([Weird(k % m) for k in range(1, 12)]) for m in (3, 5, 9)] * 1)
for _ in range(200):
    last = truths([Weird(k % 5) for k in range(9)]), extremes([Weird(k % 5) for k in range(9)])
print(last)
print(fails([[1, 2, 5]] * 300 + [[1, 0]] * 300))
print(text(rows))
print(exec("print(rebound(rows, 300))"))
big = [[2**61, 2**61, 1]] * 100 + [[2**62, -1]] * 100 + [[True, 2]] * 3
print([sum(x for x in r) for r in big][98:102], [sum(x for x in r) for r in big][-1])
