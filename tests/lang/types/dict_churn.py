# Keys come and go at the end of a dict: a missing key is still found missing.
def churn(kept, rounds):
    d = {("kept", n): n for n in range(kept)}
    for n in range(rounds):
        assert n not in d
        d[n] = str(n)
        assert n in d and -1 - n not in d
        if n % 3:
            del d[n]
        else:
            assert d.popitem() == (n, str(n))
    return list(d.items())


for kept in (0, 1, 4, 5, 6, 20, 100):
    print(kept, churn(kept, 1000)[-2:])

d = dict.fromkeys(range(300))
while d:
    d.popitem()
    d["x"] = 1
    del d["x"]
print(d, "x" in d)

import json
print(len(json.dumps({"k%d" % n: [n, 2.5] for n in range(40)})))
