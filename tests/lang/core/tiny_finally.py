def f():
    try:
        return 1
    finally:
        print("fin")
print(f())
