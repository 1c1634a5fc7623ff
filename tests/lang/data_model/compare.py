class A:
    def __init__(self, n): self.n = n
    def __lt__(self, o): print("lt"); return self.n < o.n
    def __le__(self, o): print("le"); return self.n <= o.n
a, b = A(1), A(2)
print(a < b, a > b, a <= b, a >= b, a == b, a != b)
class E:
    def __eq__(self, o): print("eq"); return "eqres"
e = E(); print(e == 1, e != 1, 1 == e, 1 != e, e in [e], e in [1], [e] == [1] )
class NE:
    def __ne__(self, o): return "ne"
print(NE() != 1, NE() == 1)
class P:
    def __eq__(self, o): print("P.eq"); return NotImplemented
class Q(P):
    def __eq__(self, o): print("Q.eq"); return True
print(P() == Q(), P() == P(), P() == 5)
class T:
    def __gt__(self, o): return "T.gt"
    def __ge__(self, o): return "T.ge"
print(5 < T(), 5 <= T(), T() > 5)
try: T() < 5
except TypeError as x: print(x)
class Bool:
    def __bool__(self): raise ValueError("no truth")
class C:
    def __lt__(self, o): return Bool()
try: C() < 1 < 2
except ValueError as x: print(x)
print(type(C() < 1).__name__)
try: sorted([C(), C()])
except ValueError as x: print(x)
print(1 == 1.0 == True, (1, 2) < (1, 2, 0), [1, [2]] == [1, [2]], {1: [2]} == {1: [2]}, "a" == b"a", None == False, 0 == "", 1.0 == 1 + 0j, float("nan") != float("nan"))
from functools import total_ordering
@total_ordering
class O:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(O(1) <= O(1), O(2) > O(1), O(1) >= O(2), O(1) != O(2))
