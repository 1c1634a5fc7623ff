# A signal that came before a collection is served before the callbacks that the collection leaves to run:
# what its handler raises within one of those would only be reported.
import signal
import weakref


class Node:
    pass


def interrupted(number, frame):
    order.append("signal")
    raise KeyboardInterrupt


signal.signal(signal.SIGALRM, interrupted)
lost = 0
for round in range(5):
    order = []
    node = Node()
    node.self = node
    watch = weakref.ref(node, lambda r: order.append("callback"))
    del node
    try:
        # It comes while a large object is made, and is due together with the collection.
        signal.setitimer(signal.ITIMER_REAL, 0.002)
        memory = b"xy" * 40_000_000
        while True:
            pass
    except KeyboardInterrupt:
        memory = None
    lost += order[0] != "signal"
print("lost", lost)
