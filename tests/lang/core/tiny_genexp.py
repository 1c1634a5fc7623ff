print(sum(i for i in range(5)))
