class A:
    n = 1
a = A()
A.n = 2
print(a.n)
a.n = 3
print(a.n, A.n)
