# array: type codes, items, slices, bytes, buffers, pickling.
import array, pickle, copy, io
A = array.array

def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)

for c in 'bBhHiIlLqQfd':
    for v in (-1, 10**30, 300, 70000, 2**33, 'x', 1.5):
        print(c, v, end=' ')
        t(lambda: A(c, [v]))
t(lambda: A('w', 'h\u00e9\U0001f600'))
t(lambda: A('w', ['ab']))
t(lambda: A())
t(lambda: A('x'))
t(lambda: A('b', 'abc'))
t(lambda: A('i', b'abc'))
a = A('i', [1, 2, 3])
t(lambda: a[5])
t(lambda: a['x'])
t(lambda: a.__setitem__(slice(0, 1), [1]))
t(lambda: a.__setitem__(slice(0, 3, 2), A('i', [1])))
t(lambda: a + [1])
t(lambda: a.extend(A('b')))
t(lambda: a.index(9))
t(lambda: a.pop(7))
a[::2] = A('i', [7, 8])
a[1:1] = A('i', [5, 6])
print(a, a[::-1], a[1:3], a * 2, 5 in a, a.count(7), a == A('d', a), a < A('i', [9]))
del a[::2]
print(a, len(a), a.itemsize, a.typecode)
a.byteswap()
print(a.tolist(), a.tobytes())
m = memoryview(a)
print(m.format, m.shape, m.tolist())
t(lambda: a.append(1))
m[0] = 77
m.release()
a.append(1)
print(a)
for p in range(6):
    print(pickle.loads(pickle.dumps(a, p)) == a, a.__reduce_ex__(p)[1][-1])
print(copy.copy(a), copy.deepcopy(a), list(reversed(a)), iter(a).__reduce__())
f = io.BytesIO()
a.tofile(f)
f.seek(0)
b = A('i')
b.fromfile(f, 2)
t(lambda: b.fromfile(f, 5))
print(b)
b.frombytes(b'\1\0\0\0')
b.fromlist([4, 5])
t(lambda: b.fromlist([1, 'x']))
b.insert(-1, 44)
b.reverse()
b.remove(44)
print(b, b.pop(), b.pop(0), b)
class S(A):
    pass
s = S('b', b'abc')
s.x = 1
print(s.__reduce_ex__(3)[1:], s[:1], s + s)
print(array._array_reconstructor(A, 'd', 15, b'\x3f\x80\0\0'), array.typecodes)
g = io.BytesIO(b'abcdef')
v = g.getbuffer()
v[1:3] = b'XY'
print(g.getvalue(), len(v), v.readonly)
t(lambda: g.write(b'zz'))
v.release()
g.write(b'zz')
print(g.getvalue())
