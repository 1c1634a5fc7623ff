#include <stdio.h>
#include <time.h>

__attribute__((noinline)) static long fannkuch(long n, long *most_flips)
{
    long permutation[16], count[16] = {0}, flipped[16];
    long most = 0, checksum = 0, index = 0, left = n;
    for (long i = 0; i < n; i++)
        permutation[i] = i;
    for (;;) {
        while (left != 1) {
            count[left - 1] = left;
            left--;
        }
        for (long i = 0; i < n; i++)
            flipped[i] = permutation[i];
        long flips = 0, k = flipped[0];
        while (k) {
            for (long i = 0; i < k; i++, k--) {
                long t = flipped[i];
                flipped[i] = flipped[k];
                flipped[k] = t;
            }
            flips++;
            k = flipped[0];
        }
        if (flips > most)
            most = flips;
        checksum += index & 1 ? -flips : flips;
        for (;;) {
            if (left == n) {
                *most_flips = most;
                return checksum;
            }
            long front = permutation[0];
            for (long i = 0; i < left; i++)
                permutation[i] = permutation[i + 1];
            permutation[left] = front;
            if (--count[left] > 0)
                break;
            left++;
        }
        index++;
    }
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(void)
{
    long most;
    double start = now();
    long checksum = fannkuch(10, &most);
    printf("%.9f\n%ld %ld\n", now() - start, checksum, most);
}
