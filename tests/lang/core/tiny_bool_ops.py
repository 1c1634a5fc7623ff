print(1 and 2, 0 or 3, not 1, 1 < 2 < 3, 1 if 0 else 2)
