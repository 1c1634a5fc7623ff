//! Random expressions of a type.

use super::rng::Rng;

/// The types that the generator keeps apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    Int,
    Float,
    Str,
    Bool,
    List,
    Dict,
    Tuple,
}

/// All of them.
pub const TYPES: [Type; 7] = [
    Type::Int,
    Type::Float,
    Type::Str,
    Type::Bool,
    Type::List,
    Type::Dict,
    Type::Tuple,
];

/// A function that a program has defined: name, parameters, result.
pub type Function = (String, Vec<Type>, Type);

/// What an expression may name.
#[derive(Clone, Default)]
pub struct Scope {
    pub variables: Vec<(String, Type)>,
    pub functions: Vec<Function>,
}

const INTS: [&str; 26] = [
    "0",
    "1",
    "2",
    "-1",
    "3",
    "7",
    "10",
    "-5",
    "255",
    "256",
    "1000003",
    "2147483647",
    "-2147483648",
    "4611686018427387903",
    "-4611686018427387904",
    "2305843009213693951",
    "2305843009213693952",
    "-2305843009213693953",
    "9223372036854775807",
    "9223372036854775808",
    "10**20",
    "-(2**65)",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
];
const FLOATS: [&str; 19] = [
    "0.0",
    "-0.0",
    "1.0",
    "0.1",
    "-2.5",
    "3.141592653589793",
    "1e16",
    "1e-7",
    "1e308",
    "5e-324",
    "1e22",
    "123456789.125",
    "float('inf')",
    "float('-inf')",
    "float('nan')",
    "2.0**70",
    "9007199254740992.0",
    "-9007199254740992.0",
    "2305843009213693952.0",
];
const STRS: [&str; 14] = [
    "''",
    "'a'",
    "'abc'",
    "'Hello, World'",
    "'é'",
    "'naïve café'",
    "'日本語'",
    "'𝒳y'",
    "'a\\tb\\n'",
    "'0123456789'",
    "'  pad '",
    "'ß'",
    "'ĲǅİI'",
    "'x' * 40",
];

impl Scope {
    fn variable(&self, rng: &mut Rng, t: Type) -> Option<String> {
        let fitting: Vec<&String> = self
            .variables
            .iter()
            .filter(|(_, u)| *u == t)
            .map(|(n, _)| n)
            .collect();
        (!fitting.is_empty()).then(|| fitting[rng.below(fitting.len())].clone())
    }

    fn call(&self, rng: &mut Rng, t: Type, depth: usize) -> Option<String> {
        let fitting: Vec<&Function> = self.functions.iter().filter(|f| f.2 == t).collect();
        if fitting.is_empty() {
            return None;
        }
        let (name, parameters, _) = fitting[rng.below(fitting.len())];
        let arguments: Vec<String> = parameters
            .iter()
            .map(|p| self.expr(rng, *p, depth))
            .collect();
        Some(format!("{name}({})", arguments.join(", ")))
    }

    /// An expression of a type, at most so deep.
    pub fn expr(&self, rng: &mut Rng, t: Type, depth: usize) -> String {
        if rng.chance(if depth == 0 { 70 } else { 25 })
            && let Some(name) = self.variable(rng, t)
        {
            return name;
        }
        if depth == 0 {
            return literal(rng, t);
        }
        if rng.chance(15)
            && let Some(call) = self.call(rng, t, depth - 1)
        {
            return call;
        }
        if rng.chance(8) {
            let (a, c, b) = (
                self.expr(rng, t, depth - 1),
                self.expr(rng, Type::Bool, depth - 1),
                self.expr(rng, t, depth - 1),
            );
            return format!("({a} if {c} else {b})");
        }
        match t {
            Type::Int => self.int(rng, depth - 1),
            Type::Float => self.float(rng, depth - 1),
            Type::Str => self.str(rng, depth - 1),
            Type::Bool => self.bool(rng, depth - 1),
            Type::List => self.list(rng, depth - 1),
            Type::Dict => self.dict(rng, depth - 1),
            Type::Tuple => self.tuple(rng, depth - 1),
        }
    }

    fn int(&self, rng: &mut Rng, d: usize) -> String {
        let a = self.expr(rng, Type::Int, d);
        match rng.below(20) {
            16 => {
                let t = self.expr(rng, Type::Str, d);
                format!("ord(({t} or 'z')[{}])", rng.pick(&["0", "-1"]))
            }
            17 => format!(
                "min({a}, {}, {})",
                rng.below(9),
                self.expr(rng, Type::Int, d)
            ),
            18 => format!(
                "max({a}, {}, {})",
                rng.below(9),
                self.expr(rng, Type::Int, d)
            ),
            19 => format!(
                "divmod({a}, {} or 5)[{}]",
                self.expr(rng, Type::Int, d),
                rng.below(2)
            ),
            0..=5 => {
                let op = rng.pick(&["+", "-", "*", "&", "|", "^"]);
                format!("({a} {op} {})", self.expr(rng, Type::Int, d))
            }
            6 | 7 => {
                let op = rng.pick(&["//", "%"]);
                format!("({a} {op} ({} or 7))", self.expr(rng, Type::Int, d))
            }
            8 => format!("({a} << {})", rng.below(70)),
            9 => format!("({a} >> {})", rng.below(70)),
            10 => format!("(-{a})"),
            11 => format!("(~{a})"),
            12 => format!("len({})", self.expr(rng, Type::Str, d)),
            13 => format!("sum({})", self.expr(rng, Type::List, d)),
            14 => format!("abs({a})"),
            _ => format!("(({a}) % 1000) ** {}", rng.below(5)),
        }
    }

    fn float(&self, rng: &mut Rng, d: usize) -> String {
        let a = self.expr(rng, Type::Float, d);
        match rng.below(9) {
            0..=3 => {
                let op = rng.pick(&["+", "-", "*"]);
                format!("({a} {op} {})", self.expr(rng, Type::Float, d))
            }
            4 => format!("({a} / ({} or 3.0))", self.expr(rng, Type::Float, d)),
            5 => format!("({a} * {})", self.expr(rng, Type::Bool, d)),
            6 => format!("float(({}) % 10**15)", self.expr(rng, Type::Int, d)),
            7 => format!("(({}) % 2**62 / 7)", self.expr(rng, Type::Int, d)),
            _ => format!("(-{a})"),
        }
    }

    fn str(&self, rng: &mut Rng, d: usize) -> String {
        let a = self.expr(rng, Type::Str, d);
        match rng.below(16) {
            14 => format!("chr(({}) % 300)", self.expr(rng, Type::Int, d)),
            15 => format!("({a} or 'q')[{}]", rng.pick(&["0", "-1"])),
            0 | 1 => format!("({a} + {})", self.expr(rng, Type::Str, d)),
            2 => format!("({a} * {})", rng.below(4)),
            3 => format!("str({})", self.expr(rng, Type::Int, d)),
            4 => format!("repr({})", self.expr(rng, Type::Float, d)),
            5 => {
                let m = rng.pick(&["upper", "lower", "title", "swapcase", "strip", "casefold"]);
                format!("{a}.{m}()")
            }
            6 => format!("{a}[{}:{}]", rng.below(6), rng.below(9)),
            7 => format!("{a}[::-1]"),
            8 => format!("{a}.replace({}, '-')", self.expr(rng, Type::Str, 0)),
            9 => {
                let spec = rng.pick(&[">8", "<6", "^9", "08d", "x", ",", "+d", "_", "e", "b"]);
                format!(
                    "f\"{{{}:{spec}}}\"",
                    self.expr(rng, Type::Int, 0).replace('"', "'")
                )
            }
            10 => {
                let spec = rng.pick(&[".3f", "e", "g", "10.2f", "%", "+.1e", ".0f", "n"]);
                format!("format({}, '{spec}')", self.expr(rng, Type::Float, d))
            }
            11 => format!(
                "'%s|%r|%5d' % ({a}, {a}, ({}) % 10**9)",
                self.expr(rng, Type::Int, d)
            ),
            12 => format!("','.join(map(str, {}))", self.expr(rng, Type::List, d)),
            _ => format!("{a}.center({}, '*')", rng.below(12)),
        }
    }

    /// An int or a float, or now this and now that.
    fn number(&self, rng: &mut Rng, d: usize) -> String {
        let (i, f) = (self.expr(rng, Type::Int, d), self.expr(rng, Type::Float, d));
        match rng.below(3) {
            0 => i,
            1 => f,
            _ => format!("({i} if {} else {f})", self.expr(rng, Type::Bool, d)),
        }
    }

    fn bool(&self, rng: &mut Rng, d: usize) -> String {
        match rng.below(14) {
            10 => {
                let m = rng.pick(&[
                    "isalpha", "isalnum", "isdigit", "isspace", "isupper", "islower",
                ]);
                format!("{}.{m}()", self.expr(rng, Type::Str, d))
            }
            11 => {
                let set = rng.pick(&["'aeiou'", "'é,x'", "'0123456789'", "''"]);
                format!("({} in {set})", self.expr(rng, Type::Str, d))
            }
            12 => {
                let op = rng.pick(&["<", "<=", "==", "!=", ">", ">="]);
                let c = rng.pick(&["'a'", "'o'", "'é'", "'5'", "'ab'", "''"]);
                format!("({} {op} {c})", self.expr(rng, Type::Str, d))
            }
            13 => {
                let t = TYPES[rng.below(TYPES.len())];
                let x = self.expr(rng, t, d);
                let asked = rng.pick(&[
                    "isinstance({}, (int, str))",
                    "isinstance({}, (float, list))",
                    "(type({}) is int)",
                ]);
                asked.replace("{}", &x)
            }
            0..=2 => {
                let t = [Type::Int, Type::Float, Type::Str, Type::List][rng.below(4)];
                let op = rng.pick(&["<", "<=", "==", "!=", ">", ">="]);
                format!("({} {op} {})", self.expr(rng, t, d), self.expr(rng, t, d))
            }
            3 => format!("(not {})", self.expr(rng, Type::Bool, d)),
            4 => {
                let op = rng.pick(&["and", "or"]);
                format!(
                    "bool({} {op} {})",
                    self.expr(rng, Type::Bool, d),
                    self.expr(rng, Type::Int, d)
                )
            }
            5 => format!(
                "({} in {})",
                self.expr(rng, Type::Int, d),
                self.expr(rng, Type::List, d)
            ),
            6 => format!(
                "({} in {})",
                self.expr(rng, Type::Str, d),
                self.expr(rng, Type::Str, d)
            ),
            7 | 8 => {
                let op = rng.pick(&["<", "<=", "==", "!=", ">", ">="]);
                format!("({} {op} {})", self.number(rng, d), self.number(rng, d))
            }
            _ => format!("isinstance({}, int)", self.expr(rng, Type::Float, d)),
        }
    }

    fn list(&self, rng: &mut Rng, d: usize) -> String {
        let a = self.expr(rng, Type::List, d);
        match rng.below(8) {
            0 => format!("({a} + {})", self.expr(rng, Type::List, d)),
            1 => format!("{a}[{}:]", rng.below(4)),
            2 => format!("sorted({a}, reverse={})", self.expr(rng, Type::Bool, d)),
            3 => format!(
                "[v * 2 for v in {a} if v != {}]",
                self.expr(rng, Type::Int, 0)
            ),
            4 => format!("list(range({}, {}))", rng.below(5), rng.below(15)),
            5 => format!("[ord(c) for c in {}]", self.expr(rng, Type::Str, d)),
            6 => format!(
                "[{}, {}]",
                self.expr(rng, Type::Int, d),
                self.expr(rng, Type::Int, d)
            ),
            _ => format!("[*{a}, {}]", self.expr(rng, Type::Int, d)),
        }
    }

    fn dict(&self, rng: &mut Rng, d: usize) -> String {
        let a = self.expr(rng, Type::Dict, d);
        match rng.below(4) {
            0 => format!("({a} | {})", self.expr(rng, Type::Dict, d)),
            1 => format!(
                "{{{}: {}, {}: {}}}",
                self.expr(rng, Type::Str, d),
                self.expr(rng, Type::Int, d),
                self.expr(rng, Type::Str, d),
                self.expr(rng, Type::Int, d)
            ),
            2 => format!(
                "{{c: i for i, c in enumerate({})}}",
                self.expr(rng, Type::Str, d)
            ),
            _ => format!(
                "{{**{a}, {}: {}}}",
                self.expr(rng, Type::Str, d),
                self.expr(rng, Type::Int, d)
            ),
        }
    }

    fn tuple(&self, rng: &mut Rng, d: usize) -> String {
        match rng.below(4) {
            0 => format!(
                "divmod({}, ({} or 3))",
                self.expr(rng, Type::Int, d),
                self.expr(rng, Type::Int, d)
            ),
            1 => format!(
                "{}.partition({} or 'b')",
                self.expr(rng, Type::Str, d),
                self.expr(rng, Type::Str, d)
            ),
            2 => format!("tuple({})", self.expr(rng, Type::List, d)),
            _ => {
                let t = TYPES[rng.below(4)];
                format!(
                    "({}, {})",
                    self.expr(rng, t, d),
                    self.expr(rng, Type::Int, d)
                )
            }
        }
    }
}

fn literal(rng: &mut Rng, t: Type) -> String {
    match t {
        Type::Int if rng.chance(50) => format!("{}", rng.below(200) as i64 - 100),
        Type::Int => rng.pick(&INTS).to_owned(),
        Type::Float => rng.pick(&FLOATS).to_owned(),
        Type::Str => rng.pick(&STRS).to_owned(),
        Type::Bool => rng.pick(&["True", "False"]).to_owned(),
        Type::List => rng
            .pick(&["[]", "[1]", "[3, 1, 2]", "[0, -1, 2**62, 5]", "[True, 2]"])
            .to_owned(),
        Type::Dict => rng
            .pick(&["{}", "{'a': 1}", "{'k': 2, 'é': -1}"])
            .to_owned(),
        Type::Tuple => rng.pick(&["()", "(1,)", "(1, 'b', 2.5)"]).to_owned(),
    }
}
