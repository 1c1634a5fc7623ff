"""Matrix kernels on lists of floats: product, elimination with pivots, power iteration."""

import random


def product(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def solve(matrix, right):
    n = len(matrix)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        top = rows[k]
        for i in range(k + 1, n):
            row = rows[i]
            factor = row[k] / top[k]
            if factor:
                for j in range(k, n + 1):
                    row[j] -= factor * top[j]
    solution = [0.0] * n
    for i in range(n - 1, -1, -1):
        rest = rows[i][n]
        for j in range(i + 1, n):
            rest -= rows[i][j] * solution[j]
        solution[i] = rest / rows[i][i]
    return solution


def largest_eigenvalue(matrix, steps):
    vector = [1.0] * len(matrix)
    norm = 1.0
    for _ in range(steps):
        image = []
        for row in matrix:
            total = 0.0
            for x, y in zip(row, vector):
                total += x * y
            image.append(total)
        norm = max(map(abs, image))
        vector = [x / norm for x in image]
    return norm


def run():
    rng = random.Random(29)
    n = 160
    a = [[rng.random() - 0.5 for _ in range(n)] for _ in range(n)]
    b = [[rng.random() - 0.5 for _ in range(n)] for _ in range(n)]
    c = product(a, b)
    right = [rng.random() for _ in range(n)]
    solution = solve(a, right)
    error = max(abs(sum(x * y for x, y in zip(row, solution)) - value) for row, value in zip(a, right))
    trace = 0.0
    for i in range(n):
        trace += c[i][i]
    positive = [[abs(x) for x in row] for row in a]
    return round(trace, 9), round(solution[5], 6), error < 1e-9, round(largest_eigenvalue(positive, 60), 9)


EXPECTED = (-2.322401947, -0.132853, True, 40.083693347)

if __name__ == "__main__":
    print(run())
