# Primes by Eratosthenes, a byte a number, and a count of what is left.
from time import thread_time


def sieve(n):
    composite = bytearray(n + 1)
    i = 2
    while i * i <= n:
        if not composite[i]:
            for j in range(i * i, n + 1, i):
                composite[j] = 1
        i += 1
    count = 0
    for i in range(2, n + 1):
        if not composite[i]:
            count += 1
    return count


sieve(100000)
start = thread_time()
for _ in range(4):
    count = sieve(5000000)
print(thread_time() - start)
print(count)
