text = "the quick brown fox jumps over the lazy dog the end"
counts = {}
for w in text.split():
    counts[w] = counts.get(w, 0) + 1
print(sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:3])
print("".join(sorted(set(text) - {" "})))
def caesar(s, k):
    out = []
    for ch in s:
        if ch.isalpha():
            base = ord("a") if ch.islower() else ord("A")
            out.append(chr((ord(ch) - base + k) % 26 + base))
        else:
            out.append(ch)
    return "".join(out)
print(caesar("Hello, World!", 3), caesar(caesar("Hello", 5), -5))
def is_pal(s):
    s = [c.lower() for c in s if c.isalnum()]
    return s == s[::-1]
print(is_pal("A man, a plan, a canal: Panama"), is_pal("nope"))
print("".join(reversed("abc")), " ".join(w[::-1] for w in "ab cd".split()), text.title()[:9])
def rle(s):
    out, i = [], 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]: j += 1
        out.append(f"{s[i]}{j - i}"); i = j
    return "".join(out)
print(rle("aaabccdddd"))
