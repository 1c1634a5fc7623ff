# Struct sequences with hidden fields keep them in a dict of their own, inside their cell.
import gc
import os
import time

keep = []
for i in range(2000):
    keep.append(("x" * (i % 60) + str(i)).encode().decode())
    t = time.gmtime(i)
    keep.append(t)
    keep.append(os.stat("."))
    if i % 500 == 0:
        gc.collect()
print(all(k.tm_gmtoff == 0 and len(k.tm_zone) == 3 for k in keep[1::3]))
print(all(k.st_mtime_ns > 0 for k in keep[2::3]))
print(sum(len(k) for k in keep[::3]))
gc.collect()
print(len(keep))
