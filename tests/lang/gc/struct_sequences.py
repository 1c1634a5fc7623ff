# Struct sequences with hidden fields have a dict word behind their items, and nothing more.
import os
import time

kept = []
for i in range(2000):
    t = time.struct_time((1, 2, 3, 4, 5, 6, 0, 7, -1, "zone", 60))
    s = os.stat("/")
    if i % 100 == 0:
        kept.append((t, s, [i]))
print(len(kept), all(t.tm_zone == "zone" and t.tm_gmtoff == 60 and n == [k * 100] for k, (t, s, n) in enumerate(kept)))
print(len({s.st_mtime_ns for t, s, n in kept}), kept[3][0][:3])
