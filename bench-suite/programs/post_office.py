"""A simulation with classes: customers, counters and events in a post office."""

import heapq
import random
from dataclasses import dataclass, field


@dataclass(order=True)
class Event:
    time: float
    number: int
    action: object = field(compare=False)


class Customer:
    def __init__(self, number, arrived, patience):
        self.number = number
        self.arrived = arrived
        self.patience = patience
        self.served_at = None

    def wait(self, now):
        return now - self.arrived


class HurriedCustomer(Customer):
    def wait(self, now):
        return 1.5 * super().wait(now)


class Counter:
    def __init__(self, office, speed):
        self.office = office
        self.speed = speed
        self.customer = None
        self.busy = 0.0

    def take(self, customer, now):
        self.customer = customer
        customer.served_at = now
        duration = self.speed * (0.5 + self.office.rng.random())
        self.busy += duration
        self.office.after(duration, self.finish)

    def finish(self):
        self.office.served.append(self.customer)
        self.customer = None
        self.office.assign()


class PostOffice:
    def __init__(self, counters, rng):
        self.rng = rng
        self.now = 0.0
        self.events = []
        self.serial = 0
        self.queue = []
        self.served = []
        self.left = 0
        self.counters = [Counter(self, 1.0 + 0.3 * n) for n in range(counters)]

    def after(self, delay, action):
        self.serial += 1
        heapq.heappush(self.events, Event(self.now + delay, self.serial, action))

    def arrive(self):
        kind = HurriedCustomer if self.serial % 3 == 0 else Customer
        self.queue.append(kind(self.serial, self.now, 4.0 + 4.0 * self.rng.random()))
        self.after(0.5 * self.rng.random(), self.arrive)
        self.assign()

    def assign(self):
        for counter in self.counters:
            if counter.customer is None and self.queue:
                counter.take(self.queue.pop(0), self.now)
        patient = [c for c in self.queue if c.wait(self.now) <= c.patience]
        self.left += len(self.queue) - len(patient)
        self.queue = patient

    def run(self, until):
        self.after(0.0, self.arrive)
        while self.events and self.events[0].time < until:
            event = heapq.heappop(self.events)
            self.now = event.time
            event.action()


def run():
    office = PostOffice(4, random.Random(31))
    office.run(6000.0)
    waits = [customer.served_at - customer.arrived for customer in office.served]
    busy = [round(counter.busy, 6) for counter in office.counters]
    return len(office.served), office.left, round(sum(waits) / len(waits), 9), round(max(waits), 9), busy


EXPECTED = (17493, 6418, 4.298254934, 6.51314759, [6000.373716, 6001.342174, 6001.266037, 6001.018376])

if __name__ == "__main__":
    print(run())
