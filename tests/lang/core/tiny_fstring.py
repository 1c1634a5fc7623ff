x = 5
print(f"x is {x} and {x + 1}")
