#include <stdio.h>
#include <stdlib.h>
#include <time.h>

__attribute__((noinline)) static long sieve(long n)
{
    unsigned char *composite = calloc(n + 1, 1);
    for (long i = 2; i * i <= n; i++)
        if (!composite[i])
            for (long j = i * i; j <= n; j += i)
                composite[j] = 1;
    long count = 0;
    for (long i = 2; i <= n; i++)
        if (!composite[i])
            count++;
    free(composite);
    return count;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(void)
{
    long count = 0;
    double start = now();
    for (int k = 0; k < 4; k++)
        count = sieve(5000000);
    printf("%.9f\n%ld\n", now() - start, count);
}
