# What is alive at the end is finalized: objects of the module, cycles, suspended generators.
import atexit
class C:
    def __init__(self, name): self.name = name
    def __del__(self): print("del", self.name)
def g():
    try: yield
    finally: print("closed")
a = C("a")
running = g()
next(running)
cycle = [C("cycle")]
cycle.append(cycle)
atexit.register(print, "atexit")
del a
import gc
gc.collect()
print("end")
