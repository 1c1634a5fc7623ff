# Mappings of files and of memory.
import mmap
import os
import tempfile

with tempfile.TemporaryFile() as f:
    f.write(b"0123456789" * 10)
    f.flush()
    with mmap.mmap(f.fileno(), 0) as m:
        print(len(m), m[:5], m[10], m[-3:], m[::20])
        m[0:3] = b"abc"
        m[3] = 0x21
        print(m.find(b"89"), m.rfind(b"89"), m.find(b"zz"))
        m.seek(5)
        print(m.read(3), m.tell(), m.read_byte())
        m.move(50, 0, 5)
        print(m[48:57])
        m.flush()
    print(m.closed, os.pread(f.fileno(), 5, 0))
    with mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as m:
        try:
            m[0] = 1
        except TypeError as e:
            print(e)
    try:
        mmap.mmap(f.fileno(), 1000)
    except ValueError as e:
        print(e)
m = mmap.mmap(-1, 4096)
m.write(b"line one\nline two\n")
m.seek(0)
print(m.readline(), m.readline())
pid = os.fork()
if pid == 0:
    m[0:5] = b"child"
    os._exit(0)
os.waitpid(pid, 0)
print(m[0:8])
try:
    m[5000]
except IndexError as e:
    print(e)
