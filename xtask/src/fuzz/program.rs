//! Random programs: a list of pieces, each of which can be left out when a program is shrunk.

use super::expr::{Scope, TYPES, Type};
use super::rng::Rng;

/// A program, piece by piece.
pub type Program = Vec<String>;

/// Seeds whose programs look at variables, or not, follow each other: programs share a process, and once
/// one of them looks, all code is compiled for it.
const ALIKE: u64 = 100;

/// Bits from which on an int is not made longer by assignments to it.
const LONG: u32 = 300;

/// In front of programs that look at the variables of their callers, and set them.
const LOOKING: &str = "\
import sys
def text(v):
    try: return str(v)[:40]
    except ValueError: return 'long'
def look(where):
    seen = sorted(sys._getframe(1).f_locals.items())
    print(where, [(k, text(v)) for k, v in seen if type(v) in (int, float, str, bool, list, dict, tuple)])
def poke(name, value):
    sys._getframe(1).f_locals[name] = value";

/// The program of a seed.
pub fn generate(seed: u64) -> Program {
    let mut rng = Rng::new(seed);
    let mut maker = Maker {
        scope: Scope::default(),
        names: 0,
        looks: seed / ALIKE % 4 == 3,
        inside: false,
    };
    let mut pieces = Vec::new();
    if maker.looks {
        pieces.push(LOOKING.to_owned());
    }
    for _ in 0..4 + rng.below(10) {
        let mut lines = Vec::new();
        maker.top(&mut rng, &mut lines);
        pieces.push(lines.join("\n"));
    }
    pieces
}

struct Maker {
    scope: Scope,
    names: usize,
    /// Functions look at their callers' variables.
    looks: bool,
    /// Within a function.
    inside: bool,
}

impl Maker {
    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn top(&mut self, rng: &mut Rng, out: &mut Vec<String>) {
        match rng.below(10) {
            0 | 1 => self.function(rng, out),
            2 => self.class(rng, out),
            3 => self.generator(rng, out),
            4 => self.closure(rng, out),
            _ => self.statement(rng, 0, 2, out),
        }
    }

    fn push(out: &mut Vec<String>, indent: usize, text: String) {
        out.push(format!("{}{text}", "    ".repeat(indent)));
    }

    fn statement(&mut self, rng: &mut Rng, indent: usize, depth: usize, out: &mut Vec<String>) {
        let t = TYPES[rng.below(TYPES.len())];
        if self.looks && self.inside && rng.chance(25) {
            return self.look(rng, indent, out);
        }
        match rng.below(if depth == 0 { 4 } else { 9 }) {
            0 | 1 => {
                let value = self.scope.expr(rng, t, 3);
                let name = self.name("v");
                Self::push(out, indent, format!("{name} = {value}"));
                self.scope.variables.push((name, t));
            }
            2 => {
                let value = self.scope.expr(rng, t, 3);
                Self::push(out, indent, format!("print({value})"));
            }
            3 => {
                let name = self.scope.variables.iter().filter(|(_, t)| *t == Type::Int);
                let names: Vec<String> = name.map(|(n, _)| n.clone()).collect();
                if names.is_empty() {
                    return Self::push(out, indent, "pass".to_owned());
                }
                let name = names[rng.below(names.len())].clone();
                let op = rng.pick(&["+=", "-=", "*=", "^=", "|="]);
                let value = self.scope.expr(rng, Type::Int, 2);
                let grows = op == "*=" || value.contains(['*', '<']);
                // In a loop a product of itself would soon have billions of digits.
                let text = match grows {
                    true => format!("if {name}.bit_length() < {LONG}: {name} {op} {value}"),
                    false => format!("{name} {op} {value}"),
                };
                Self::push(out, indent, text);
            }
            4 => {
                let c = self.scope.expr(rng, Type::Bool, 2);
                Self::push(out, indent, format!("if {c}:"));
                self.block(rng, indent + 1, depth - 1, out);
                Self::push(out, indent, "else:".to_owned());
                self.block(rng, indent + 1, depth - 1, out);
            }
            5 => {
                let (variables, source) = self.source(rng);
                let names: Vec<&str> = variables.iter().map(|(n, _)| n.as_str()).collect();
                let names = names.join(", ");
                Self::push(out, indent, format!("for {names} in {source}:"));
                let before = self.scope.variables.len();
                self.scope.variables.extend(variables.iter().cloned());
                if rng.chance(40) {
                    let t = [Type::Int, Type::Bool][rng.below(2)];
                    let value = self.scope.expr(rng, t, 2);
                    Self::push(out, indent + 1, format!("print({value})"));
                }
                self.block(rng, indent + 1, depth - 1, out);
                if rng.chance(40) {
                    let c = self.scope.expr(rng, Type::Bool, 1);
                    let what = rng.pick(&["break", "continue"]);
                    Self::push(out, indent + 1, format!("if {c}: {what}"));
                    Self::push(out, indent + 1, format!("print('in', {names})"));
                }
                self.scope.variables.truncate(before);
            }
            6 => {
                let name = self.name("e");
                Self::push(out, indent, "try:".to_owned());
                self.block(rng, indent + 1, depth - 1, out);
                let risk = rng.pick(&[
                    "print(1 // 0)",
                    "print([][3])",
                    "print({}['k'])",
                    "print(int('x1'))",
                    "print(None + 1)",
                    "raise ValueError('v', 3)",
                    "assert [] , 'empty'",
                    "print('' .index('q'))",
                ]);
                if rng.chance(70) {
                    Self::push(out, indent + 1, risk.to_owned());
                }
                let class = rng.pick(&[
                    "Exception",
                    "(ValueError, ZeroDivisionError)",
                    "LookupError",
                    "TypeError",
                ]);
                Self::push(out, indent, format!("except {class} as {name}:"));
                Self::push(
                    out,
                    indent + 1,
                    format!("print('caught', type({name}).__name__, {name})"),
                );
                if rng.chance(50) {
                    Self::push(out, indent, "finally:".to_owned());
                    self.block(rng, indent + 1, depth - 1, out);
                }
            }
            7 => {
                let name = self.name("n");
                Self::push(out, indent, format!("{name} = {}", rng.below(6)));
                Self::push(out, indent, format!("while {name} > 0:"));
                Self::push(out, indent + 1, format!("{name} -= 1"));
                self.block(rng, indent + 1, depth - 1, out);
            }
            _ => {
                let subject = self.scope.expr(rng, t, 1);
                Self::push(out, indent, format!("match {subject}:"));
                for pattern in ["int(x) if x > 0", "[a, *rest]", "{'a': x}", "str(s)", "_"] {
                    Self::push(
                        out,
                        indent + 1,
                        format!("case {pattern}: print({:?})", pattern),
                    );
                }
            }
        }
    }

    /// Looks at the function's variables from a callee, or sets one.
    fn look(&mut self, rng: &mut Rng, indent: usize, out: &mut Vec<String>) {
        let variables = &self.scope.variables;
        if variables.is_empty() || rng.chance(70) {
            return Self::push(out, indent, format!("look({indent})"));
        }
        let (name, t) = variables[rng.below(variables.len())].clone();
        let value = self.scope.expr(rng, t, 1);
        Self::push(out, indent, format!("poke('{name}', {value})"));
    }

    /// What a loop walks, and the variables that it sets.
    fn source(&mut self, rng: &mut Rng) -> (Vec<(String, Type)>, String) {
        let name = self.name("i");
        let one = |t: Type| vec![(name.clone(), t)];
        let text = self.scope.expr(rng, Type::Str, 1);
        match rng.below(12) {
            0..=2 => (one(Type::Int), format!("range({})", rng.below(6))),
            3 | 4 => (one(Type::Int), self.scope.expr(rng, Type::List, 1)),
            5 | 6 => (one(Type::Str), text),
            7 => {
                let (a, b) = (rng.below(6), rng.below(9));
                (one(Type::Int), format!("reversed(range({a}, {b}))"))
            }
            8 => {
                let list = self.scope.expr(rng, Type::List, 1);
                (one(Type::Int), format!("reversed({list})"))
            }
            9 => (one(Type::Int), format!("({text}).encode()")),
            10 => {
                let both = vec![(name.clone(), Type::Int), (self.name("c"), Type::Str)];
                (both, format!("enumerate({text})"))
            }
            _ => {
                let list = self.scope.expr(rng, Type::List, 1);
                let both = vec![(name.clone(), Type::Int), (self.name("c"), Type::Str)];
                (both, format!("zip({list}, {text})"))
            }
        }
    }

    /// A block; what it binds is not used behind it, since it may not have run.
    fn block(&mut self, rng: &mut Rng, indent: usize, depth: usize, out: &mut Vec<String>) {
        let before = self.scope.clone();
        for _ in 0..1 + rng.below(2) {
            self.statement(rng, indent, depth, out);
        }
        self.scope = before;
    }

    fn function(&mut self, rng: &mut Rng, out: &mut Vec<String>) {
        let name = self.name("f");
        let types: Vec<Type> = (0..rng.below(4))
            .map(|_| TYPES[rng.below(TYPES.len())])
            .collect();
        let result = TYPES[rng.below(TYPES.len())];
        let names: Vec<String> = types.iter().map(|_| self.name("p")).collect();
        Self::push(out, 0, format!("def {name}({}):", names.join(", ")));
        let outer = std::mem::take(&mut self.scope);
        self.scope.functions = outer.functions.clone();
        self.scope.variables = names.into_iter().zip(types.iter().copied()).collect();
        self.inside = true;
        for _ in 0..1 + rng.below(if self.looks { 6 } else { 3 }) {
            self.statement(rng, 1, if self.looks { 2 } else { 1 }, out);
        }
        self.inside = false;
        let value = self.scope.expr(rng, result, 2);
        Self::push(out, 1, format!("return {value}"));
        self.scope = outer;
        self.scope.functions.push((name, types, result));
    }

    fn class(&mut self, rng: &mut Rng, out: &mut Vec<String>) {
        let (class, object) = (self.name("C"), self.name("o"));
        let (a, b) = (
            self.scope.expr(rng, Type::Int, 1),
            self.scope.expr(rng, Type::Str, 1),
        );
        let op = rng.pick(&["add", "sub", "mul", "eq", "lt"]);
        let text = format!(
            "class {class}:\n    kind = {b}\n    __slots__ = ('x', 'y')\n    def __init__(self, x, y=1):\n        \
             self.x = x\n        self.y = y\n    def __repr__(self):\n        return f'{{type(self).__name__}}({{self.x!r}}, {{self.y}})'\n    \
             def __{op}__(self, other):\n        return (self.x, other)\n    @property\n    def both(self):\n        \
             return [self.x, self.y]\n    @classmethod\n    def make(cls, n):\n        return cls(n, n + 1)\n    \
             @staticmethod\n    def twice(n):\n        return n * 2\n{object} = {class}.make({a})\nprint({object}, {object}.both, {class}.twice({object}.x), {object}.kind)"
        );
        out.extend(text.lines().map(str::to_owned));
        if rng.chance(50) {
            let test = rng.pick(&["+ 1", "- 1", "* 2", "== 1", "< 1", ".z", "[0]", "()"]);
            out.push(format!("try: print({object} {test})"));
            out.push("except Exception as e: print(type(e).__name__, e)".to_owned());
        }
    }

    fn generator(&mut self, rng: &mut Rng, out: &mut Vec<String>) {
        let name = self.name("g");
        let value = self.scope.expr(rng, Type::Int, 1);
        let text = format!(
            "def {name}(n):\n    try:\n        for i in range(n):\n            got = yield i * 2\n            if got: print('got', got)\n        \
             yield from [n, {value}]\n    finally:\n        print('closed')\n    return n\nprint(list({name}({})))\nit = {name}(3)\nprint(next(it), it.send({value}))\nit.close()",
            rng.below(5)
        );
        out.extend(text.lines().map(str::to_owned));
    }

    fn closure(&mut self, rng: &mut Rng, out: &mut Vec<String>) {
        let name = self.name("mk");
        let value = self.scope.expr(rng, Type::Int, 2);
        let text = format!(
            "def {name}(start, *rest, key=None, **more):\n    count = start\n    def step(by=1):\n        nonlocal count\n        count += by\n        \
             return count, rest, key, sorted(more)\n    return step\ns = {name}({value}, 2, 3, key={}, z=1)\nprint(s(), s({value}))\nprint([f() for f in [lambda k=k: k * k for k in range(3)]])",
            self.scope.expr(rng, Type::Str, 1)
        );
        out.extend(text.lines().map(str::to_owned));
    }
}
