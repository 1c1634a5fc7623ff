"""What a pickler writes, byte by byte: batches, notes, containers that change meanwhile."""

import _pickle
import collections
import hashlib
import io

SIZES = (0, 1, 2, 999, 1000, 1001, 2000, 2001)


class List(list):
    pass


class Dict(dict):
    pass


objects = [list(range(n)) for n in SIZES]
objects += [{i: str(i) for i in range(n)} for n in SIZES]
objects += [set(range(n)) for n in SIZES]
objects += [List(range(n)) for n in SIZES]
objects += [Dict((i, -i) for i in range(n)) for n in SIZES]
objects += [collections.OrderedDict((str(i), i) for i in range(n)) for n in SIZES]
objects += [collections.deque(range(n)) for n in SIZES]
objects += ['x', 'é' * 300, 'x' * 70000, '\ud800', b'y' * 10, b'y' * 300, b'z' * 70000]
objects += [bytearray(b'q' * 70000), ('a',) * 5, ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4))]
objects += [2**70, -2**70, 1.5, None, True]

for protocol in range(6):
    digest = hashlib.sha256()
    sizes = []
    for o in objects:
        data = _pickle.dumps(o, protocol)
        file = io.BytesIO()
        _pickle.Pickler(file, protocol).dump(o)
        digest.update(data)
        digest.update(file.getvalue())
        sizes.append(len(data))
        assert _pickle.loads(data) == o
    print(protocol, sizes, digest.hexdigest())


class Bad:
    def __reduce__(self):
        raise ValueError('bad')


for o in ([1, 2, Bad()], [Bad()], {'a': Bad()}, {'a': 1, 'b': Bad()}, (1, Bad()), {Bad()}, {1: [Bad()]},
          List([1, Bad()]), Dict(a=Bad())):
    for protocol in (0, 2, 5):
        try:
            _pickle.dumps(o, protocol)
        except ValueError as e:
            print(protocol, e, e.__notes__)


class Does:
    """Something happens when it is pickled."""

    def __init__(self, action):
        self.action = action

    def __reduce__(self):
        self.action()
        return (int, ())


def attempt(name, o):
    try:
        print(name, len(_pickle.dumps(o, 5)))
    except RuntimeError as e:
        print(name, e)


def attempt_list(name, build):
    items = []
    build(items)
    attempt(name, items)


attempt_list('grows, shrinks', lambda l: l.extend([Does(lambda: l.append(1)), Does(lambda: l.pop()), 3]))
attempt_list('shrinks', lambda l: l.extend([Does(lambda: l.pop()), 2, 3]))
attempt_list('one grows', lambda l: l.extend([Does(lambda: l.append(1))]))
attempt_list('one shrinks', lambda l: l.extend([Does(lambda: l.clear())]))
attempt_list('the last grows', lambda l: l.extend([1, Does(lambda: l.append(1))]))
attempt_list('within a batch',
             lambda l: l.extend([1] * 998 + [Does(lambda: l.append(1)), Does(lambda: l.pop())] + [3] * 1000))
attempt_list('between batches',
             lambda l: l.extend([1] * 999 + [Does(lambda: l.append(1)), Does(lambda: l.pop())] + [3] * 1000))
d = {}
d['a'] = Does(lambda: d.update(z=1))
attempt('a dict of one', d)
d['b'] = 2
del d['z']
attempt('a dict', d)
s = {1}
s.add(Does(lambda: s.add(5)))
attempt('a set', s)
