# Finalizers of what dies together run in the order in which the objects were made, however many
# collections some of them have seen.
import gc


class C:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n, end=" ")


for collect_between in (False, True):
    ring = []
    for n in range(8):
        c = C(n)
        c.ring = ring
        ring.append(c)
        if collect_between and n in (2, 3, 6):
            gc.collect()
    del c, ring
    gc.collect()
    print()
