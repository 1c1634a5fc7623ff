b = b"Hello World"
print(b.lower(), b.upper(), b.title(), b.swapcase(), b.capitalize(), b.find(b"o"), b.find(111), b.rfind(b"o"), b.count(b"l"), b.index(b"W"), b.replace(b"o", b"0"), b.split(), b.split(b"o", 1), b.rsplit(b"o", 1), b.partition(b" "), b.startswith((b"x", b"He")), b.endswith(b"ld"))
print(b.center(15, b"*"), b"5".zfill(3), b"a".ljust(3), b"a".rjust(3, b"-"), b" x ".strip(), b"xax".strip(b"x"), b"\ta".expandtabs(2), b"a\nb".splitlines(), b.translate(None, b"l"), b"abc".translate(bytes.maketrans(b"ab", b"xy")), b.removeprefix(b"He"), b.removesuffix(b"ld"), b",".join([b"a", bytearray(b"b")]))
print(b.isalpha(), b"1".isdigit(), b"a1".isalnum(), b" ".isspace(), b"A".isupper(), b"\x80".isascii(), b.hex(), b.hex(" "), b.hex(":", 4), bytes.fromhex("48 65"), b"%d %s %x %r %5.1f" % (1, b"x", 255, "é", 2.5), b"a" < b"b", b"a" == "a", b[0], b[1:3], b[::-2], list(b[:3]), 72 in b, b"lo" in b, b * 2, b + bytearray(b"!"), hash(b"a") == hash(b"a"))
for t in ["b.find('a')", "b[99]", "b'' + 'a'", "b'a' in 5", "300 in b", "bytes([256])", "bytes(['a'])", "bytes('a')", "bytes.fromhex('0')", "bytes.fromhex('zz')", "b.join([1])", "b.split('a')", "b.decode('ascii', 5)", "b'%s' % 'a'", "b'%d' % b'a'", "bytes(-1)", "b.center(5, b'ab')", "b.replace(1, 2)", "b[0] = 1", "b.index(b'z')", "bytes.maketrans(b'a', b'bc')", "bytes(10 ** 20)", "b.startswith('H')", "b['a']", "b.hex(5)", "b'%c' % 256", "b'é'"]:
    try: print(t, eval(t))
    except SyntaxError as e: print(t, "SyntaxError", e.msg)
    except Exception as e: print(t, type(e).__name__, e)
a = bytearray(b"abc"); a[1] = 66; a[1:2] = b"XYZ"; a.append(33); a.extend(b"ef"); a.insert(0, 48); a += b"q"; print(a, a.pop(), a.pop(0), a.remove(33), a, a.reverse(), a, len(a)); del a[0]; del a[::2]; print(a, a.copy() is a); a.clear(); print(a, bytearray(3), bytearray("é", "utf-8"), bytearray([1, 2]) == b"\x01\x02", bytearray(b"x") * 2, bytearray(b"ab").find(b"b"))
for s in ["a[0] = 256", "a[0] = 'x'", "a[9] = 1", "a.append('x')", "a.append(256)", "a.remove(200)", "a.pop(9)", "a[:] = 'x'", "hash(a)", "a[0:1] = [300]"]:
    a = bytearray(b"abc")
    try: exec(s); print(s, a)
    except Exception as e: print(s, type(e).__name__, e)
print(repr(b"\x00\t\n\r\\'\""), repr(b"it's"), str(b"x"), bytes(b"q") == b"q", b"abc"[-1], bytes(range(250, 256)), bytes(memoryview(b"zz")), b"".join(b"%c" % i for i in range(65, 70)))
