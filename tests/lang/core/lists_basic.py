a = [3, 1, 2]
print(a, len(a), a[0], a[-1], a[1:], a[:-1], a[::-1], a[::2])
a.append(4); a.insert(0, 9); a.extend([5, 6]); a += (7,)
print(a)
print(a.pop(), a.pop(0), a)
a.remove(2)
print(a, a.index(4), a.count(1), 4 in a)
a.sort(); print(a)
a.sort(reverse=True); print(a)
a.reverse(); print(a)
b = a.copy(); b.clear(); print(a, b)
print([1, 2] + [3], [0] * 3, 2 * [1, 2], [] * 5)
a[0] = "first"; a[-1] = "last"; print(a)
a[1:3] = [10, 20, 30]; print(a)
a[::2] = "xyz"; print(a)
del a[0]; print(a)
del a[1:3]; print(a)
m = [[0] * 3 for _ in range(2)]
m[0][1] = 5
print(m)
for bad in [lambda: [][0], lambda: [1][5], lambda: [].pop(), lambda: [1].remove(2), lambda: [1].index(3), lambda: [1]["a"], lambda: [1] + (2,)]:
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
l = [1]; l.append(l); print(l)
