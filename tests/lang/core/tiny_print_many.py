print(1, 2.5, "s", True, None)
