# More attributes than lie in an object itself; sites that know too many shapes.


class Node:
    def __init__(self, n):
        self.n = n


def grow(node, names):
    for i, name in enumerate(names):
        setattr(node, name, i)
    return node


names = [f"a{i}" for i in range(20)]
nodes = [grow(Node(k), names) for k in range(50)]


def work(nodes, times):
    s = 0
    for _ in range(times):
        for x in nodes:
            x.a15 += x.a17
            x.a16 = x.n
            s += x.a15 - x.a16
    return s


print(work(nodes, 40), nodes[3].a15, nodes[3].a16)


class Place:
    def __init__(self, i):
        self.i = i
        self.used = False

    def find(self):
        r = self.reference
        if r.i != self.i:
            r = r.find()
        return r


def link(places, times):
    n = 0
    for t in range(times):
        for p in places:
            if not p.used:
                if (p.i + t) % 3 == 0:
                    p.used = True
                    p.reference = places[p.i // 2] if places[p.i // 2].used else p
            else:
                r = p.find()
                n += r.i
                r.marks = t
                r.marks -= 1
    return n, sorted({len(vars(p)) for p in places})


print(link([Place(i) for i in range(40)], 60))


def missing(nodes):
    out = []
    for k, x in enumerate(nodes):
        if k == 45:
            del x.a18
        try:
            out.append(x.a18)
        except AttributeError as e:
            out.append(str(e))
    return out[43:48]


print(missing(nodes))
print(work(nodes, 5))
