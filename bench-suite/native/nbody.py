# Five bodies that attract one another, as objects' attributes.
from time import thread_time


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx, vy, vz
        self.mass = mass


def bodies():
    return [
        Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47),
        Body(4.84, -1.16, -0.10, 0.60, 2.81, -0.02, 0.037),
        Body(8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.011),
        Body(12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017),
        Body(15.37, -25.91, 0.17, 0.97, 0.59, -0.03, 0.002),
    ]


def advance(system, steps, dt):
    n = len(system)
    for _ in range(steps):
        for i in range(n):
            a = system[i]
            for j in range(i + 1, n):
                b = system[j]
                dx = a.x - b.x
                dy = a.y - b.y
                dz = a.z - b.z
                d2 = dx * dx + dy * dy + dz * dz
                mag = dt / (d2 * d2 ** 0.5)
                m = b.mass * mag
                a.vx -= dx * m
                a.vy -= dy * m
                a.vz -= dz * m
                m = a.mass * mag
                b.vx += dx * m
                b.vy += dy * m
                b.vz += dz * m
        for a in system:
            a.x += dt * a.vx
            a.y += dt * a.vy
            a.z += dt * a.vz


advance(bodies(), 2000, 0.01)
system = bodies()
start = thread_time()
advance(system, 300000, 0.01)
print(thread_time() - start)
print("%.9f" % sum(b.x + b.y + b.z for b in system))
