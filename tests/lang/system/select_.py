# select, poll, epoll, selectors.
import os
import select
import selectors

r, w = os.pipe()
print(select.select([r], [w], [], 0) == ([], [w], []))
os.write(w, b"x")
print(select.select([r], [], [], 1) == ([r], [], []))
p = select.poll()
p.register(r, select.POLLIN)
p.register(w)
print(sorted(p.poll()) == [(r, select.POLLIN), (w, select.POLLOUT)])
p.unregister(w)
try:
    p.unregister(w)
except KeyError as e:
    print("KeyError", e.args == (w,))
try:
    p.modify(w, 1)
except FileNotFoundError as e:
    print(e)
with select.epoll() as e:
    e.register(r, select.EPOLLIN)
    print(e.poll(1) == [(r, select.EPOLLIN)], e.closed)
    try:
        e.register(r)
    except FileExistsError as x:
        print(x)
print(e.closed)
try:
    e.poll()
except ValueError as x:
    print(x)
try:
    select.select([-1], [], [])
except ValueError as x:
    print(x)
try:
    select.select(["x"], [], [])
except TypeError as x:
    print(x)
with selectors.DefaultSelector() as s:
    s.register(r, selectors.EVENT_READ, "data")
    [(key, events)] = s.select(1)
    print(key.data, events, type(s).__name__)
os.close(w)
os.read(r, 1)
p = select.poll()
p.register(r)
print(p.poll()[0][1] == select.POLLHUP)
