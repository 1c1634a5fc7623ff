# Loops over strings and bytes, and what is asked of their items.
import sys


def count(text):
    n = 0
    for c in text:
        n += 1
    return n


def classes(text):
    r = [0] * 8
    for c in text:
        r[0] += c.isalpha()
        r[1] += c.isalnum()
        r[2] += c.isdigit()
        r[3] += c.isdecimal()
        r[4] += c.isnumeric()
        r[5] += c.isspace()
        if c.islower():
            r[6] += 1
        if c.isupper():
            r[7] += 1
    return r


def vowels(text):
    n = m = k = 0
    for c in text:
        if c in "aeiou":
            n += 1
        if c not in "é\u0101x":
            m += 1
        if c in "" or c in "abcdefghijklmnop":
            k += 1
    return n, m, k


def compared(text):
    n = [0] * 8
    for c in text:
        n[0] += c == "a"
        n[1] += c != "é"
        n[2] += "b" <= c <= "m"
        n[3] += c < "\u0100"
        n[4] += c == "ab"
        n[5] += c == ""
        n[6] += c > "zz"
        n[7] += c == 7
    return n


def pairs(text):
    n = 0
    for i in range(1, len(text)):
        if text[i] == text[i - 1]:
            n += i
        if text[-i] < text[i]:
            n -= 1
    return n


def codes(text):
    h = 0
    for c in text:
        h = (h * 31 + ord(c)) & 0xFFFFFFFF
    return h


def rotated(text):
    out = []
    for c in text:
        out.append(chr((ord(c) + 13) % 300))
    return "".join(out)


def numbered(text):
    s = 0
    for i, c in enumerate(text):
        if c == "o":
            s += i
    for a, b in zip(text, text[1:]):
        if a == b:
            s += 1
    for a, b, c in zip(text, range(len(text)), text.encode("utf-8")):
        s += (a == "l") * b + c
    return s


def byte_sum(data):
    s = 0
    for b in data:
        s = (s * 7 + b) % 1000003
    return s


ascii_text = "hello, World 42 aeiou xyz oo\t" * 12
latin = "caf\xe9 \xb2\xbd\xaa\xb5 \xc0\xdf\xd7\xa0 na\xefve" * 12
wide = "\u0430\u0431 \u0663 x1\u4e2d \u1e9e" * 12
wider = "a\U0001f600b\U00010400 9" * 12
for round in range(4):
    for text in (ascii_text, latin, "", "q", wide, ascii_text, wider, latin):
        print(count(text), classes(text), vowels(text), compared(text))
        print(pairs(text), codes(text), ascii(rotated(text)[:20]), numbered(text))
        print(byte_sum(text.encode("utf-8")), byte_sum(bytearray(text.encode("utf-8"))))


# Subclasses keep what they say themselves.
class Loud(str):
    def __iter__(self):
        return iter(str.upper(self))

    def __getitem__(self, i):
        return "!"


class Plain(str):
    pass


for text in (Loud("abc"), Plain("abc")) * 30:
    r = count(text), vowels(text), pairs(text), codes(text)
print(r, codes(Loud("abc")), pairs(Loud("abc")))


# What is left in an iterator when the loop is left.
def until(it, stop):
    for c in it:
        if c == stop:
            return c
    return None


for _ in range(60):
    it = iter("abcdefgh")
    b = iter(b"abcdefgh")
    r = until(it, "c"), list(it), until(it, "d"), until(b, 100), list(b), list(it)
print(r, type(it).__name__, type(iter("\u0100")).__name__)


def raises(text):
    seen = []
    try:
        for c in text:
            seen.append(10 // (ord(c) - 97))
    except ZeroDivisionError as e:
        seen.append(str(e))
    except TypeError as e:
        seen.append(type(e).__name__)
    return seen


for _ in range(60):
    r = raises("bcda") + raises(["b", "cc"])
print(r)


def out_of_range(text, i):
    try:
        return text[i]
    except IndexError as e:
        return str(e)


for i in range(-70, 70):
    r = out_of_range("abc\xe9", i % 9 - 4)
print(r, out_of_range("abc", 3), out_of_range("abc", -4), out_of_range("", 0))


def characters(limit):
    s = []
    for i in range(limit):
        s.append(chr(i))
    return "".join(s)


for _ in range(3):
    print(len(characters(600)), characters(300)[-3:] == "\u0129\u012a\u012b"[0:3])


def shared(n):
    # The string grows in place while it is walked.
    s = "ab"
    r = 0
    for i in range(n):
        for c in s:
            r += c == "b"
        s += "b"
    return r, len(s)


print(shared(60))


def locals_in_loop(text):
    for c in text:
        if c == "!":
            return sorted(sys._getframe().f_locals.items(), key=str)


for _ in range(60):
    r = locals_in_loop("ab!c")
print(r)


def kept(text):
    gens = []
    for c in text:
        gens.append(lambda c=c: c)
    return "".join(g() for g in gens)


for _ in range(60):
    r = kept("xyz")
print(r)

n = 0
for c in ascii_text * 20:
    if c == "o":
        n += 1
    elif c.isspace() or c in ",4":
        n += 1000
print(n)
n = 0
for b in ascii_text.encode() * 20:
    n ^= b * 3
print(n)
