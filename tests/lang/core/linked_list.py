class Node:
    def __init__(self, v, nxt=None): self.v, self.nxt = v, nxt
class LinkedList:
    def __init__(self, items=()):
        self.head = None; self.n = 0
        for i in reversed(list(items)): self.push(i)
    def push(self, v): self.head = Node(v, self.head); self.n += 1
    def pop(self):
        if self.head is None: raise IndexError("empty")
        v, self.head = self.head.v, self.head.nxt; self.n -= 1
        return v
    def __iter__(self):
        c = self.head
        while c is not None: yield c.v; c = c.nxt
    def __len__(self): return self.n
    def reverse(self):
        prev, c = None, self.head
        while c: c.nxt, prev, c = prev, c, c.nxt
        self.head = prev
l = LinkedList(range(5))
print(list(l), len(l)); l.reverse(); print(list(l), l.pop(), l.pop(), len(l))
try:
    while True: l.pop()
except IndexError as e: print(e, len(l))
big = LinkedList(range(20000)); big.reverse(); print(sum(big), big.head.v)
del big
