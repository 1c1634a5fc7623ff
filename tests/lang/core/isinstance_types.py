for v in [1, 1.5, "s", True, None, [1], (1,), {1: 2}, {1}, b"b", 1j, range(1), print, len, lambda: 0, type, int, Exception(), ...]:
    print(type(v).__name__)
print(type(1) is int, type(type), type(None)(), isinstance(None, type(None)), isinstance(1, int | str), int | None)
print(int, str, list, type(print), type(lambda: 0), type(NotImplemented), NotImplemented, ...)
print(int(), float(), str(), list(), tuple(), dict(), bool(), bytes(), complex(), frozenset())
print(complex(1, 2) * 1j, abs(3 + 4j), (1 + 2j).conjugate(), 1j ** 2)
