from dataclasses import dataclass
@dataclass
class P: x: int; y: int
class Slots:
    __match_args__ = ("a",)
    def __init__(self, a, b): self.a, self.b = a, b
    def __repr__(self): return "Slots()"
import enum
class Color(enum.Enum): RED = 1; BLUE = 2
K = type("K", (), {"CONST": 42})
def f(v):
    match v:
        case -1 | -1.5 | 1+2j: return "num literal"
        case "a" "b": return "concat"
        case b"x": return "bytes"
        case True: return "true"
        case Color.RED: return "red"
        case K.CONST: return "const"
        case P(x=0) | P(y=0): return "axis"
        case P(x, y) if x > y: return f"gt {x} {y}"
        case P(): return "P"
        case Slots(a, b=bb): return f"slots {a} {bb}"
        case [1, [2, [3, *deep]], *_]: return f"deep {deep}"
        case (1, 2) as pair: return f"pair {pair}"
        case [str(s), int(i) | float(i)]: return f"si {s} {i}"
        case {"type": "a", "v": [x, *_]}: return f"map {x}"
        case {1: _, **rest} if rest: return f"rest {rest}"
        case {"k": None}: return "knone"
        case list() | tuple() as seq if len(seq) > 5: return "long"
        case str() | bytes(): return "text"
        case dict(d): return f"dict {d}"
        case int(n) | float(n): return f"n {n}"
        case [*all_]: return f"all {all_}"
        case set(): return "set"
        case object(__class__=c): return c.__name__
for v in [-1, -1.5, 1 + 2j, "ab", b"x", True, Color.RED, Color.BLUE, 42, P(0, 5), P(5, 1), P(1, 5), Slots(1, 2), [1, [2, [3, 4, 5]], 6], (1, 2), ["s", 1], ["s", 1.5], ["s", "t"], {"type": "a", "v": [9, 8]}, {1: 0, 2: 3}, {1: 0}, {"k": None}, list(range(9)), "zz", {"other": 1}, 7, 7.5, [], {1}, None, range(2), bytearray(b"a")]:
    print(repr(v), "->", f(v))
class BadArgs: __match_args__ = 5
class NoArgs: pass
class Dup: __match_args__ = ("a", "a"); a = 1
for c, p in [(BadArgs, "BadArgs(1)"), (NoArgs, "NoArgs(1)"), (Dup, "Dup(1, 1)"), (int, "int(1, 2)"), (P, "P(1, 2, 3)"), (P, "P(1, x=1)")]:
    try: exec(f"match o:\n case {p}: print('m')\n case _: print('no')", {"o": c(1, 1) if c is P else c(), c.__name__: c})
    except TypeError as e: print(e)
try: exec("match 1:\n case notaclass(): pass", {"notaclass": 5})
except TypeError as e: print(e)
match 5, 6:
    case a, b: print(a, b)
match = 3; case = 4; print(match + case); type = 5; print(type); _ = 9
match match:
    case 3: print("soft keyword")
match (x := 5):
    case y if y == x: print(y)
match [1, 2]:
    case [a, b, c]: print("no")
print(a, b)
