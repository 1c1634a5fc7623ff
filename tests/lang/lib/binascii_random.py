# Conversions of binascii and base64 with random operands: one digest for each.
import base64
import binascii
import hashlib
import random

R = random.Random(5)
SEEN = {}


def note(name, f, *args, **keywords):
    try:
        r = f(*args, **keywords)
    except Exception as e:
        r = type(e).__name__, str(e)
    SEEN.setdefault(name, hashlib.sha256()).update(repr(r).encode())


for _ in range(400):
    b = bytes(R.randrange(256) for _ in range(R.randrange(150)))
    for args in (), (":",), ("-", R.randrange(-9, 9)), (b"\xff", R.randrange(-200, 200)), ("é",), ("€",), ("",):
        note("hexlify", binascii.hexlify, b, *args)
    digits = b.hex()
    if R.random() < 0.5 and b:
        i = R.randrange(len(digits))
        digits = digits[:i] + R.choice(["g", " ", "F", "@", "`", "/", ":", "", "é"]) + digits[i + 1 :]
    note("unhexlify", binascii.unhexlify, digits)
    note("b16decode", base64.b16decode, digits)
    note("b16decode", base64.b16decode, digits, True)
    text = base64.b64encode(b)
    for _ in range(R.choice([0, 0, 1, 2])):
        i = R.randrange(len(text) + 1)
        text = text[:i] + bytes([R.choice(b"=\n A/-\xff")]) + text[i + R.randrange(2) :]
    text *= R.choice([1, 1, 1, 2])
    note("b64encode", base64.b64encode, b)
    note("b64decode", base64.b64decode, text)
    note("b64decode", base64.b64decode, text, validate=True)
    note("a2b_base64", binascii.a2b_base64, text, strict_mode=True)
    note("urlsafe", base64.urlsafe_b64decode, text)
    note("lines", lambda: base64.decodebytes(base64.encodebytes(b * 3)))
    note("crc32", binascii.crc32, b, R.randrange(-(2**40), 2**40))
    note("crc32", binascii.crc32, bytearray(b))
    note("crc_hqx", binascii.crc_hqx, b, R.randrange(-(2**20), 2**20))

for name, digest in SEEN.items():
    print(name, digest.hexdigest()[:16])
