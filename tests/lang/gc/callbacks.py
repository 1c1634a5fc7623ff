import gc
seen = []
def listen(phase, info):
    seen.append((phase, info["generation"], "collected" in info, info["uncollectable"]))
gc.callbacks.append(listen)
gc.collect(); gc.collect(0)
gc.callbacks.remove(listen)
gc.collect()
print(seen)
