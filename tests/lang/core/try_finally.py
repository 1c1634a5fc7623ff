log = []
def f(mode):
    for i in range(3):
        try:
            log.append(("try", i))
            if mode == "break" and i == 1: break
            if mode == "continue" and i == 1: continue
            if mode == "return" and i == 1: return "returned"
            if mode == "raise" and i == 1: raise ValueError("v")
            log.append(("end", i))
        finally:
            log.append(("fin", i))
    return "end"
for mode in ["none", "break", "continue", "return", "raise"]:
    log.clear()
    try:
        r = f(mode)
    except ValueError as e:
        r = "raised " + str(e)
    print(mode, r, log)
def override():
    try:
        raise ValueError
    finally:
        try:
            pass
        finally:
            pass
try:
    override()
except ValueError:
    print("still raised")
def nested():
    try:
        try:
            1 / 0
        finally:
            print("inner finally")
    except ZeroDivisionError:
        print("handler")
        try:
            return "value"
        finally:
            print("f2")
    finally:
        print("f3")
print(nested())
def gen():
    try:
        yield 1
        yield 2
    finally:
        print("gen closed")
it = gen()
for x in it:
    print(x)
    break
it.close()
g = gen(); next(g); g.close()
def loop():
    n = 0
    while True:
        try:
            n += 1
            if n < 3: continue
            return n
        except Exception: pass
        finally: n += 10
print(loop())
