n = 0
while n < 5:
    if n == 2:
        n += 1
        continue
    elif n == 4:
        print("four")
    else:
        print(n)
    n += 1
else:
    print("done")
while True:
    n -= 1
    if n < 0:
        break
else:
    print("never")
print(n)
i = 3
while i:
    i -= 1
    j = 2
    while j:
        j -= 1
        if i == 1:
            break
        print(i, j)
    else:
        print("inner done", i)
