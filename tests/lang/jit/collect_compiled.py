# What `gc.collect` frees does not depend on who calls it: compiled code leaves no references
# behind on its stack.
import gc
import weakref


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


def are_gone(refs):
    return all(r() is None for r in refs)


def collected(loops, count):
    out = []
    for _ in range(loops):
        nodes = make(count)
        refs = [weakref.ref(n) for n in nodes]
        del nodes
        gc.collect()
        out.append(are_gone(refs))
    return out


def caller(count):
    nodes = make(count)
    refs = list(map(weakref.ref, nodes))
    nodes = None
    inner()
    return are_gone(refs)


def inner():
    return gc.collect()


def counted(loops, count):
    # (What one collection frees, another one may have freed before.)
    most = 0
    for _ in range(loops):
        gc.collect()
        nodes = make(count)
        del nodes
        most = max(most, gc.collect())
    return most >= 2 * count


for _ in range(5):
    print(collected(4, 10))
print(collected(100, 10).count(True))
print([caller(10) for _ in range(50)].count(True))
print(counted(50, 10))
