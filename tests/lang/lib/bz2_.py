# bz2: one shot, piece by piece, files, errors.
import bz2, io

def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)

data = b'The quick brown fox. ' * 4000 + bytes(range(256)) * 100
for level in (1, 9):
    z = bz2.compress(data, level)
    print(len(z) < len(data), bz2.decompress(z) == data, bz2.decompress(z + z) == data * 2)
print(bz2.compress(b''), bz2.compress(b'a' * 100))
c = bz2.BZ2Compressor()
z = b''.join(c.compress(data[i:i + 1000]) for i in range(0, len(data), 1000)) + c.flush()
t(lambda: c.compress(b'x'))
t(lambda: c.flush())
d = bz2.BZ2Decompressor()
out = []
for i in range(0, len(z), 7):
    out.append(d.decompress(z[i:i + 7]))
print(b''.join(out) == data, d.eof, d.needs_input, d.unused_data)
t(lambda: d.decompress(b''))
d = bz2.BZ2Decompressor()
out = d.decompress(z + b'rest', 10)
print(out, d.eof, d.needs_input, d.unused_data)
while not d.eof:
    out += d.decompress(b'', 5000)
print(out == data, d.unused_data, d.needs_input)
t(lambda: bz2.BZ2Compressor(10))
t(lambda: bz2.BZ2Decompressor().decompress(b'garbage'))
t(lambda: bz2.decompress(z[:-3]))
t(lambda: bz2.decompress('x'))
f = io.BytesIO()
with bz2.open(f, 'wt') as g:
    g.write('héllo\nworld\n')
f.seek(0)
with bz2.open(f, 'rt') as g:
    print(list(g))
