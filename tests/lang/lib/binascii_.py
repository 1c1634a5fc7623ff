# binascii: every conversion, and what it refuses.
import binascii as b

def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)

data = bytes(range(0, 256, 7)) + b' end =\t'
for n in range(5):
    print(b.b2a_base64(data[:n]), b.a2b_base64(b.b2a_base64(data[:n])) == data[:n])
print(b.b2a_base64(data, newline=False))
for s in [b'', b'=', b'ab=c', b'ab==c', b'ab===', b'abcd=', b'a=b=', b'ab=', b'ab==\n', b'a', 'YWJj', 'é', 3]:
    t(lambda: b.a2b_base64(s))
    t(lambda: b.a2b_base64(s, strict_mode=True))
for n in (0, 1, 2, 3, 44, 46):
    t(lambda: b.b2a_uu(bytes(n)))
    t(lambda: b.b2a_uu(data[:n], backtick=True))
t(lambda: b.a2b_uu(b.b2a_uu(data[:45])) == data[:45])
for s in [b'', b'\x7f', b'!!!!x', b'!\x7f', b'#86)C']:
    t(lambda: b.a2b_uu(s))
t(lambda: b.hexlify(data[:9], '-', 2))
t(lambda: b.hexlify(data[:9], b':', -4))
t(lambda: b.hexlify(data[:9], 'xx'))
t(lambda: b.unhexlify('0aFF'))
t(lambda: b.unhexlify('0aF'))
t(lambda: b.unhexlify('0g'))
print(b.crc32(data), b.crc32(b'x', b.crc32(data)), b.crc32(data, -1), b.crc_hqx(data, 0), b.crc_hqx(data, 70000))
text = b'a=b \t\r\nc.\n.\nlong ' + b'x' * 90 + b'\n\xff_ \n. '
for kw in ({}, {'quotetabs': True}, {'istext': False}, {'header': True}):
    q = b.b2a_qp(text, **kw)
    print(q, b.a2b_qp(q, header='header' in kw))
print(b.a2b_qp(b'a=\nb=3dc=xx==y='))
print(b.Error.__mro__, b.Incomplete.__mro__)
