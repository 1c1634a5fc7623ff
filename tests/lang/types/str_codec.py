print("é€😀".encode(), "é".encode("latin-1"), "é€".encode("utf-16"), "é".encode("utf-16-le"), "a".encode("utf-32-be"), "é".encode("ascii", "ignore"), "é".encode("ascii", "replace"), "é€".encode("ascii", "backslashreplace"), "é".encode("ascii", "xmlcharrefreplace"), "é".encode("ascii", "namereplace"), "\udc80".encode("utf-8", "surrogateescape"), "\ud800".encode("utf-8", "surrogatepass"), "é".encode("cp1252"))
print(b"\xc3\xa9".decode(), b"\xff".decode("latin-1"), b"a\xffb".decode("utf-8", "replace"), b"a\xffb".decode("utf-8", "ignore"), ascii(b"\xff".decode("utf-8", "surrogateescape")), b"\xff".decode("utf-8", "backslashreplace"), b"\xff\xfea\x00".decode("utf-16"), str(b"ab", "ascii"))
for t in ["'é'.encode('ascii')", "'aé€'.encode('latin-1')", "'\\ud800'.encode()", "b'\\xff'.decode()", "b'\\xc3'.decode()", "b'a\\xe2\\x82'.decode()", "b'\\xc3\\x28'.decode()", "b'\\x80'.decode('ascii')", "b'\\xed\\xa0\\x80'.decode()", "b'\\xf8'.decode()", "b'a'.decode('utf-16')", "'x'.encode('bogus')", "b'x'.decode('bogus')", "'é'.encode('ascii', 'bogus')", "b'\\xc0\\x80'.decode()", "b'\\xf4\\x90\\x80\\x80'.decode()"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
try: "aé€b".encode("ascii")
except UnicodeEncodeError as e: print(e.encoding, e.object, e.start, e.end, e.reason)
print("abc".encode("utf-8-sig"), b"\xef\xbb\xbfx".decode("utf-8-sig"), "€".encode("utf_8"), "é".encode("ISO-8859-1"), "x".encode("UTF8"))
