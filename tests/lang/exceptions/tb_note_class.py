# expect: failure
class Outer:
    class MyError(Exception):
        def __str__(self): return "custom text"
e = Outer.MyError("ignored"); e.add_note("first note"); e.add_note("second\nnote")
raise e from OSError(2, "No such file", "name.txt")
