# Items and slices of bytes and bytearrays, hot; slices with steps.


def total(data):
    s = 0
    for i in range(len(data)):
        s += data[i] ^ data[-1 - i]
    return s


def sieve(n):
    flags = bytearray([1]) * (n + 1)
    flags[0] = flags[1] = 0
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = 0
        i += 1
    return sum(flags)


def edges(data, upto):
    out = []
    for i in range(upto):
        try:
            out.append(data[i])
        except IndexError as e:
            out.append(str(e))
    return out[-3:]


def stores(a, values):
    out = []
    for i, v in enumerate(values):
        try:
            a[i % len(a)] = v
        except (ValueError, TypeError) as e:
            out.append(f"{type(e).__name__}: {e}")
    return bytes(a), out


def cut(data):
    n = 0
    for i in range(len(data)):
        part = data[i : i + 2]
        n += len(part) + part[0] + (data[i:] == data)
    return n


def front(a):
    out = []
    while len(a) > 3:
        del a[:2]
        out.append(a[0] + a[-1])
        a[0] = 9
    return sum(out)


def reverse(items, times):
    for k in range(times):
        n = k % 6
        items[: n + 1] = items[n::-1]
        x = items[1:9:3], items[::-2], items[-1:0:-4]
    return items, x


class Slicer:
    def __getitem__(self, k):
        return k


def steps(thing, times):
    for k in range(times):
        last = thing[k::2], thing[:k:-1], thing[None:None:None]
    return last


print(total(bytes(range(256)) * 4), total(bytearray(b"abc" * 300)))
print(sieve(5000))
print(edges(bytes(300), 303), edges(bytearray(300), 303))
print(stores(bytearray(8), list(range(250)) + [255, 256, -1, "x", True, 2.0, 2**70]))
print(cut(bytes(range(200))), cut(bytearray(range(200))))
print(front(bytearray(range(200))))
print(reverse(list(range(12)), 600))
print(steps(list(range(10)), 300), steps("abcdefgh", 300), steps((1, 2, 3), 300), steps(Slicer(), 300))
for bad in (0, "a", 1.5):
    try:
        [1, 2][::bad]
    except (ValueError, TypeError) as e:
        print(e)
print([1, 2, 3][10::-1], [1, 2, 3][-10::-1], [1, 2, 3][2**70 :: -1], [1, 2, 3][:: -(2**70)])
