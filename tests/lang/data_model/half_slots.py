# Two special methods share one slot: a class with one of them has the slot, and the other one is
# missing by its name only.
def show(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
class Set:
    def __set__(self, o, v): pass
    def __setitem__(self, k, v): pass
    def __setattr__(self, n, v): object.__setattr__(self, n, v)
class Del:
    def __delete__(self, o): pass
    def __delitem__(self, k): pass
    def __delattr__(self, n): object.__delattr__(self, n)
class C: s, d = Set(), Del()
def delete_attr(o, n):
    def f(): delattr(o, n)
    return f
c = C()
show(delete_attr(c, "s")); show(lambda: setattr(c, "d", 1)); show(lambda: setattr(c, "s", 1)); show(delete_attr(c, "d"))
def del_item(o):
    def f(): del o[1]
    return f
def set_item(o):
    def f(): o[1] = 2
    return f
for o in Set(), Del(): show(del_item(o)); show(set_item(o))
for o in [1, None, (1,), "a", b"a", range(3), {1}, len, object(), 1.5, {}.keys(), iter([])]: show(del_item(o)); show(set_item(o))
s, d = Set(), Del()
s.x = 1; show(delete_attr(s, "x")); show(delete_attr(s, "x")); show(lambda: setattr(d, "x", 1)); show(delete_attr(d, "x"))
class S:
    def __str__(self): return 5
class R:
    def __repr__(self): return 5
S.__repr__ = lambda self: "S"
for o in S(), R():
    show(lambda: str(o)); show(lambda: repr(o)); show(lambda: f"{o}"); show(lambda: "%s" % (o,)); show(lambda: "%r" % (o,)); show(lambda: ascii(o)); show(lambda: [o].__repr__())
print(object.__str__(R()))
