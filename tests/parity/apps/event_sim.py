import heapq, random, functools, collections, dataclasses, enum
class Kind(enum.Enum): ARRIVE = "arrive"; START = "start"; DONE = "done"
@dataclasses.dataclass(order=True)
class Event: time: float; seq: int; kind: Kind = dataclasses.field(compare=False); who: int = dataclasses.field(compare=False)
class Sim:
    def __init__(self, servers, seed): self.q, self.seq, self.free, self.wait, self.rng, self.stats, self.log = [], 0, servers, collections.deque(), random.Random(seed), collections.defaultdict(list), []
    def at(self, t, k, w): self.seq += 1; heapq.heappush(self.q, Event(t, self.seq, k, w))
    @functools.singledispatchmethod
    def note(self, x): self.log.append(str(x))
    @note.register
    def _(self, x: float): self.log.append(f"{x:.3f}")
    def run(self, n):
        t = 0.0
        for i in range(n): t += self.rng.expovariate(1.0); self.at(t, Kind.ARRIVE, i)
        arrived = {}
        while self.q:
            e = heapq.heappop(self.q)
            match e:
                case Event(kind=Kind.ARRIVE, who=w, time=t):
                    arrived[w] = t; self.wait.append(w)
                    if self.free: self.at(t, Kind.START, w)
                case Event(kind=Kind.START, time=t) if self.free and self.wait:
                    w = self.wait.popleft(); self.free -= 1; self.stats["wait"].append(t - arrived[w]); self.at(t + self.rng.uniform(.5, 2.5), Kind.DONE, w)
                case Event(kind=Kind.DONE, time=t, who=w):
                    self.free += 1; self.stats["total"].append(t - arrived[w])
                    if self.wait: self.at(t, Kind.START, -1)
            if e.seq % 97 == 0: self.note(e.time)
        return self
for servers, seed in [(1, 1), (2, 2), (3, 3)]:
    s = Sim(servers, seed).run(300); w = s.stats["wait"]
    print(servers, len(w), round(sum(w) / len(w), 9), round(max(w), 9), round(sum(s.stats["total"]), 9), s.log[:3], s.free, len(s.wait))
