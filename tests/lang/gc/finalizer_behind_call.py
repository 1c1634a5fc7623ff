# A finalizer that collects runs behind a native call whose result nobody has read yet.
import gc


class Again:
    made = 0

    def __del__(self):
        Again.made += 1
        if Again.made < 400:
            Again()
        gc.collect()


def pairs(n):
    total = 0
    for i in range(n):
        total += len(list(range(3))) + len(str(i)) + sum(divmod(i, 7))
        [[], [i], {i: i}]
    return total


Again()
gc.collect()
print([pairs(40) for _ in range(20)])
