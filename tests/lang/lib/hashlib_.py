# hashlib without OpenSSL: every algorithm, copies, BLAKE2's parameters, errors.
import hashlib, hmac

def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)

data = bytes(range(256)) * 5
for name in ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha3_224', 'sha3_256', 'sha3_384', 'sha3_512', 'blake2b', 'blake2s']:
    h = getattr(hashlib, name)(b'abc')
    g = h.copy()
    h.update(data)
    h.update(bytearray(b'x'))
    h.update(memoryview(b'y'))
    print(h.name, h.digest_size, h.block_size, h.hexdigest(), g.hexdigest() == hashlib.new(name, b'abc').hexdigest(), len(h.digest()))
for name in ['shake_128', 'shake_256']:
    h = hashlib.new(name, data)
    print(h.name, h.digest_size, h.block_size, h.hexdigest(20), h.digest(0))
B = hashlib.blake2b
print(B(data, digest_size=20, key=b'key', salt=b'salt', person=b'person').hexdigest())
print(hashlib.blake2s(b'', digest_size=1, key=b'k' * 32, salt=b's', person=b'p').hexdigest())
print(B(b'x', fanout=2, depth=2, leaf_size=4096, node_offset=1, node_depth=0, inner_size=64, last_node=True).hexdigest())
for kw in [dict(digest_size=65), dict(key=b'1' * 65), dict(salt=b'1' * 17), dict(person=b'1' * 17), dict(fanout=256), dict(depth=0),
           dict(leaf_size=2**32), dict(node_depth=256), dict(inner_size=65)]:
    t(lambda: B(**kw))
t(lambda: B('x'))
t(lambda: hashlib.blake2b().update('x'))
print(B.MAX_DIGEST_SIZE, B.SALT_SIZE, hashlib.blake2s.MAX_KEY_SIZE)
t(lambda: hashlib.new('nope'))
print(hmac.new(b'key', data, 'sha256').hexdigest(), hmac.compare_digest(b'a', b'a'))
