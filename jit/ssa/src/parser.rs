//! Graphs from text, as [`crate::printer`] writes them: for tests of passes and of the verifier.
//!
//! What a removed object is stays text ([`Kind`]). Lines that begin with `;` are comments.

use crate::graph::{
    Alias, Block, BlockData, Definition, Graph, Inst, Terminator, Value, ValueData,
};
use crate::insts::Op;
use crate::state::{FrameState, Operand, RemovedObject, State, StateId};
use crate::types::{Rep, Type, kinds};

/// What a removed object is, as text.
#[derive(Clone, PartialEq, Eq)]
pub struct Kind(pub String);

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Parses a graph; the error names the line.
pub fn parse(text: &str) -> Result<Graph<Kind>, String> {
    let mut g = Graph::default();
    let mut block = None;
    for (i, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with(';') {
            continue;
        }
        let mut r = Reader {
            rest: line.trim_start(),
        };
        let result = if line.starts_with(' ') {
            match block {
                Some(b) => r.in_block(&mut g, b),
                None => Err("it stands in no block".into()),
            }
        } else {
            r.header(&mut g).map(|b| block = Some(b))
        };
        let result = result.and_then(|()| match r.rest {
            "" => Ok(()),
            rest => Err(format!("what is {rest:?}?")),
        });
        result.map_err(|e| format!("line {}: {e}", i + 1))?;
    }
    Ok(g)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, what: &str) -> bool {
        match self.rest.strip_prefix(what) {
            Some(r) => {
                self.rest = r;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, what: &str) -> Result<(), String> {
        match self.eat(what) {
            true => Ok(()),
            false => Err(format!("{what:?} is missing before {:?}", self.rest)),
        }
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let n = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(n);
        self.rest = rest;
        taken
    }

    fn number<N: std::str::FromStr>(&mut self) -> Result<N, String> {
        let before = self.rest;
        let text = self.take(|c| c.is_ascii_digit() || c == '-');
        text.parse()
            .map_err(|_| format!("no number before {before:?}"))
    }

    fn value(&mut self) -> Result<Value, String> {
        self.expect("v")?;
        Ok(Value(self.number()?))
    }

    fn block(&mut self) -> Result<Block, String> {
        self.expect("b")?;
        Ok(Block(self.number()?))
    }

    /// Values in a row.
    fn values(&mut self) -> Result<Vec<Value>, String> {
        let mut all = Vec::new();
        while self.rest.starts_with('v') {
            all.push(self.value()?);
            if !self.eat(", ") {
                break;
            }
        }
        Ok(all)
    }

    /// `v1:t int[0..5]`
    fn typed(&mut self) -> Result<(Value, Rep, Type), String> {
        let v = self.value()?;
        self.expect(":")?;
        let rep = match self.take(|c| c.is_ascii_alphabetic()) {
            "t" => Rep::Tagged,
            "i" => Rep::Int,
            "f" => Rep::Float,
            "b" => Rep::Bool,
            other => return Err(format!("{other:?} is no representation")),
        };
        self.expect(" ")?;
        Ok((v, rep, self.ty()?))
    }

    fn ty(&mut self) -> Result<Type, String> {
        if self.eat("raw") {
            return Ok(Type::RAW);
        }
        let mut t = Type::of(0);
        loop {
            t.kinds |= match self.take(|c| c.is_ascii_alphabetic()) {
                "any" => kinds::ANY,
                "int" => kinds::INT,
                "float" => kinds::FLOAT,
                "bool" => kinds::BOOL,
                "none" => kinds::NONE,
                "object" => kinds::OBJECT,
                "unbound" => kinds::UNBOUND,
                other => return Err(format!("{other:?} is no type")),
            };
            if !self.eat("|") {
                break;
            }
        }
        if self.eat("[") {
            t.low = self.number()?;
            self.expect("..")?;
            t.high = self.number()?;
            self.expect("]")?;
        }
        if self.eat("#set") {
            t.shapes = self.number::<u32>()? + 1;
        }
        if self.eat("#") {
            t.shape = self.number()?;
        }
        Ok(t)
    }

    /// `b1(v1:t any) loop(b0) cold:`
    fn header(&mut self, g: &mut Graph<Kind>) -> Result<Block, String> {
        let b = self.block()?;
        grow(&mut g.blocks, b.0, BlockData::default);
        self.expect("(")?;
        while !self.eat(")") {
            let (v, rep, ty) = self.typed()?;
            let at = g.block(b).parameters.len() as u16;
            define(g, v, rep, ty, Definition::Parameter(b, at))?;
            g.block_mut(b).parameters.push(v);
            self.eat(", ");
        }
        if self.eat(" loop(") {
            let p = self.block()?;
            self.expect(")")?;
            g.block_mut(b).preheader = Some(p);
        }
        g.block_mut(b).cold = self.eat(" cold");
        self.expect(":")?;
        Ok(b)
    }

    /// An instruction, or how the block ends.
    fn in_block(&mut self, g: &mut Graph<Kind>, b: Block) -> Result<(), String> {
        let end = if self.eat("none") {
            Terminator::None
        } else if self.eat("jump ") {
            let t = self.block()?;
            self.expect("(")?;
            let args = self.values()?;
            self.expect(")")?;
            Terminator::Jump(t, args)
        } else if self.eat("branch ") {
            let c = self.value()?;
            self.expect(", ")?;
            let t = self.block()?;
            self.expect(", ")?;
            Terminator::Branch(c, t, self.block()?)
        } else if self.eat("return ") {
            Terminator::Return(self.value()?)
        } else if self.eat("exit ") {
            let s = self.state()?;
            Terminator::Exit(g.add_state(s))
        } else {
            return self.inst(g, b);
        };
        for target in targets(&end) {
            grow(&mut g.blocks, target.0, BlockData::default);
        }
        g.block_mut(b).terminator = end;
        Ok(())
    }

    fn inst(&mut self, g: &mut Graph<Kind>, b: Block) -> Result<(), String> {
        let (result, rep, ty) = self.typed()?;
        self.expect(" = ")?;
        let text = self.take(|c| c.is_ascii_alphanumeric() || c == '.');
        let op = Op::ALL
            .iter()
            .copied()
            .find(|o| o.text() == text)
            .ok_or_else(|| format!("{text:?} is no instruction"))?;
        self.eat(" ");
        let args = self.values()?;
        let (mut imm, mut imm2) = (0, 0);
        let mut alias = Alias::default();
        self.take(|c| c == ' ');
        if self.eat("[") {
            imm = self.number()?;
            self.expect(", ")?;
            imm2 = self.number()?;
            self.expect("]")?;
            self.take(|c| c == ' ');
        }
        if self.eat("{") {
            let text = self.take(|c| c != '}');
            alias = alias_of(text).ok_or_else(|| format!("{text:?} is no class of memory"))?;
            self.expect("}")?;
            self.take(|c| c == ' ');
        }
        let mut state: Option<StateId> = None;
        if self.rest.starts_with('<') {
            let s = self.state()?;
            state = Some(g.add_state(s));
        }
        let number = g.insts.len() as u32;
        define(g, result, rep, ty, Definition::Inst(number))?;
        g.insts.push(Inst {
            op,
            args,
            imm,
            imm2,
            alias,
            state,
            result,
        });
        g.block_mut(b).insts.push(number);
        Ok(())
    }

    /// `<4 shown @0:7 f=v1 d2 new=o0 r0=v1 o0=Tuple(v1, -)>`
    fn state(&mut self) -> Result<State<Kind>, String> {
        self.expect("<")?;
        let mut s = State {
            reason: self.number()?,
            shown: self.eat(" shown"),
            frames: Vec::new(),
            objects: Vec::new(),
        };
        while self.eat(" @") {
            let frame = self.number()?;
            self.expect(":")?;
            let mut f = FrameState {
                frame,
                function: None,
                pc: self.number()?,
                dst: 0,
                construct: None,
                handled: None,
                generator: None,
                registers: Vec::new(),
            };
            if self.eat(" f=") {
                f.function = Some(self.operand()?);
            }
            if self.eat(" d") {
                f.dst = self.number()?;
            }
            if self.eat(" new=") {
                f.construct = Some(self.operand()?);
            }
            if self.eat(" handles=") {
                f.handled = Some(self.operand()?);
            }
            if self.eat(" of=") {
                f.generator = Some(self.operand()?);
            }
            while self.eat(" r") {
                let r = self.number()?;
                self.expect("=")?;
                f.registers.push((r, self.operand()?));
            }
            s.frames.push(f);
        }
        while self.eat(" o") {
            let n: usize = self.number()?;
            if n != s.objects.len() {
                return Err(format!("o{n} is out of order"));
            }
            self.expect("=")?;
            let mut kind = self.take(|c| c != '(').to_string();
            if let Some(close) = self.rest.find(')')
                && self.rest[close + 1..].starts_with('(')
            {
                kind.push_str(&self.rest[..=close]);
                self.rest = &self.rest[close + 1..];
            }
            self.expect("(")?;
            let mut fields = Vec::new();
            while !self.eat(")") {
                fields.push(if self.eat("-") {
                    None
                } else {
                    Some(self.operand()?)
                });
                self.eat(", ");
            }
            s.objects.push(RemovedObject {
                kind: Kind(kind),
                fields,
            });
        }
        self.expect(">")?;
        Ok(s)
    }

    fn operand(&mut self) -> Result<Operand, String> {
        if self.eat("o") {
            return Ok(Operand::Object(self.number()?));
        }
        Ok(Operand::Value(self.value()?))
    }
}

fn targets(end: &Terminator) -> Vec<Block> {
    match end {
        Terminator::Jump(t, _) => vec![*t],
        Terminator::Branch(_, t, f) => vec![*t, *f],
        _ => Vec::new(),
    }
}

/// Makes a list long enough for a number.
fn grow<T>(list: &mut Vec<T>, n: u32, make: impl Fn() -> T) {
    while list.len() <= n as usize {
        list.push(make());
    }
}

/// A value without definition.
const NOWHERE: Definition = Definition::Parameter(Block(u32::MAX), 0);

fn define(
    g: &mut Graph<Kind>,
    v: Value,
    rep: Rep,
    ty: Type,
    def: Definition,
) -> Result<(), String> {
    grow(&mut g.values, v.0, || ValueData {
        ty: Type::RAW,
        rep: Rep::Int,
        def: NOWHERE,
    });
    let data = &mut g.values[v.0 as usize];
    if data.def != NOWHERE {
        return Err(format!("v{} is defined twice", v.0));
    }
    *data = ValueData { ty, rep, def };
    Ok(())
}

fn alias_of(text: &str) -> Option<Alias> {
    if let Some(n) = text.strip_prefix("Slot(") {
        return Some(Alias::Slot(n.strip_suffix(')')?.parse().ok()?));
    }
    if let Some(n) = text.strip_prefix("Overflow(") {
        return Some(Alias::Overflow(n.strip_suffix(')')?.parse().ok()?));
    }
    use Alias::*;
    [
        Constant, Shape, List, Items, Cell, Iterator, Dict, Array, Numbers, Thread, Fresh, Other,
    ]
    .into_iter()
    .find(|a| format!("{a:?}") == text)
}
