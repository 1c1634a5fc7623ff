#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double element(long i, long j)
{
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

__attribute__((noinline)) static void times(const double *v, double *result, long n)
{
    for (long i = 0; i < n; i++) {
        double total = 0.0;
        for (long j = 0; j < n; j++)
            total += element(i, j) * v[j];
        result[i] = total;
    }
}

__attribute__((noinline)) static void times_transposed(const double *v, double *result, long n)
{
    for (long i = 0; i < n; i++) {
        double total = 0.0;
        for (long j = 0; j < n; j++)
            total += element(j, i) * v[j];
        result[i] = total;
    }
}

static double norm(long n, int rounds)
{
    double *u = malloc(n * sizeof *u), *v = malloc(n * sizeof *v), *t = malloc(n * sizeof *t);
    for (long i = 0; i < n; i++)
        u[i] = 1.0;
    for (int k = 0; k < rounds; k++) {
        times(u, t, n);
        times_transposed(t, v, n);
        times(v, t, n);
        times_transposed(t, u, n);
    }
    double uv = 0, vv = 0;
    for (long i = 0; i < n; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    return sqrt(uv / vv);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(void)
{
    double start = now();
    double value = norm(800, 10);
    printf("%.9f\n%.9f\n", now() - start, value);
}
