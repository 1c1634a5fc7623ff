# In CPython every NaN is an object of its own, and containers look for identity first.
nan = float("nan")
print((nan,) == (nan,), nan in [nan], {nan: 1}[nan])
print((nan,) == (float("nan"),), float("nan") in [nan], len({float("nan"): 1, float("nan"): 2}))
print([nan].count(float("nan")), float("nan") is nan)
