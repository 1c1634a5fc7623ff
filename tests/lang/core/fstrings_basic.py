x, name, pi = 42, "world", 3.14159
print(f"hello {name}", f"{x}", f"{x + 1} {x * 2}", f"{{literal}}")
print(f"{pi:.2f}|{x:5}|{x:<5}|{x:05d}|{name:>8}|{name!r}|{x:#x}")
print(f"{x=} {name=} {pi=:.1f} { x = }")
print(f"{'nested'} {[i for i in range(3)]} {(lambda: 5)()}")
print(f"{x:{'>'}{8}}|{pi:{8}.{3}}")
print(f"{'a' if x else 'b'} {x!s:>5} {{{x}}}")
print(f"multi {
    x
    + 1
} line", f"{"same quotes"}", f'{", ".join(["a", "b"])}')
print(f"{f"{f"{x}"}"}", f"a" "b" f"{x}", rf"\n{x}")
