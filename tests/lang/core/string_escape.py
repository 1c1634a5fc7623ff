for s in ["\a\b\f\v\0", "\x41\u0042\U00000043", "\101\60", "a\
b", r"\x41\n", "tab\there", '\'"', "\\", "\N{BULLET}", "é", "日本", "\ud800", "\U0010ffff", "\xad", "\x85", "\xa0", "\u2028"]:
    print(ascii(s), len(s), [hex(ord(c)) for c in s][:4])
print(repr("'"), repr('"'), repr("'\""), repr("\x1b[0m"), repr(b"'\"\x80\n"))
print('''triple 'quotes' "inside"''', """a
  b""")
print(repr("\xa0\xad\u200b\u3000\U0001F600"), str("x"), "%r" % "\t")
