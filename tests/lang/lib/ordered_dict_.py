# What OrderedDict calls, says and refuses.
from collections import OrderedDict as O
class L(O):
    def __getitem__(s,k): print('get',k); return O.__getitem__(s,k)
    def __delitem__(s,k): print('del',k); return O.__delitem__(s,k)
    def __setitem__(s,k,v): print('set',k); return O.__setitem__(s,k,v)
    def __contains__(s,k): print('has',k); return O.__contains__(s,k)
    def __iter__(s): print('iter'); return O.__iter__(s)
    def keys(s): print('keys'); return O.keys(s)
    def items(s): print('items'); return O.items(s)
l=L(a=1,b=2,c=3,d=4)
print('--pop'); print(l.pop('a'), l.pop('z',9))
print('--popitem'); print(l.popitem(), l.popitem(last=0))
print('--repr'); print(repr(l))
print('--copy'); print(type(l.copy()))
print('--setdefault'); l.setdefault('c',1); l.setdefault('x',1)
print('--eq'); print(l==O(c=3,x=1), l=={'c':3,'x':1}, l!=l)
print('--or'); m=l|{'q':1}; print('ror'); m={'q':1}|l; print('ior'); l|={'w':2}; l|=[('w',3)]
print('--upd'); l.update(l); l.update([('a',1)],z=2)
print('--dict'); print(dict(l)); print({**l})
print('--fromkeys'); print(L.fromkeys('ab',1))
print('--move'); l.move_to_end('a',last=False); print(list(l))
print('--clear'); l.clear()
print('--reduce'); print(L(a=1).__reduce__()[:4])
x=L(a=1); x.foo=1; print(x.__reduce__()[:4])
def t(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
for f in [lambda:O(1),lambda:O(1,2),lambda:O().update(1,2),lambda:O([(1,)]),lambda:O([(1,2,3)]),lambda:O([1]),lambda:O([()]),lambda:O().popitem(),lambda:O().popitem(last=False),lambda:O().move_to_end(3),lambda:O(a=1).move_to_end('x'),lambda:O().pop(1),lambda:O().pop(1,default=2),lambda:O().pop(key=1,default=3),lambda:O().pop([]),lambda:O(a=1).pop([],1),lambda:O()[[]],lambda:O(a=1).move_to_end([]),lambda:O(a=1)|1,lambda:1|O(),lambda:O(a=1).__or__(1),lambda:O(a=1).__ror__({}),lambda: O.__init__(),lambda:O.update(),lambda:O.update({}),lambda:O.fromkeys(),lambda:O().setdefault(),lambda:O().popitem(1,2),lambda:O().popitem(foo=1), lambda: O() < O(), lambda: hash(O()), lambda:O.__eq__(O(),1), lambda:O.__eq__(O(),{}),lambda:O.__eq__({},O()),lambda:O(a=1).__ior__(1),lambda:O(a=1).__ior__(5), lambda: O().update(3), lambda: O().update([3]), lambda:O(**{'other':1,'self':2}), lambda: O().update(self=3), lambda: O().move_to_end(), lambda:O([([],1)]), lambda:O().__setitem__([],1), lambda:O(a=1).__delitem__('z'), lambda:O().__delitem__([]), lambda: O().move_to_end([]), lambda: O.__new__(O), lambda: O().__dict__, lambda: O.__reversed__, lambda: O().keys(), lambda:O(a=1).items(), lambda:O(a=1).values(), lambda:iter(O()).__reduce__(), lambda: type(iter(O())).__mro__, lambda: type(O().keys()).__mro__, lambda: type(O().items()).__module__, lambda: iter(O(a=1)).__length_hint__(), lambda: O[int,str], lambda: O(a=1).items() & {('a',1)}, lambda: O(a=1).keys().mapping, lambda: O.__doc__, lambda: O.__module__+O.__qualname__, lambda: type(O().keys())(), lambda: type(iter(O()))(), lambda: O.__hash__]: t(f)
def it(f, mk=lambda:O.fromkeys('abc'), get=iter):
    d=mk(); i=get(d); next(i)
    f(d)
    for _ in range(3):
        t(lambda: next(i))
for g in [iter,lambda d:iter(d.items()),lambda d: iter(d.values()),reversed]:
  print('=='); it(lambda d:d.clear(),get=g); it(lambda d:d.pop('a'),get=g); it(lambda d:d.update(z=1),get=g); it(lambda d:d.move_to_end('a'),get=g); it(lambda d:d.move_to_end('c'),get=g);it(lambda d:dict.__setitem__(d,'n',1),get=g);it(lambda d:d.update(a=1),get=g);it(lambda d:d.__setitem__('a',5),get=g)
  it(lambda d:(d.clear(),d.update(b=1,a=3,c=3)),get=g)
it(lambda d:d.update(z=1),lambda:O(a=1))
class X(O): __slots__=('q',)
x=X(a=1); x.q=3; print(x.__reduce__()[:4], x.__dict__)
import copy,pickle
o=O(a=1,b=[2]); o.extra=5
print(copy.copy(o).__dict__, copy.deepcopy(o).__dict__, pickle.loads(pickle.dumps(o)).__dict__, o.copy().__dict__)
o['c']=o; print(o); 
class D(O): pass
d=D(); d['x']=d.values(); print(d, d.__reduce_ex__(2)[:4])
print(O.__init__, O.__or__, O.__ior__, O.__lt__, D.copy)
import weakref
o = O(a=1); w = weakref.ref(o); print(w() is o, O(a=1, b=2) == O(b=2, a=1), O(a=1, b=2) == {"b": 2, "a": 1})
class Evil:
    def __init__(s, n): s.n = n
    def __hash__(s): return 1
    def __eq__(s, x):
        if armed: armed.pop()(); 
        return s.n == x.n
def build(): return O((Evil(i), i) for i in range(3))
for act in (O.clear, lambda d: d.popitem(), lambda d: d.popitem(last=False), lambda d: d.move_to_end(next(iter(d))), lambda d: d.update(z=1)):
    armed = []; a, b = build(), build(); armed = [lambda: act(a)]
    t(lambda: a == b)
q = O()
for i in range(5000):
    q[i] = i
    if i % 3: q.move_to_end(i, last=False)
    if len(q) > 50: q.popitem(last=i % 2)
print(list(q)[:9], len(q), sum(q.values()))
p = dict.fromkeys(range(2000))
while len(p) > 3: del p[next(iter(p))]; p.popitem()
print(p); p["x"] = 1; print(p, list(reversed(p)))
