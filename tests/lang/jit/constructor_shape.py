# An object whose constructor is not walked into has another shape behind the call than it was made with.
from collections import deque
class Reader:
    kind = "class"
    def __init__(self, text, *rest):
        self.text = text
        self.pushback = deque()
        self.kind = len(rest)
        self.mark = list(text)
    def push(self, x):
        self.pushback.appendleft(x)
        self.extra = x
        return self
def make(n):
    total = 0
    for i in range(n):
        r = Reader("abc", i, i)
        r.more = i
        r.push(i).push(i + 1)
        total += r.more + r.extra + len(r.pushback) + r.kind + len(r.mark)
    return total, sorted(vars(r))
print(make(20000))
