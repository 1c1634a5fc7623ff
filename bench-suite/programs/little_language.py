"""Parsing: a tokenizer, a parser by recursive descent, an evaluator for a small language."""

import re

SOURCE = """
let limit = 160;
let total = 0;
let n = 2;
while n < limit {
    let d = 2;
    let prime = 1;
    while d * d <= n {
        if n % d == 0 { prime = 0; d = n; } else { d = d + 1; }
    }
    if prime { total = total + n * (n - 1) / 2; }
    n = n + 1;
}
let fib = fn(k) { if k < 2 { return k; } return fib(k - 1) + fib(k - 2); };
print total;
print fib(14);
"""

TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_]\w*)|(<=|>=|==|!=|[-+*/%<>=(){};,]))")
LEVELS = [("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%")]


def tokens(source):
    position = 0
    source = source.rstrip()
    while position < len(source):
        match = TOKEN.match(source, position)
        if match is None:
            raise SyntaxError("at %d" % position)
        position = match.end()
        yield ("number", "name", "sign")[match.lastindex - 1], match.group(match.lastindex)
    yield "end", ""


class Parser:
    def __init__(self, source):
        self.tokens = list(tokens(source))
        self.at = 0

    def take(self, text=None):
        token = self.tokens[self.at]
        if text is not None and token[1] != text:
            raise SyntaxError("expected %s, not %s" % (text, token[1]))
        self.at += 1
        return token

    def sees(self, text):
        return self.tokens[self.at][1] == text

    def program(self, closing=""):
        statements = []
        while not self.sees(closing):
            statements.append(self.statement())
        return statements

    def block(self):
        self.take("{")
        statements = self.program("}")
        self.take("}")
        return statements

    def statement(self):
        kind, text = self.take()
        if text == "while":
            return "while", self.expression(), self.block()
        if text == "if":
            condition, then = self.expression(), self.block()
            otherwise = []
            if self.sees("else"):
                self.take()
                otherwise = self.block()
            return "if", condition, then, otherwise
        if text in ("print", "return"):
            value = self.expression()
            self.take(";")
            return text, value
        declared = text == "let"
        if declared:
            kind, text = self.take()
        if kind != "name":
            raise SyntaxError("expected a name, not " + text)
        self.take("=")
        value = self.expression()
        self.take(";")
        return "let" if declared else "set", text, value

    def expression(self, level=0):
        if level == len(LEVELS):
            return self.primary()
        left = self.expression(level + 1)
        while self.tokens[self.at][1] in LEVELS[level]:
            sign = self.take()[1]
            left = "binary", sign, left, self.expression(level + 1)
        return left

    def primary(self):
        kind, text = self.take()
        if kind == "number":
            return "number", int(text)
        if text == "(":
            value = self.expression()
            self.take(")")
            return value
        if text == "fn":
            self.take("(")
            parameter = self.take()[1]
            self.take(")")
            return "function", parameter, self.block()
        if self.sees("("):
            self.take()
            argument = self.expression()
            self.take(")")
            return "call", text, argument
        return "name", text


class Returned(Exception):
    def __init__(self, value):
        self.value = value


class Scope:
    def __init__(self, parent=None):
        self.names = {}
        self.parent = parent

    def find(self, name):
        scope = self
        while scope is not None:
            if name in scope.names:
                return scope
            scope = scope.parent
        raise NameError(name)


class Machine:
    def __init__(self):
        self.output = []

    def execute(self, statements, scope):
        for statement in statements:
            getattr(self, "do_" + statement[0])(scope, *statement[1:])

    def do_let(self, scope, name, value):
        scope.names[name] = self.evaluate(value, scope)

    def do_set(self, scope, name, value):
        scope.find(name).names[name] = self.evaluate(value, scope)

    def do_print(self, scope, value):
        self.output.append(self.evaluate(value, scope))

    def do_return(self, scope, value):
        raise Returned(self.evaluate(value, scope))

    def do_if(self, scope, condition, then, otherwise):
        self.execute(then if self.evaluate(condition, scope) else otherwise, scope)

    def do_while(self, scope, condition, body):
        while self.evaluate(condition, scope):
            self.execute(body, scope)

    def evaluate(self, tree, scope):
        kind = tree[0]
        if kind == "number":
            return tree[1]
        if kind == "name":
            return scope.find(tree[1]).names[tree[1]]
        if kind == "binary":
            return self.binary(tree[1], self.evaluate(tree[2], scope), self.evaluate(tree[3], scope))
        if kind == "function":
            return tree[1], tree[2], scope
        parameter, body, outer = scope.find(tree[1]).names[tree[1]]
        inner = Scope(outer)
        inner.names[parameter] = self.evaluate(tree[2], scope)
        try:
            self.execute(body, inner)
        except Returned as returned:
            return returned.value
        return 0

    def binary(self, sign, a, b):
        if sign == "+":
            return a + b
        if sign == "-":
            return a - b
        if sign == "*":
            return a * b
        if sign == "/":
            return a // b
        if sign == "%":
            return a % b
        if sign == "<":
            return int(a < b)
        if sign == "<=":
            return int(a <= b)
        if sign == ">":
            return int(a > b)
        if sign == ">=":
            return int(a >= b)
        return int((a == b) == (sign == "=="))


def run():
    output = []
    for _ in range(60):
        machine = Machine()
        machine.execute(Parser(SOURCE).program(), Scope())
        output += machine.output
    return output[:4], sum(output)


EXPECTED = ([130576, 377, 130576, 377], 7857180)

if __name__ == "__main__":
    print(run())
