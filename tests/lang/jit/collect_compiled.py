# What `gc.collect` frees does not depend on who calls it: compiled code leaves no references
# behind on its stack.
import gc


class Node:
    def __init__(self):
        self.next = None
        self.prev = None

    def link(self, node):
        self.next = node
        node.prev = self


def make(count):
    cycles = []
    for _ in range(count):
        a = Node()
        b = Node()
        a.link(b)
        b.link(a)
        cycles.append(a)
    return cycles


def collected(loops, count):
    out = []
    for _ in range(loops):
        gc.collect()
        nodes = make(count)
        del nodes
        out.append(gc.collect() >= 2 * count)
    return out


def caller(count):
    gc.collect()
    nodes = make(count)
    nodes = None
    return inner()


def inner():
    return gc.collect()


for _ in range(5):
    print(collected(4, 10))
print(collected(100, 10).count(True))
print([caller(10) >= 20 for _ in range(50)].count(True))
