print("%s %d %i" % ("a", 1, 2.7))
print("%5d|%-5d|%05d|%+d|% d" % (1, 2, 3, 4, 5))
print("%.2f %8.3f %-8.1f| %e %g %G" % (3.14159, 2.71828, 1.05, 12345.678, 0.00001, 1e20))
print("%x %X %#x %o %#o %c %c" % (255, 255, 255, 8, 8, 65, "z"))
print("%r %a %s" % ("é", "é", [1]))
print("%(a)s-%(b)03d" % {"a": "x", "b": 7})
print("%%|%5s|%-5s|%.2s" % ("ab", "cd", "efgh"))
print("%*d|%-*d|%.*f" % (5, 1, 4, 2, 1, 3.14159))
for f, a in [("%d", "x"), ("%s %s", (1,)), ("%s", (1, 2)), ("%q", 1), ("%(k)s", {}), ("%c", "ab")]:
    try:
        print(f % a)
    except Exception as e:
        print(type(e).__name__, e)
