# The product of two matrices, lists of rows.
from time import thread_time


def product(a, b):
    n, m, p = len(a), len(b), len(b[0])
    result = []
    for i in range(n):
        row = a[i]
        line = []
        for j in range(p):
            total = 0.0
            for k in range(m):
                total += row[k] * b[k][j]
            line.append(total)
        result.append(line)
    return result


def made(n, seed):
    return [[(i * seed + j * 7) % 13 / 4.0 for j in range(n)] for i in range(n)]


product(made(40, 3), made(40, 5))
a, b = made(320, 3), made(320, 5)
start = thread_time()
c = product(a, b)
print(thread_time() - start)
print("%.9f" % sum(c[i][i] for i in range(320)))
