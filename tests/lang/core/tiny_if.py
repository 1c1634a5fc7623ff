x = 5
if x > 10:
    print("big")
elif x > 3:
    print("mid")
else:
    print("small")
