# Random operations on OrderedDict; what they gave is printed as a digest.
import random
from collections import OrderedDict
def attempt(f):
    try: return repr(f())
    except Exception as e: return type(e).__name__ + ":" + str(e)
class K:
    def __init__(s, n): s.n = n
    def __hash__(s): return s.n % 3
    def __eq__(s, o): return isinstance(o, K) and s.n == o.n
    def __repr__(s): return "K%d" % s.n
class Sub(OrderedDict):
    def __missing__(s, k): return ("missing", k)
def run(seed, n):
    r = random.Random(seed)
    pool = [list(range(12)), ["k%d" % i for i in range(9)], [K(i) for i in range(8)], list(range(300))][seed % 4]
    make = OrderedDict if seed % 3 else Sub
    d = make(); its = []; h = 0
    for step in range(n):
        k = r.choice(pool); op = r.randrange(26); q = r.random()
        if op < 6: d[k] = step; o = ""
        elif op < 8: o = attempt(lambda: d.pop(k, "no") if q < .5 else d.pop(k))
        elif op == 8: o = attempt(lambda: d.__delitem__(k))
        elif op < 12: o = attempt(lambda: d.move_to_end(k, last=q < .5))
        elif op == 12: o = attempt(lambda: d.popitem(last=q < .5))
        elif op == 13: o = attempt(lambda: d.popitem(last=False))
        elif op == 14: o = attempt(lambda: d.setdefault(k, step))
        elif op == 15: o = attempt(lambda: d.update({k: step, r.choice(pool): 1}))
        elif op == 16: o = attempt(lambda: d.update([(k, 1), (r.choice(pool), 2)]))
        elif op == 17: o = repr(list(reversed(d))) + repr(list(d.items())) + repr(list(reversed(d.values())))
        elif op == 18: its.append(r.choice([iter, reversed, lambda d: iter(d.items()), lambda d: reversed(d.values())])(d)); o = ""
        elif op == 19: o = repr([attempt(lambda: next(i)) for i in its]); its = its[-4:]
        elif op == 20: e = d.copy(); o = repr((e == d, type(e).__name__)); e.move_to_end(k) if k in e else None; o += repr(e == d) + repr(dict(e) == d) + repr(e != d); d = e if q < .3 else d
        elif op == 21: o = repr(d)
        elif op == 22: o = attempt(lambda: d[k]) + repr(d.get(k)) + repr(k in d) + repr(len(d))
        elif op == 23 and q < .1: d.clear(); o = "clear"
        elif op == 24: d = d | {k: step} if q < .5 else {k: step} | d; o = type(d).__name__
        elif op == 25: o = repr(sorted(map(str, d.keys() & set(pool[:5])))) + repr(d.keys() <= set(pool))+ attempt(lambda: d.__reduce__()[:4]) + repr(list(OrderedDict(d))) + repr(dict(d))
        else: o = ""
        for c in o: h = (h * 131 + ord(c)) & 0xffffffffffff
        if seed < 6 and step < 60: print(seed, step, op, o)
    print(seed, len(d), h, list(d)[:5])
for s in range(20): run(s, 500)
