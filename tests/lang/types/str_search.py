s = "abcabcabc"
for f in ["find", "rfind", "index", "rindex", "count"]:
    m = getattr(s, f)
    for a in [("abc",), ("abc", 1), ("abc", 1, 5), ("",), ("", 9), ("", 10), ("c", -1), ("zz",), ("abc", -3, None), ("a", None, 2), ("cab", 0, 100)]:
        try: print(f, a, m(*a))
        except ValueError as e: print(f, a, e)
print("".find(""), "".count(""), "aaa".count("aa"), "aaa".replace("", "-"), "aaa".replace("a", "b", 2), "aaa".replace("aa", "b"), "abc".replace("x", ""), "".replace("", "x"))
print("abc".startswith(("x", "ab")), "abc".startswith("b", 1), "abc".startswith("", 3), "abc".startswith("", 4), "abc".endswith("bc", 0, 3), "abc".endswith(""), "abc".startswith(()))
print("prefix_x".removeprefix("prefix_"), "x.py".removesuffix(".py"), "x".removesuffix(""), "abc".removeprefix("z"))
print("日本語日本".find("日", 1), "a😀b😀".rfind("😀"), "é" in "café", "x" * 1000 + "y" in "x" * 2000, ("ab" * 500).find("ba" * 3 + "a"), ("x" * 5000 + "needle").find("needle"))
