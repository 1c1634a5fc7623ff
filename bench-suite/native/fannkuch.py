# Pancakes: the most flips over all permutations of n, and a checksum.
from time import thread_time


def fannkuch(n):
    permutation = list(range(n))
    count = [0] * n
    flipped = [0] * n
    most = checksum = index = 0
    left = n
    while True:
        while left != 1:
            count[left - 1] = left
            left -= 1
        for i in range(n):
            flipped[i] = permutation[i]
        flips = 0
        k = flipped[0]
        while k:
            i = 0
            while i < k:
                flipped[i], flipped[k] = flipped[k], flipped[i]
                i += 1
                k -= 1
            flips += 1
            k = flipped[0]
        if flips > most:
            most = flips
        checksum += -flips if index & 1 else flips
        while True:
            if left == n:
                return checksum, most
            front = permutation[0]
            for i in range(left):
                permutation[i] = permutation[i + 1]
            permutation[left] = front
            count[left] -= 1
            if count[left] > 0:
                break
            left += 1
        index += 1


fannkuch(7)
start = thread_time()
checksum, most = fannkuch(10)
print(thread_time() - start)
print(checksum, most)
