# Compression in one step and in pieces, limits, dictionaries, copies, errors.
import zlib

data = b"It was the best of times, it was the worst of times. " * 100
for level in (0, 1, 6, 9):
    print(level, zlib.decompress(zlib.compress(data, level)) == data)
print(zlib.crc32(b"hello"), zlib.adler32(b"hello"), zlib.crc32(b"lo", zlib.crc32(b"hel")))
for wbits in (-15, 9, 15, 31):
    c = zlib.compressobj(wbits=wbits)
    packed = c.compress(data[:1000]) + c.compress(data[1000:]) + c.flush()
    d = zlib.decompressobj(wbits)
    print(wbits, d.decompress(packed) + d.flush() == data, d.eof, d.unused_data)
d = zlib.decompressobj()
packed = zlib.compress(data) + b"behind"
out = d.decompress(packed, 100)
print(len(out), len(d.unconsumed_tail) > 0, d.eof)
while d.unconsumed_tail:
    out += d.decompress(d.unconsumed_tail, 1000)
print(out + d.flush() == data, d.unused_data, d.eof)
c = zlib.compressobj(zdict=b"the best of times")
packed = c.compress(data)
other = c.copy()
packed, second = packed + c.flush(), packed + other.compress(b"more") + other.flush()
print(zlib.decompressobj(zdict=b"the best of times").decompress(packed) == data)
print(zlib.decompressobj(zdict=b"the best of times").decompress(second) == data + b"more")
z = zlib._ZlibDecompressor()
packed = zlib.compress(data)
print(z.decompress(packed[:20], 10), z.needs_input, z.eof)
for bad in (b"", b"x", packed[:-3], b"\x00" * 20):
    try:
        zlib.decompress(bad)
    except zlib.error as e:
        print(e)
try:
    zlib.compress(data, 10)
except zlib.error as e:
    print(e)
try:
    zlib.compressobj(wbits=3)
except ValueError as e:
    print(e)
import gzip
print(gzip.decompress(gzip.compress(data)) == data)
