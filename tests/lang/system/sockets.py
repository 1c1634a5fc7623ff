# Streams, datagrams, time-outs, options, control data, addresses.
import os
import re
import socket
import threading

a, b = socket.socketpair()
a.sendall(b"stream")
print(b.recv(3), b.recv(10))
b.settimeout(0.05)
try:
    b.recv(1)
except TimeoutError as e:
    print(type(e).__name__, e)
b.setblocking(False)
try:
    b.recv(1)
except BlockingIOError as e:
    print(e)
buf = bytearray(4)
a.send(b"into")
print(b.recv_into(buf), buf)
r, w = os.pipe()
socket.send_fds(a, [b"fd"], [w])
data, fds, flags, address = socket.recv_fds(b, 10, 2)
os.write(fds[0], b"through")
print(data, len(fds), os.read(r, 10))
a.close()
print(b.recv(1), re.sub(r"fd=\d+", "fd=N", repr(b)))
b.close()

server = socket.create_server(("127.0.0.1", 0))


def serve():
    c, address = server.accept()
    with c:
        c.sendall(b"<" + c.recv(100) + b">")


t = threading.Thread(target=serve)
t.start()
with socket.create_connection(server.getsockname(), timeout=5) as c:
    c.sendall(b"ping")
    print(c.recv(100), c.gettimeout(), c.getpeername() == server.getsockname())
t.join()
print(server.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_STREAM)
server.close()

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as d:
    d.bind(("127.0.0.1", 0))
    d.sendto(b"datagram", d.getsockname())
    data, sender = d.recvfrom(100)
    print(data, sender == d.getsockname())
    try:
        d.bind(("127.0.0.1", 70000))
    except OverflowError as e:
        print(e)
    try:
        d.bind("127.0.0.1")
    except TypeError as e:
        print(e)
with socket.socket(socket.AF_UNIX) as u:
    u.bind("\0taipan-lang-%d" % os.getpid())
    print(type(u.getsockname()).__name__)
try:
    socket.create_connection(("127.0.0.1", 1), timeout=2)
except ConnectionRefusedError as e:
    print(e)
print(socket.inet_aton("1.2.3"), socket.inet_ntop(socket.AF_INET6, b"\0" * 15 + b"\1"))
print(socket.htons(1), socket.ntohl(1), socket.getservbyname("http", "tcp"))
print(socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))
try:
    socket.getaddrinfo("127.0.0.1", "no such service")
except socket.gaierror as e:
    print(e)
f = socket.socketpair()
with f[0].makefile("w") as out, f[1].makefile() as inp:
    out.write("line\n")
    out.flush()
    print(inp.readline())
for s in f:
    s.close()
