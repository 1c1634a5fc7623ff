# A finalizer that makes one more object of its kind must not keep the program from going on.
import gc
class Again:
    made = 0
    def __del__(self):
        Again.made += 1
        if Again.made < 50: Again()
        gc.collect()
Again()
for _ in range(100): gc.collect()
print(Again.made)
