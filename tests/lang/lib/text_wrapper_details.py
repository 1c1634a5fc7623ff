import io
raw = io.BytesIO()
t = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
t.write("abc\n")
t.reconfigure(encoding="utf-8-sig")
t.write("d\xe9f\n")
t.flush()
print(raw.getvalue())
class Unreadable(io.BytesIO):
    def readable(self): return False
class Unwritable(io.BytesIO):
    def writable(self): return False
try: io.TextIOWrapper(Unreadable(), encoding="utf-8").read()
except OSError as e: print(e)
try: io.TextIOWrapper(Unwritable(), encoding="utf-8").write("x")
except OSError as e: print(e)
p = io.BufferedRWPair(io.BytesIO(b"foo\nbar\n"), io.BytesIO())
f = io.TextIOWrapper(p, encoding="utf-8")
line = f.readline()
f.write(line)
print(repr(line), repr(f.readline()))
class Raw(io.RawIOBase):
    def __init__(self): self.got = []
    def writable(self): return True
    def write(self, data): self.got.append(len(data)); return len(data)
r = Raw()
t = io.TextIOWrapper(r, encoding="ascii")
t.write("abc"); t.write("def"); t.write("x" * 8193); t.write("ghi"); t.write("x" * 8192)
print(r.got)
