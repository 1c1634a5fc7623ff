# Error handlers that change the object of their exception.
import codecs
bad = [("ascii", b"\xff"), ("utf-7", b"++"), ("utf-8", b"\xff"), ("utf-16", b"\xff"), ("utf-32", b"\xff"),
       ("unicode-escape", b"\\u123g"), ("raw-unicode-escape", b"\\u123g")]
def wrong(e):
    e.object = 42
    return ("\u4242", 0)
codecs.register_error("t.wrong", wrong)
def other(e):
    e.object = b""
    return ("\u4242", 0)
codecs.register_error("t.other", other)
for encoding, data in bad:
    try: print(data.decode(encoding, "t.wrong"))
    except TypeError: print(encoding, "TypeError")
    print(encoding, ascii(data.decode(encoding, "t.other")))
