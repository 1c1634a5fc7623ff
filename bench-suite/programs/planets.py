"""Gravity between bodies that are objects: attributes, methods, operators on vectors."""

import math


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def length(self):
        return math.sqrt(self.dot(self))


class Body:
    def __init__(self, name, mass, position, velocity):
        self.name = name
        self.mass = mass
        self.position = position
        self.velocity = velocity

    @property
    def kinetic(self):
        return 0.5 * self.mass * self.velocity.dot(self.velocity)


class System:
    def __init__(self, bodies):
        self.bodies = bodies

    def accelerate(self, step):
        bodies = self.bodies
        for index, one in enumerate(bodies):
            for other in bodies[index + 1:]:
                way = other.position - one.position
                distance = way.length()
                pull = way * (step / (distance * distance * distance))
                one.velocity = one.velocity + pull * other.mass
                other.velocity = other.velocity - pull * one.mass

    def move(self, step):
        for body in self.bodies:
            body.position = body.position + body.velocity * step

    def energy(self):
        total = 0.0
        for index, one in enumerate(self.bodies):
            total += one.kinetic
            for other in self.bodies[index + 1:]:
                total -= one.mass * other.mass / (one.position - other.position).length()
        return total


def run():
    bodies = [Body("sun", 1000.0, Vector(0.0, 0.0, 0.0), Vector(0.0, 0.0, 0.0))]
    for number in range(1, 8):
        radius = 4.0 * number
        speed = math.sqrt(1000.0 / radius)
        angle = number * 0.9
        bodies.append(Body(
            "planet %d" % number,
            0.01 * number,
            Vector(radius * math.cos(angle), radius * math.sin(angle), 0.05 * number),
            Vector(-speed * math.sin(angle), speed * math.cos(angle), 0.0),
        ))
    system = System(bodies)
    before = system.energy()
    for _ in range(5000):
        system.accelerate(0.0005)
        system.move(0.0005)
    after = system.energy()
    far = max(bodies, key=lambda body: body.position.length())
    return far.name, round(far.position.length(), 6), abs(after - before) < 1e-2 * abs(before), round(after, 6)


EXPECTED = ('planet 7', 28.001139, True, -8.749952)

if __name__ == "__main__":
    print(run())
