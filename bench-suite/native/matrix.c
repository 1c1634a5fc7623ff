#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Rows of their own, as lists of lists are. */
static double **made(long n, long seed)
{
    double **rows = malloc(n * sizeof *rows);
    for (long i = 0; i < n; i++) {
        rows[i] = malloc(n * sizeof **rows);
        for (long j = 0; j < n; j++)
            rows[i][j] = (i * seed + j * 7) % 13 / 4.0;
    }
    return rows;
}

__attribute__((noinline)) static double **product(double **a, double **b, long n)
{
    double **result = malloc(n * sizeof *result);
    for (long i = 0; i < n; i++) {
        result[i] = malloc(n * sizeof **result);
        for (long j = 0; j < n; j++) {
            double total = 0.0;
            for (long k = 0; k < n; k++)
                total += a[i][k] * b[k][j];
            result[i][j] = total;
        }
    }
    return result;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(void)
{
    double **a = made(320, 3), **b = made(320, 5);
    double start = now();
    double **c = product(a, b, 320);
    printf("%.9f\n", now() - start);
    double trace = 0;
    for (long i = 0; i < 320; i++)
        trace += c[i][i];
    printf("%.9f\n", trace);
}
