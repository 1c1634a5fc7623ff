def f(x):
    match x:
        case 0: return "zero"
        case 1 | 2: return "small"
        case int(n) if n < 0: return f"neg {n}"
        case int(): return "int"
        case "a" | "b" as s: return f"str {s}"
        case str(): return "other str"
        case []: return "empty"
        case [a]: return f"one {a}"
        case [a, b]: return f"two {a} {b}"
        case [a, *rest]: return f"many {a} {rest}"
        case {"k": v, **rest}: return f"map {v} {rest}"
        case {}: return "dict"
        case None: return "none"
        case float(v): return f"float {v}"
        case _: return "default"
for v in [0, 1, 2, -5, 100, "a", "zz", [], [1], (1, 2), [1, 2, 3], {"k": 1, "j": 2}, {}, None, 1.5, {1}, True, b"x", range(3)]:
    print(repr(v), "->", f(v))
class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
def g(p):
    match p:
        case P(0, 0): return "origin"
        case P(x, y=0): return f"x axis {x}"
        case P(x=x, y=y) if x == y: return f"diag {x}"
        case P(): return "point"
        case [P(x, _), *_]: return f"list of {x}"
print(g(P(0, 0)), g(P(3, 0)), g(P(2, 2)), g(P(1, 2)), g([P(9, 1)]), g(5))
