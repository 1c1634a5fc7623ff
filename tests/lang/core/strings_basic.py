s = "hello"
print(s, len(s), s[0], s[-1], s[1:3], s[::-1], s + " world", s * 2)
print(s.upper(), s.title(), s.capitalize(), "ABC".lower(), "aB".swapcase())
print(s.find("l"), s.rfind("l"), s.find("z"), s.index("e"), s.count("l"))
print(s.replace("l", "L"), s.replace("l", "L", 1), s.startswith("he"), s.endswith(("x", "lo")))
print(" a b  c ".split(), "a,b,,c".split(","), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1))
print("-".join(["a", "b"]), "".join([]), "  x ".strip() + "|", "xxaxx".strip("x"), "  l".lstrip(), "r  ".rstrip() + "|")
print("a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("z"))
print("l1\nl2\r\nl3".splitlines(), "l1\nl2\n".splitlines(True))
print("5".zfill(3), "-5".zfill(4), "a".center(5, "*"), "a".ljust(3) + "|", "a".rjust(3))
print("123".isdigit(), "abc".isalpha(), "a1".isalnum(), " ".isspace(), "Ab".isupper(), "ab".islower(), "Title Case".istitle())
print(ord("a"), chr(98), ord("é"), chr(0x1F600), len("é😀"))
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("\n\t\\\x00\x7fé\u200b"))
print("a" "b" 'c', r"\n", """multi
line""")
for c in "héy":
    print(c, end=",")
print()
print("abc" < "abd", max("hello"), min("hello"), sorted("hello"), list("abc"))
try:
    "abc"[5]
except IndexError as e:
    print(e)
try:
    "a" + 1
except TypeError as e:
    print(e)
try:
    "abc".index("z")
except ValueError as e:
    print(e)
x = ""
for i in range(1000):
    x += str(i % 10)
print(len(x), x[-3:])
