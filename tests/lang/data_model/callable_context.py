class Mgr:
    def __init__(self, name, log, sup=False): self.name, self.log, self.sup = name, log, sup
    def __enter__(self): self.log.append("+" + self.name); return self
    def __exit__(self, et, ev, tb): self.log.append("-" + self.name + (":" + et.__name__ if et else "")); return self.sup
log = []
with Mgr("a", log) as a, Mgr("b", log, True) as b, Mgr("c", log):
    raise KeyError("k")
print(log); log.clear()
class OnType:
    def __enter__(self): return 1
    def __exit__(self, *a): return False
o = OnType(); o.__enter__ = lambda: 99
with o as v: print(v)
class TruthyExit:
    def __enter__(self): pass
    def __exit__(self, *a): return [1]
with TruthyExit(): 1 / 0
class RaisesBool:
    def __enter__(self): pass
    def __exit__(self, *a):
        class B:
            def __bool__(self): raise RuntimeError("bool")
        return B()
try:
    with RaisesBool(): 1 / 0
except RuntimeError as e: print(e, type(e.__context__).__name__)
def gen():
    with Mgr("g", log): yield 1; yield 2
g = gen(); next(g); g.close(); print(log); log.clear()
def ret():
    with Mgr("r", log): return "value"
print(ret(), log)
def nested():
    with Mgr("o", log):
        for i in range(3):
            with Mgr(str(i), log):
                if i == 1: break
        else: return 1
    return 2
log.clear(); print(nested(), log)
class CM(type):
    def __enter__(cls): return "class enter"
    def __exit__(cls, *a): pass
class K(metaclass=CM): pass
with K as k: print(k)
