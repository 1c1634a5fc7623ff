#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct body { double x, y, z, vx, vy, vz, mass; };

static const struct body first[5] = {
    {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47},
    {4.84, -1.16, -0.10, 0.60, 2.81, -0.02, 0.037},
    {8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.011},
    {12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017},
    {15.37, -25.91, 0.17, 0.97, 0.59, -0.03, 0.002},
};

__attribute__((noinline)) static void advance(struct body *system, int n, int steps, double dt)
{
    for (int step = 0; step < steps; step++) {
        for (int i = 0; i < n; i++) {
            struct body *a = &system[i];
            for (int j = i + 1; j < n; j++) {
                struct body *b = &system[j];
                double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
                double d2 = dx * dx + dy * dy + dz * dz;
                double mag = dt / (d2 * sqrt(d2));
                double m = b->mass * mag;
                a->vx -= dx * m;
                a->vy -= dy * m;
                a->vz -= dz * m;
                m = a->mass * mag;
                b->vx += dx * m;
                b->vy += dy * m;
                b->vz += dz * m;
            }
        }
        for (int i = 0; i < n; i++) {
            system[i].x += dt * system[i].vx;
            system[i].y += dt * system[i].vy;
            system[i].z += dt * system[i].vz;
        }
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
    struct body system[5];
    memcpy(system, first, sizeof first);
    double start = now();
    advance(system, 5, 300000, 0.01);
    printf("%.9f\n", now() - start);
    double sum = 0;
    for (int i = 0; i < 5; i++)
        sum += system[i].x + system[i].y + system[i].z;
    printf("%.9f\n", sum);
}
