# Ints and floats compare exactly, also where an int becomes the float beside it.
def same(xs, ys):
    n = 0
    for x in xs:
        for y in ys:
            n = (n * 3 + (x == y) + 2 * (x < y) + 4 * (x >= y)) % 1000003
    return n

near = 2**53
xs = [1, 2.5, near - 1, near, near + 1, float(near), -near - 1, -float(near), 7] * 50
ys = [float(near), 3, near + 1, -near, -near - 1, -float(near), 0.5] * 50
print(same(xs, ys))

def count(xs, y):
    n = 0
    for x in xs:
        if x == y:
            n += 1
        if x > y:
            n += 100000
    return n

print(count([near + 1, 1.5] * 9000, float(near)), count([-near - 1, 1.5] * 9000, -float(near)))
