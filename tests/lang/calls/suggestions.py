class Point:
    def __init__(self): self.colour = 1; self.size = 2
    def translate(self): pass
def f(alpha, beta=1): pass
import math
length = 5
for t in ["Point().color", "Point().sise", "Point().translat()", "lenght", "pritn", "f(alpah=1)", "f(1, betta=2)", "math.sqr", "[].appendd", "''.uper", "zzzzz", "Point().zzzzzz"]:
    try: eval(t)
    except Exception as e: print(t, "->", type(e).__name__, e, getattr(e, "name", None))
