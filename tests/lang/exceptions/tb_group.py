# expect: failure
def leaf(): raise KeyError("leaf")
excs = []
for f in (leaf, lambda: 1 / 0):
    try: f()
    except Exception as e: e.add_note("a note"); excs.append(e)
raise ExceptionGroup("several", excs + [ExceptionGroup("inner", [ValueError("v"), TypeError("t")])])
