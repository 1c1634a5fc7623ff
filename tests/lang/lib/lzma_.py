"""lzma: what its classes and functions say."""
import io
import lzma
import os
import tarfile
import tempfile


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, e)


DATA = b"some text, some text, some other text\n" * 3000
for format, filters in ((lzma.FORMAT_XZ, None), (lzma.FORMAT_ALONE, None), (lzma.FORMAT_RAW, [{"id": lzma.FILTER_LZMA2}]),
                        (lzma.FORMAT_XZ, [{"id": lzma.FILTER_DELTA, "dist": 5}, {"id": lzma.FILTER_LZMA2, "preset": 1 | lzma.PRESET_EXTREME}]),
                        (lzma.FORMAT_XZ, [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16, "lc": 2, "mf": lzma.MF_BT3, "mode": lzma.MODE_NORMAL}]),
                        (lzma.FORMAT_ALONE, [{"id": lzma.FILTER_LZMA1, "preset": 2}])):
    packed = lzma.compress(DATA, format=format, filters=filters)
    raw = filters if format == lzma.FORMAT_RAW else None
    print(format, len(packed) < 1000, lzma.decompress(packed, format, filters=raw) == DATA)
for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256):
    d = lzma.LZMADecompressor()
    print(d.check, d.decompress(lzma.compress(DATA, check=check)) == DATA, d.check, d.eof, d.needs_input)
packed = lzma.compress(DATA)
d = lzma.LZMADecompressor()
out = b""
for i in range(0, len(packed), 7):
    out += d.decompress(packed[i:i + 7])
print(out == DATA, d.eof, d.unused_data)
d = lzma.LZMADecompressor()
pieces = [d.decompress(packed + b"behind", max_length=50000)]
while not d.eof:
    pieces.append(d.decompress(b"", max_length=50000))
print([len(p) for p in pieces], d.unused_data)
attempt(d.decompress, b"x")
print(lzma.decompress(packed + packed) == DATA * 2)

C, D = lzma.LZMACompressor, lzma.LZMADecompressor
attempt(C, format=5)
attempt(C, preset=100)
attempt(C, check=4, format=lzma.FORMAT_ALONE)
attempt(C, format=lzma.FORMAT_RAW)
attempt(C, preset=1, filters=[{}])
attempt(C, filters=5)
attempt(C, filters=[{"id": 3, "dist": 300}, {"id": 33}])
attempt(C, filters=[{"id": 33, "foo": 1}])
attempt(C, filters=[{}])
attempt(C, filters=[{"id": 33}] * 5)
c = C()
c.compress(b"abc")
c.flush()
attempt(c.compress, b"x")
attempt(c.flush)
attempt(D().decompress, b"garbage here, which is no stream")
attempt(D, format=9)
attempt(D(memlimit=1).decompress, packed)
attempt(D, format=lzma.FORMAT_RAW)
attempt(D, filters=[])
attempt(D().decompress, packed[:20] + b"\0" * 50)
for spec in ({"id": 33, "preset": 6}, {"id": 3, "dist": 5}, {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 1}, {"id": 4}):
    packed_spec = lzma._encode_filter_properties(spec)
    print(packed_spec, lzma._decode_filter_properties(spec["id"], packed_spec))
print(lzma.is_check_supported(10), lzma.is_check_supported(15), issubclass(lzma.LZMAError, Exception))

with tempfile.TemporaryDirectory() as where:
    path = os.path.join(where, "a.xz")
    with lzma.open(path, "wt", preset=3) as f:
        f.write("line\n" * 5)
    with lzma.open(path) as f:
        print(f.read(7), f.seek(0), f.readlines()[:2])
    tar = os.path.join(where, "a.tar.xz")
    with tarfile.open(tar, "w:xz") as t:
        info = tarfile.TarInfo("member")
        info.size = len(DATA)
        t.addfile(info, io.BytesIO(DATA))
    with tarfile.open(tar) as t:
        print(t.getnames(), t.extractfile("member").read() == DATA)
