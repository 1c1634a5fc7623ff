# A view that nobody uses any more does not keep a bytearray from changing its size.
b = bytearray(b"x" * 100000)
def read(n):
    data = bytes(memoryview(b)[:n])
    del b[:n]
    return data
total = 0
while b:
    total += len(read(1000))
print(total)
class Q:
    def __init__(self): self.buf = bytearray()
    def feed(self, d): self.buf.extend(d)
    def take(self, n):
        with memoryview(self.buf) as m: d = bytes(m[:n])
        del self.buf[:n]
        return d
    def take2(self, n):
        m = memoryview(self.buf)[:n]
        d = m.tobytes()
        del m
        del self.buf[:n]
        return d
q = Q(); q.feed(b"abc" * 1000)
print(len(q.take(10)), len(q.take2(20)), len(q.buf))
m = memoryview(q.buf)
try:
    q.buf.append(1)
except BufferError as e:
    print(e)
m.release()
q.buf.append(1)
print(len(q.buf))
class View:
    def __init__(self): self.data = bytearray(range(100))
    def drop(self, n): del self.data[:n]
    def first(self, n):
        found = bytes(memoryview(self.data)[:n])
        self.drop(n)
        return found
v = View()
print([v.first(3) for _ in range(20)][-1], len(v.data))
def held(b):
    view = memoryview(b)
    try:
        b.append(1)
    except BufferError as e:
        print(e)
    return len(view)
def released(b):
    view = memoryview(b)
    view.release()
    b.append(1)
    return len(b)
b = bytearray(5)
print([held(b) for _ in range(3)], [released(b) for _ in range(3)])
