# A call in a generator leaves temporaries behind that nobody reads; the next call's window ends
# in front of them, and while it runs they die. What is saved at the yield must not bring them back.
class Box:
    pass


def keep(a, b, c, d, e):
    return 0


def deep(a, b):
    return 0


def small():
    for _ in range(3):
        pass


def produce():
    x = keep(1, 2, 3, 4, deep([1], Box()))
    small()
    small()
    yield x
    small()
    yield 2


async def wait():
    x = keep(1, 2, 3, 4, deep([1], Box()))
    small()
    small()
    return x


def main():
    total = 0
    for i in range(20):
        for v in produce():
            junk = [Box() for _ in range(10)]
            total += v
        c = wait()
        try:
            c.send(None)
        except StopIteration as e:
            total += e.value
    print("ok", total)


main()
