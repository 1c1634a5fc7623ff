for s in ["hello World", "ßtraße", "ǆ", "İ", "ﬁ", "Σας", "ΑΣ", "éÀ", "", "123abc", "they're bill's", "日本", "ŉ"]:
    print(ascii(s), *[ascii(f()) for f in (s.upper, s.lower, s.title, s.capitalize, s.swapcase, s.casefold)])
for s in ["", "a", "A", "aA", "1", "²", "½", "٣", " ", "\t\n", "\xa0", "_a1", "1a", "def", "é", "Ⅷ", "\u200b", "Aa", "A1", "a b"]:
    print(ascii(s), *[int(f()) for f in (s.isalpha, s.isdigit, s.isdecimal, s.isnumeric, s.isalnum, s.isspace, s.isupper, s.islower, s.istitle, s.isidentifier, s.isprintable, s.isascii)])
