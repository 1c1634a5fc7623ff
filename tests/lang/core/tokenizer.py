class ParseError(Exception): pass
def tokens(s):
    i = 0
    while i < len(s):
        c = s[i]
        if c.isspace(): i += 1
        elif c.isdigit():
            j = i
            while j < len(s) and (s[j].isdigit() or s[j] == "."): j += 1
            yield "num", float(s[i:j]) if "." in s[i:j] else int(s[i:j])
            i = j
        elif c in "+-*/()^": yield "op", c; i += 1
        else: raise ParseError(f"bad char {c!r} at {i}")
    yield "end", None
class Parser:
    prec = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
    def __init__(self, s): self.t = list(tokens(s)); self.i = 0
    def peek(self): return self.t[self.i]
    def next(self): self.i += 1; return self.t[self.i - 1]
    def atom(self):
        k, v = self.next()
        if k == "num": return v
        if v == "-": return -self.expr(3)
        if v == "(":
            r = self.expr(0)
            if self.next()[1] != ")": raise ParseError("expected )")
            return r
        raise ParseError(f"unexpected {v!r}")
    def expr(self, p):
        l = self.atom()
        while self.peek()[0] == "op" and self.prec.get(self.peek()[1], -1) > p:
            op = self.next()[1]
            r = self.expr(self.prec[op] - (op == "^"))
            l = {"+": lambda: l + r, "-": lambda: l - r, "*": lambda: l * r, "/": lambda: l / r, "^": lambda: l ** r}[op]()
        return l
for s in ["1 + 2 * 3", "(1+2)*3", "2^3^2", "-4 + 10 / 4", "1.5 * (2 - 3)", "1 $ 2", "(1", "*", "1/0"]:
    try: print(s, "=", Parser(s).expr(0))
    except (ParseError, ZeroDivisionError) as e: print(s, "->", type(e).__name__, e)
