# Attributes of native types read at one place: classes that come and change, and objects of all kinds.
import datetime
def hour(x): return x.hour
class D(datetime.datetime): pass
class P(datetime.datetime):
    @property
    def hour(self): return "mine"
class Q: hour = 7
def show(objects, n=300):
    seen = {}
    for i in range(n):
        for o in objects:
            r = hour(o)
            seen.setdefault((type(o).__name__, r), 0); seen[type(o).__name__, r] += 1
    return seen
t = datetime.datetime(2024, 1, 2, 3, 4); d = D(2024, 1, 2, 5); p = P(2024, 1, 2, 6)
print(show([t])); print(show([t, d])); print(show([t, d, p, datetime.time(9), Q()]))
D.hour = 11; print(show([t, d, p])); D.hour = property(lambda s: "new"); print(show([d])); del D.hour; print(show([d, t]))
d.hours = 1
try: d.hour = 5
except AttributeError as e: print(e)
class Stolen: hour = datetime.datetime.__dict__["hour"]
def stolen():
    try: return hour(Stolen())
    except TypeError as e: return str(e)
print({stolen() for i in range(200)})
print(sum(x.real + x.imag for i in range(200) for x in (1, True, 2.5, 3j)))
def f(): pass
print(sorted({(g.__code__.co_argcount, g.__name__, g.__qualname__) for i in range(200) for g in (f, show, hour)}))
# Keyword-only parameters whose defaults are in another order, changed and missing.
def k(a, *rest, x=1, y=2, z=3): return a, rest, x, y, z
print(sorted({k(1, 2, 3, y=i % 2) for i in range(100)}))
k.__kwdefaults__ = {"z": 30, "y": 20, "x": 10}; print(sorted({k(1, i % 2) for i in range(100)}))
k.__kwdefaults__ = {"y": 20, "x": 10}
for i in range(3):
    try: print(k(1, 2, z=9), k(1, 2))
    except TypeError as e: print(e)
k.__kwdefaults__ = None
try: k(1, 2)
except TypeError as e: print(e)
class S(str): pass
k.__kwdefaults__ = {S("x"): 1, "y": 2, "other": 4, "z": 3}; print({k(1, 2) for i in range(50)})
# Dates over the whole calendar.
one = datetime.timedelta(days=1); c = 0
for n in list(range(1, 3652060, 977)) + [1, 59, 60, 365, 366, 146097, 146098, 3652059]:
    x = datetime.date.fromordinal(n); assert x.toordinal() == n; c = (c * 31 + x.year * 400 + x.month * 40 + x.day + x.weekday()) % 1000003
print(c)
for a, b in ((datetime.datetime.min, -1), (datetime.datetime.max, 1)):
    try: a + b * datetime.timedelta(microseconds=1)
    except OverflowError as e: print(e)
    print(a - b * datetime.timedelta(days=400, hours=5, microseconds=7))
