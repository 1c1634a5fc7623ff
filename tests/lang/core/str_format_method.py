print("{} {}".format(1, "a"), "{0} {1} {0}".format("x", "y"), "{a}{b}".format(a=1, b=2))
print("{:5d}|{:<5}|{:>5}|{:^5}|{:*^7}".format(1, 2, 3, 4, "x"))
print("{:.2f} {:+.1f} {:e} {:g} {:%} {:.1%}".format(3.14159, 2.0, 1234.5, 1e-7, 0.25, 0.1234))
print("{:b} {:o} {:x} {:X} {:#b} {:#x} {:c} {:n}".format(10, 8, 255, 255, 5, 255, 65, 3))
print("{:,} {:_} {:,.2f} {:010.3f} {:=+6d}".format(1234567, 1234567, 9876.543, -3.14159, 5))
print("{0[1]} {0[0]} {1.real} {d[k]}".format([1, 2], 3, d={"k": "v"}))
print("{!r} {!s} {!a}".format("é", "é", "é"), "{{}}".format(), "{:{w}.{p}f}".format(3.14159, w=8, p=2))
for f in ["{} {}", "{a}", "{0", "}", "{:d}", "{!x}", "{0.foo}"]:
    try:
        print(f.format("s"))
    except Exception as e:
        print(type(e).__name__, e)
