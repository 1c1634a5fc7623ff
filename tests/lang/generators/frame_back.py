import sys


def counter():
    yield sys._getframe()
    yield


def fails():
    yield
    1 / 0


c = counter()
frame = next(c)
print(frame.f_back)
next(c)
print(frame.f_back)
next(c, None)
print(frame.f_back)

f = fails()
next(f)
try:
    next(f)
except ZeroDivisionError as e:
    print(e.__traceback__.tb_next.tb_frame.f_back)


def plain():
    return sys._getframe()


print(plain().f_back is sys._getframe())
