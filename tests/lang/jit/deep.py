# Hot functions that recurse to the limit, mutually, through classes and natives.
import sys
sys.setrecursionlimit(3000)
N = 20000
def fact(n): return 1 if n == 0 else n * fact(n - 1)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(18), fact(20))
def forever(n): return forever(n + 1) + 1
def depth():
    d = 0
    def down():
        nonlocal d
        d += 1
        down()
    try: down()
    except RecursionError as e: return str(e), d > 2500, d < 3001
for _ in range(4): print(depth())
for _ in range(12):
    try: forever(0)
    except RecursionError as e: r = str(e)
print(r)
def odd(n): return False if n == 0 else even(n - 1)
def even(n): return True if n == 0 else odd(n - 1)
print(even(2000), odd(2000), sum(even(i % 50) for i in range(N // 10)))
class T:
    def __init__(self, d): self.k = T(d - 1) if d else None
    def size(self): return 1 + (self.k.size() if self.k else 0)
    def __repr__(self): return f"T{self.k!r}"
    def __eq__(self, o): return self.k == o.k
    def __len__(self): return len(self.k) + 1 if self.k else 0
print(sum(T(10).size() for _ in range(2000)), T(900).size(), len(T(400)))
for _ in range(20):
    t = None
    try: t = T(100000)
    except RecursionError: pass
    print(t, end=" ")
print(len(repr(T(200))), T(300) == T(300))
def key(x): return sorted([3, 1, 2], key=lambda v: key(x) if x > 5 else v)[0] if x < 9 else x
try:
    for i in range(5): key(6)
except RecursionError: print("through a native")
def gen(n):
    yield n
    if n: yield from gen(n - 1)
print(sum(gen(300)), sum(sum(gen(20)) for _ in range(500)))
def catch(n):
    try: return catch(n + 1)
    except RecursionError: return n > 500
print([catch(0) for _ in range(5)])
def ack(m, n): return n + 1 if m == 0 else ack(m - 1, 1) if n == 0 else ack(m - 1, ack(m, n - 1))
print(ack(2, 40))
def hanoi(n, a, b, c): return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)
print(hanoi(12, "a", "b", "c"))
sys.setrecursionlimit(200)
def shallow(n): return 0 if n == 0 else 1 + shallow(n - 1)
for i in range(N // 10): shallow(20)
try: shallow(500)
except RecursionError as e: print(e)
sys.setrecursionlimit(3000)
print(shallow(500))
