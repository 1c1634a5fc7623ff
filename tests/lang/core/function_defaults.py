def acc(x, into=[]):
    into.append(x)
    return into
print(acc(1), acc(2), acc(3, []), acc(4))
n = 1
def late(x=n):
    return x
n = 2
print(late())
def kwonly(*, a, b=2):
    return a, b
print(kwonly(a=1), kwonly(b=3, a=0))
def posonly(a, b=5, /, c=6):
    return a, b, c
print(posonly(1), posonly(1, 2), posonly(1, c=3))
for call in [lambda: kwonly(1), lambda: kwonly(), lambda: posonly(a=1), lambda: posonly()]:
    try:
        call()
    except TypeError as e:
        print(e)
fs = [lambda x=i: x for i in range(3)]
print([f() for f in fs])
gs = [lambda: i for i in range(3)]
print([g() for g in gs])
