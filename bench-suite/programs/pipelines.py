"""Generators: stages that pull from each other, delegation, values sent in, a recursive walk."""

import itertools


def numbers(limit):
    state = 12345
    for _ in range(limit):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        yield state >> 8


def grouped(items, size):
    iterator = iter(items)
    while chunk := tuple(itertools.islice(iterator, size)):
        yield chunk


def running_mean():
    total = count = 0
    mean = 0
    while True:
        value = yield mean
        total += value
        count += 1
        mean = total // count


def permutations(items):
    if len(items) <= 1:
        yield items
        return
    for index, item in enumerate(items):
        for rest in permutations(items[:index] + items[index + 1:]):
            yield [item] + rest


class Tree:
    def __init__(self, key):
        self.key = key
        self.left = None
        self.right = None

    def insert(self, key):
        node = self
        while True:
            side = "left" if key < node.key else "right"
            child = getattr(node, side)
            if child is None:
                setattr(node, side, Tree(key))
                return
            node = child

    def __iter__(self):
        if self.left is not None:
            yield from self.left
        yield self.key
        if self.right is not None:
            yield from self.right


def run():
    odd = (n for n in numbers(250000) if n % 2)
    scaled = ((n * 7 + 3) % 10007 for n in odd)
    sums = [sum(chunk) for chunk in grouped(scaled, 9)]
    mean = running_mean()
    next(mean)
    last = 0
    for value in sums:
        last = mean.send(value)
    tree = Tree(5000)
    for n in itertools.islice(numbers(10**9), 12000):
        tree.insert(n % 10007)
    ordered = list(tree)
    rounds = sum(p[0] * p[-1] for p in permutations(list(range(8))))
    merged = sum(a * b for a, b in zip(itertools.accumulate(ordered), itertools.cycle((1, -1))))
    return len(sums), last, ordered == sorted(ordered), rounds, merged


EXPECTED = (13888, 44876, True, 463680, 29990267)

if __name__ == "__main__":
    print(run())
