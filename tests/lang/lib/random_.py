import random
r = random.Random(42)
print([r.random() for _ in range(3)], [r.randint(1, 100) for _ in range(5)], r.choice("abc"), r.sample(range(100), 5), r.uniform(1, 2), r.randrange(0, 100, 7), r.getrandbits(70), r.gauss(0, 1), r.shuffle(l := list(range(8))), l, r.choices("abc", k=4), r.choices([1, 2], weights=[1, 9], k=5), r.randbytes(4), r.triangular(), r.betavariate(1, 2), r.expovariate(1), r.normalvariate(), r.lognormvariate(0, 1), r.vonmisesvariate(0, 1), r.gammavariate(2, 1), r.paretovariate(1), r.weibullvariate(1, 1), r.binomialvariate(10, .5))
st = r.getstate(); x = r.random(); r.setstate(st); print(x == r.random(), len(st[1]))
for s in (0, 1, -1, 2 ** 70, 1.5, "seed", b"seed", None and 0 or 5): r.seed(s); print(s, r.random(), r.getrandbits(32), r.randrange(10 ** 20))
random.seed(7); print(random.random(), random.randint(0, 9), random.choice([1, 2, 3]))
for t in ["r.choice([])", "r.randint(5, 1)", "r.randrange(0)", "r.randrange(1.5)", "r.sample([1], 2)", "r.sample({1, 2}, 1)", "r.getrandbits(-1)", "r.seed([])", "r.choices([1], weights=[0])", "r.choices([], k=1)", "r.randrange(1, 2, 0)", "r.shuffle((1, 2))"]:
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e)
