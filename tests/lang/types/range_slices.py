# Slices of ranges: bounds of any sign and size, empty ranges, steps, objects with __index__.
rs=[range(0),range(5),range(10,0,-3),range(-5,20,4),range(3,3),range(2**61,2**61+5),range(-2**61,2**61),range(2**70,2**70+3)]
ix=[None,0,1,2,3,-1,-2,-100,100,5,2**65,-2**65,True]
for r in rs:
    for a in ix:
        for b in ix:
            print(r[a:b], end=" ")
    print()
class R:
    def __index__(self): return 2
print(range(9)[R():], range(9)[:R()])
