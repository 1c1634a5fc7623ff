# pickle: every protocol, memo, reductions, hooks, errors.
import pickle, pickletools, io, re, copyreg, collections, enum, datetime, sys

class P:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return type(o) is type(self) and self.__dict__ == o.__dict__
class S:
    __slots__ = ('a', 'b', '__dict__')
class N(int):
    def __new__(cls, v, *, k=0):
        self = super().__new__(cls, v)
        self.k = k
        return self
    def __getnewargs_ex__(self): return (int(self),), {'k': self.k}
class L(list):
    pass
class D(dict):
    pass
class E(enum.Enum):
    A = 1
class R:
    def __reduce__(self): return (R, (), {'z': 1}, None, None, set_state)
def set_state(obj, state): obj.__dict__.update(state, via='setter')
class Outer:
    class Inner:
        def m(self): return 'm'
s = S(); s.a = 1; s.c = 3
l = L([1, 2]); l.attr = 'x'
d = D(a=1); d.q = d
rec = []; rec.append(rec)
rt = ([],); rt[0].append(rt)
values = [None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -65536, 2**31, -2**31 - 1, 2**63, -2**200, 10**300, 0.5, -1e300, float('inf'),
          '', 'abc', 'é\u20ac\U0001f600\ud800\n\\', 'x' * 300, b'', b'a\0\xff', b'y' * 300, bytearray(b'ba'), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
          [], [1], list(range(5)), {}, {'a': 1}, {1: 2, 3: 4}, set(), {1}, frozenset(), frozenset([1]), P([1]), l, E.A, N(5, k=3),
          collections.OrderedDict(a=1), collections.deque([1, 2], 5), collections.Counter('aab'), range(3), slice(1, 2), 3 + 4j, int, len, P, Outer.Inner,
          type(None), type(...), NotImplemented, ..., datetime.date(2020, 1, 2), Outer.Inner().m]
for proto in range(6):
    out = []
    for v in values:
        if isinstance(v, type(Outer.Inner().m)) and False:
            continue
        p = pickle.dumps(v, proto)
        w = pickle.loads(p)
        same = w == v if not callable(v) or isinstance(v, type) else True
        out.append('.' if same and type(w) is type(v) else repr(v))
    print(proto, ''.join(out))
    x = pickle.loads(pickle.dumps(s, proto)) if proto >= 2 else s
    print(x.a, x.c, hasattr(x, 'b'))
    x = pickle.loads(pickle.dumps(rec, proto)); print(x[0] is x)
    x = pickle.loads(pickle.dumps(rt, proto)); print(x[0][0] is x)
    x = pickle.loads(pickle.dumps(d, proto)); print(x.q is x, x)
    x = pickle.loads(pickle.dumps(R(), proto)); print(x.__dict__)
    print(pickle.dumps([1, 'a', (None, 'a'), {'k': P}, 2**40, 1.5, b'z', {3}], proto))
big = ['x' * 70000, b'y' * 70000, list(range(3000)), {i: str(i) for i in range(2500)}]
for proto in (2, 4, 5):
    p = pickle.dumps(big, proto)
    print(len(p), pickle.loads(p) == big, pickle.load(io.BytesIO(p)) == big)
    f = io.BytesIO()
    k = pickle.Pickler(f, proto)
    k.dump(big); k.dump(big[2]); k.clear_memo(); k.dump('end')
    f.seek(0)
    u = pickle.Unpickler(f)
    print(u.load() == big, u.load() == big[2], u.load())

def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(re.sub('0x[0-9a-f]+', '0x', f"{type(e).__name__} {e} {getattr(e, '__notes__', '')}"))
t(lambda: pickle.dumps(lambda: 0))
t(lambda: pickle.dumps([1, {'a': (lambda: 0)}]) and 0)
t(lambda: pickle.dumps(sys))
t(lambda: pickle.dumps(1, 9))
t(lambda: pickle.loads(b''))
for b in [b'K', b'\x80\x09.', b'.', b'0.', b'(.', b'q\0.', b'h\5.', b'\xff', b'?', b'cos\nnope\n.', b'N', b'\x95\xff\0\0\0\0\0\0\0N.', b'I1x\n.', b"S'abc'\n.", b'U\1\xff.', b'R.', b'(1.', b'e.']:
    t(lambda: pickle.loads(b))
t(lambda: pickle.loads(b'U\1\xff.', encoding='latin1'))
t(lambda: pickle.loads(b'U\1\xff.', encoding='bytes'))
class Bad:
    def __init__(self, r): self.r = r
    def __reduce_ex__(self, p): return self.r
for r in [3, (), (1, 2), (int, 3), (int, (), None, 3), (int, (), None, None, 3), (int, (), 1, None, None, 3)]:
    t(lambda: pickle.dumps(Bad(r)))

class PP(pickle.Pickler):
    def persistent_id(self, o): return 'pid' if o == 'magic' else None
    def reducer_override(self, o): return (str, ('over',)) if type(o) is P else NotImplemented
class UU(pickle.Unpickler):
    def persistent_load(self, pid): return ['loaded', pid]
    def find_class(self, m, n): return super().find_class(m, n)
f = io.BytesIO()
PP(f, 4).dump(['magic', P(1), int])
print(UU(io.BytesIO(f.getvalue())).load())
t(lambda: pickle.loads(f.getvalue()))
f = io.BytesIO()
k = pickle.Pickler(f, 2)
k.dispatch_table = copyreg.dispatch_table.copy()
k.dispatch_table[P] = lambda o: (tuple, ((o.x, 'dt'),))
k.dump(P(7))
print(pickle.loads(f.getvalue()), len(k.memo.copy()) > 0)
copyreg.add_extension('__main__', 'P', 240)
print(pickle.dumps(P, 2), pickle.loads(pickle.dumps(P, 2)) is P)
copyreg.remove_extension('__main__', 'P', 240)
bufs = []
p = pickle.dumps([pickle.PickleBuffer(b'ro'), pickle.PickleBuffer(bytearray(b'rw'))], 5, buffer_callback=bufs.append)
print(p, [b.raw().tobytes() for b in bufs], [bytes(b) for b in pickle.loads(p, buffers=bufs)])
print(pickle.loads(pickle.dumps(pickle.PickleBuffer(bytearray(b'in')), 5)))
t(lambda: pickle.dumps(pickle.PickleBuffer(b''), 4))
t(lambda: pickle.loads(p))
pickletools.dis(pickle.dumps((1, [2, 'x']), 4))
