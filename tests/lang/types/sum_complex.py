z = [complex(i, -i) / 10 for i in range(-30, 90)]
print(sum(z), sum(z, 1), sum(z, 2.5), sum([1, 2.5, 1j, 3]))
print(sum([0.1j] * 10), sum([1e100j, 1j, -1e100j]))
