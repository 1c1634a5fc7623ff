loads = globals().get("loads", 0) + 1
counter = 0
def f(): return counter
class C: pass
