# What was compiled does not keep its function, nor what its code names, and machine code goes on that
# somebody is in.
import gc
import os
import weakref

SOURCE = '''
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def length(self):
        return self.x * self.x + self.y * self.y


def work(n):
    total = 0
    for i in range(n):
        total += Point(i, i + 1).length()
    return total
'''


def make(number):
    names = {}
    exec(compile(SOURCE, f"<made {number}>", "exec"), names)
    for _ in range(60):
        names["work"](50)
    print(number, names["work"](30))
    if number % 2:
        # What was compiled is not valid any more.
        names["Point"].length = lambda self: self.x
        print(number, names["work"](30))
    return [weakref.ref(x) for x in (names["work"], names["work"].__code__, names["Point"])]


def main():
    all_refs = [make(number) for number in range(8)]
    gc.collect()
    # (What was compiled of the caller may name the first ones and the last.)
    for kind in zip(*all_refs):
        print(sum(r() is None for r in kind) >= 4)


main()


# One that goes on while its own code is not valid any more, and is collected meanwhile.
def running(n):
    total = 0
    for i in range(n):
        total += twice(i)
        if i == n // 2:
            change()
    return total


def twice(i):
    return i * 2


def change():
    global twice
    twice = lambda i: i * 3
    for _ in range(2):
        gc.collect()
    # Its machine code may come to be where the other's was.
    for number in range(3):
        make(number)


for _ in range(3):
    twice = lambda i: i * 2
    print(running(3000))


# A child goes on in code that its parent does not need any more.
def sums(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total


for _ in range(60):
    sums(100)
back, to_parent = os.pipe()
go, to_child = os.pipe()
child = os.fork()
if child == 0:
    os.read(go, 1)
    print([sums(n) for n in range(95, 100)], file=os.fdopen(to_parent, "w"), flush=True)
    os._exit(0)
del sums
for _ in range(2):
    gc.collect()
for number in range(3):
    make(number)
os.write(to_child, b"!")
os.close(to_parent)
print(os.fdopen(back).read().strip())
os.waitpid(child, 0)
