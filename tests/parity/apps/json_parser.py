class ParseError(ValueError): pass
class Parser:
    ESC = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
    def __init__(self, s): self.s, self.i, self.n = s, 0, len(s)
    def ws(self):
        while self.i < self.n and self.s[self.i] in " \t\r\n": self.i += 1
    def fail(self, m): raise ParseError(f"{m} at {self.i}")
    def value(self):
        self.ws()
        if self.i >= self.n: self.fail("unexpected end")
        c = self.s[self.i]
        if c == "{": return self.obj()
        if c == "[": return self.arr()
        if c == '"': return self.string()
        for k, v in (("true", True), ("false", False), ("null", None)):
            if self.s.startswith(k, self.i): self.i += len(k); return v
        return self.number()
    def number(self):
        j = self.i
        while self.i < self.n and self.s[self.i] in "+-0123456789.eE": self.i += 1
        t = self.s[j:self.i]
        try: return float(t) if any(c in t for c in ".eE") else int(t)
        except ValueError: self.i = j; self.fail(f"bad number {t!r}")
    def string(self):
        self.i += 1; out = []
        while True:
            if self.i >= self.n: self.fail("unterminated string")
            c = self.s[self.i]; self.i += 1
            if c == '"': return "".join(out)
            if c == "\\":
                e = self.s[self.i]; self.i += 1
                if e == "u": out.append(chr(int(self.s[self.i:self.i + 4], 16))); self.i += 4
                elif e in self.ESC: out.append(self.ESC[e])
                else: self.fail(f"bad escape {e!r}")
            else: out.append(c)
    def arr(self):
        self.i += 1; out = []; self.ws()
        if self.s[self.i:self.i + 1] == "]": self.i += 1; return out
        while True:
            out.append(self.value()); self.ws()
            c = self.s[self.i:self.i + 1]; self.i += 1
            if c == "]": return out
            if c != ",": self.fail("expected , or ]")
    def obj(self):
        self.i += 1; out = {}; self.ws()
        if self.s[self.i:self.i + 1] == "}": self.i += 1; return out
        while True:
            self.ws()
            if self.s[self.i:self.i + 1] != '"': self.fail("expected key")
            k = self.string(); self.ws()
            if self.s[self.i:self.i + 1] != ":": self.fail("expected :")
            self.i += 1; out[k] = self.value(); self.ws()
            c = self.s[self.i:self.i + 1]; self.i += 1
            if c == "}": return out
            if c != ",": self.fail("expected , or }")
def dump(v, ind=0):
    if isinstance(v, dict): return "{" + ", ".join(f'"{k}": {dump(x)}' for k, x in v.items()) + "}"
    if isinstance(v, list): return "[" + ", ".join(map(dump, v)) + "]"
    if isinstance(v, str): return '"' + v.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return {True: "true", False: "false", None: "null"}[v] if v is None or v is True or v is False else repr(v)
doc = '{"name": "x\\u00e9\\n", "list": [1, -2.5, 3e3, true, false, null, []], "nested": {"a": {"b": [{"c": {}}]}}}'
for s in [doc, "[1, 2", '{"a" 1}', '{"a": }', "[1 2]", '"abc', "tru", "1.2.3", '"\\q"', "", "[]", " 5 "]:
    try: v = Parser(s).value(); print(dump(v), Parser(dump(v)).value() == v)
    except ParseError as e: print("error:", e)
big = "[" + ",".join(doc for _ in range(200)) + "]"
r = Parser(big).value(); print(len(r), sum(x["list"][0] for x in r), len(dump(r)))
