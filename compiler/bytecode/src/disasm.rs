//! The disassembler: a code object as text, for `-X jit-dump=bytecode`, golden tests and eyes.
//!
//! One instruction a line: the opcode's name, the registers written, `=`, the other operands
//! in the row's order. Everything is printed from the table; an opcode has no printing code.
//!
//! ```text
//! code f (1 args, 3 registers, OPTIMIZED|NEWLOCALS)
//!   locals: r0=x
//!   # line 2
//!     BinaryAddInt    r1 = r0(x), 1, fb0
//!     Return          r1
//! ```
//!
//! `r4(x)` is register 4, a named variable; `{r4..r6}` is a run; `L2` a label; `fb0` a feedback
//! slot. Word offsets are left out by default so that a golden test changes only where the
//! code does. Damaged code prints too: a number that is out of range shows as `?kind:n`.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::access::{for_each_access, instructions};
use crate::code::{CodeObject, Constant, co_flags};
use crate::encode::Operands;
use crate::meaning::{Meaning, intrinsic_name, meaning};
use crate::opcode::{Opcode, OperandInfo};
use crate::operand::OperandKind;

/// How much to print.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Word index before each instruction.
    pub offsets: bool,
    /// Full source ranges in place of lines.
    pub ranges: bool,
    /// Feedback slots.
    pub feedback: bool,
    /// Nested code objects too, after the outer one.
    pub nested: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            offsets: false,
            ranges: false,
            feedback: true,
            nested: true,
        }
    }
}

/// The text of a code object and of those nested in it, with default options.
pub fn disassemble(code: &CodeObject) -> String {
    disassemble_with(code, Options::default())
}

/// The text of a code object.
pub fn disassemble_with(code: &CodeObject, options: Options) -> String {
    let mut out = String::new();
    // A list, not recursion: damaged or deep nesting must not overflow the stack.
    let mut pending = vec![code];
    while let Some(code) = pending.pop() {
        if !out.is_empty() {
            out.push('\n');
        }
        Printer::new(code, options).print(&mut out);
        if options.nested {
            let mut inner = Vec::new();
            for k in &code.consts {
                nested_code(k, &mut inner);
            }
            pending.extend(inner.into_iter().rev());
        }
    }
    out
}

fn nested_code<'a>(k: &'a Constant, out: &mut Vec<&'a CodeObject>) {
    // Code stands directly in `consts`; inside tuples it has no meaning.
    if let Constant::Code(c) = k {
        out.push(c);
    }
}

/// One instruction as text, for Python's `dis`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InstructionText {
    /// Its first word.
    pub pc: u32,
    /// The opcode's name.
    pub name: &'static str,
    /// The operands, as the disassembly prints them.
    pub operands: String,
    /// Number of the label that stands before it.
    pub label: Option<usize>,
    /// Where it comes from.
    pub range: crate::code::SourceRange,
}

/// The instructions of one code object, nested ones left out.
pub fn instruction_texts(code: &CodeObject) -> Vec<InstructionText> {
    let printer = Printer::new(code, Options::default());
    instructions(&code.code)
        .map(|(pc, op, x, _)| InstructionText {
            pc: pc as u32,
            name: op.info().name,
            operands: printer.operands(op, &x),
            label: printer.labels.get(&(pc as u32)).copied(),
            range: code.position(pc as u32),
        })
        .collect()
}

struct Printer<'a> {
    code: &'a CodeObject,
    options: Options,
    labels: BTreeMap<u32, usize>,
    names: BTreeMap<u32, &'a str>,
}

impl<'a> Printer<'a> {
    fn new(code: &'a CodeObject, options: Options) -> Printer<'a> {
        let mut labels = BTreeMap::new();
        for (_, op, x, _) in instructions(&code.code) {
            if let Some(target) = op.operand(&x, OperandKind::Label) {
                labels.insert(target, 0);
            }
        }
        for h in &code.handlers {
            for pc in [h.start, h.end, h.target] {
                labels.insert(pc, 0);
            }
        }
        for (i, n) in labels.values_mut().enumerate() {
            *n = i;
        }
        let mut names = BTreeMap::new();
        for (name, r) in code.freevars.iter().chain(&code.cellvars).rev() {
            names.insert(*r as u32, name.as_str());
        }
        for (r, name) in code.varnames.iter().enumerate() {
            names.insert(r as u32, name.as_str());
        }
        Printer {
            code,
            options,
            labels,
            names,
        }
    }

    fn print(&self, out: &mut String) {
        self.header(out);
        let mut line = None;
        let mut end = 0;
        for (pc, op, x, next) in instructions(&self.code.code) {
            end = next;
            let range = self.code.position(pc as u32);
            let here = if self.options.ranges {
                range
            } else {
                crate::code::SourceRange {
                    line: range.line,
                    ..Default::default()
                }
            };
            if line != Some(here) {
                line = Some(here);
                let _ = match (here.line, self.options.ranges) {
                    (0, _) => writeln!(out, "  # no line"),
                    (n, false) => writeln!(out, "  # line {n}"),
                    (n, true) => writeln!(
                        out,
                        "  # {}:{}-{}:{}",
                        n, here.column, here.end_line, here.end_column
                    ),
                };
            }
            self.label_line(pc as u32, out);
            if self.options.offsets {
                let _ = write!(out, "{pc:6}");
            }
            let text = self.operands(op, &x);
            let name = op.info().name;
            let _ = if text.is_empty() {
                writeln!(out, "    {name}")
            } else {
                writeln!(out, "    {name:15} {text}")
            };
        }
        self.label_line(end as u32, out);
        if end < self.code.code.len() {
            let _ = writeln!(
                out,
                "    ?word:{:#018x} (and {} more)",
                self.code.code[end],
                self.code.code.len() - end - 1
            );
        }
        if !self.code.handlers.is_empty() {
            out.push_str("  handlers:\n");
            for h in &self.code.handlers {
                let _ = writeln!(
                    out,
                    "    {}..{} -> {}",
                    self.label(h.start),
                    self.label(h.end),
                    self.label(h.target)
                );
            }
        }
    }

    fn header(&self, out: &mut String) {
        let c = self.code;
        let title = if c.qualname.is_empty() {
            &c.name
        } else {
            &c.qualname
        };
        let _ = write!(out, "code {title} (");
        let mut parameters = c.argcount.to_string();
        if c.posonlyargcount != 0 {
            let _ = write!(parameters, "/{}", c.posonlyargcount);
        }
        let _ = write!(out, "{parameters} args");
        if c.kwonlyargcount != 0 {
            let _ = write!(out, ", {} keyword-only", c.kwonlyargcount);
        }
        let _ = writeln!(out, ", {} registers{})", c.registers, flag_names(c.flags));
        let list = |out: &mut String, title: &str, items: Vec<String>| {
            if !items.is_empty() {
                let _ = writeln!(out, "  {title}: {}", items.join(" "));
            }
        };
        let pair = |(n, r): &(String, u16)| format!("r{r}={n}");
        let locals = c.varnames.iter().enumerate();
        let locals = locals.map(|(r, n)| format!("r{r}={n}")).collect();
        list(out, "locals", locals);
        list(out, "cells", c.cellvars.iter().map(pair).collect());
        list(out, "free", c.freevars.iter().map(pair).collect());
    }

    fn label(&self, pc: u32) -> String {
        match self.labels.get(&pc) {
            Some(n) => format!("L{n}"),
            None => format!("?label:{pc}"),
        }
    }

    fn label_line(&self, pc: u32, out: &mut String) {
        if let Some(n) = self.labels.get(&pc) {
            let _ = writeln!(out, "  L{n}:");
        }
    }

    fn register(&self, r: u32) -> String {
        match self.names.get(&r) {
            Some(name) => format!("r{r}({name})"),
            None if r >= self.code.registers as u32 => format!("?r{r}"),
            None => format!("r{r}"),
        }
    }

    /// The registers of one operand as text; a run in braces.
    fn registers(&self, op: Opcode, x: &Operands, o: &OperandInfo) -> String {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for_each_access(op, x, |a| {
            if a.position == o.position && a.count != 0 {
                match runs.last_mut() {
                    Some((first, n)) if *first + *n == a.first => *n += a.count,
                    _ => runs.push((a.first, a.count)),
                }
            }
        });
        if matches!(
            o.kind,
            OperandKind::In | OperandKind::Out | OperandKind::InOut
        ) {
            return self.register(x.get(o.position));
        }
        let runs: Vec<String> = runs
            .into_iter()
            .map(|(first, n)| match n {
                1 => self.register(first),
                _ => {
                    let last = first.saturating_add(n - 1);
                    format!("{}..{}", self.register(first), self.register(last))
                }
            })
            .collect();
        match runs.is_empty() {
            // The base still says where the callee's window would begin.
            true => "{}".to_string(),
            false => format!("{{{}}}", runs.join(", ")),
        }
    }

    fn operands(&self, op: Opcode, x: &Operands) -> String {
        let mut outs = Vec::new();
        let mut ins = Vec::new();
        for o in op.info().operands {
            let v = x.get(o.position);
            match o.kind {
                OperandKind::Out | OperandKind::OutBase => outs.push(self.registers(op, x, o)),
                OperandKind::InOut | OperandKind::InOutBase => {
                    let r = self.registers(op, x, o);
                    outs.push(r.clone());
                    ins.push(r);
                }
                OperandKind::In | OperandKind::Base => ins.push(self.registers(op, x, o)),
                OperandKind::Count => {}
                OperandKind::Const => ins.push(self.constant(v)),
                OperandKind::Name => ins.push(match self.code.names.get(v as usize) {
                    Some(n) => n.clone(),
                    None => format!("?name:{v}"),
                }),
                OperandKind::Label => ins.push(self.label(v)),
                OperandKind::Feedback if self.options.feedback => ins.push(format!("fb{v}")),
                OperandKind::Feedback => {}
                OperandKind::SImm => ins.push(x.get_signed(o.position).to_string()),
                OperandKind::Imm => ins.extend(self.immediate(op, o, v)),
            }
        }
        match outs.is_empty() {
            true => ins.join(", "),
            false if ins.is_empty() => outs.join(", "),
            false => format!("{} = {}", outs.join(", "), ins.join(", ")),
        }
    }

    fn immediate(&self, op: Opcode, o: &OperandInfo, v: u32) -> Option<String> {
        let rule = meaning(op, o.position);
        Some(match rule {
            Meaning::KeywordNames if v == 0 => return None,
            Meaning::KeywordNames => format!("{}={}", o.name, self.constant(v - 1)),
            Meaning::FreeVariable => match self.code.freevars.get(v as usize) {
                Some((name, _)) => format!("{}={v}({name})", o.name),
                None => format!("?free:{v}"),
            },
            Meaning::Intrinsic1 | Meaning::Intrinsic2 => {
                intrinsic_name(rule, v).unwrap_or_else(|| format!("?intrinsic:{v}"))
            }
            _ => format!("{}={v}", o.name),
        })
    }

    fn constant(&self, k: u32) -> String {
        match self.code.consts.get(k as usize) {
            Some(c) => display_constant(c),
            None => format!("?const:{k}"),
        }
    }
}

fn flag_names(flags: u32) -> String {
    use co_flags::*;
    const NAMES: &[(u32, &str)] = &[
        (OPTIMIZED, "OPTIMIZED"),
        (NEWLOCALS, "NEWLOCALS"),
        (VARARGS, "VARARGS"),
        (VARKEYWORDS, "VARKEYWORDS"),
        (NESTED, "NESTED"),
        (GENERATOR, "GENERATOR"),
        (COROUTINE, "COROUTINE"),
        (ITERABLE_COROUTINE, "ITERABLE_COROUTINE"),
        (ASYNC_GENERATOR, "ASYNC_GENERATOR"),
        (FUTURE_BARRY_AS_BDFL, "FUTURE_BARRY_AS_BDFL"),
        (FUTURE_GENERATOR_STOP, "FUTURE_GENERATOR_STOP"),
        (FUTURE_ANNOTATIONS, "FUTURE_ANNOTATIONS"),
        (HAS_DOCSTRING, "HAS_DOCSTRING"),
        (METHOD, "METHOD"),
    ];
    let known = NAMES.iter().fold(0, |m, (bit, _)| m | bit);
    let mut names: Vec<String> = NAMES
        .iter()
        .filter(|(bit, _)| flags & bit != 0)
        .map(|(_, n)| n.to_string())
        .collect();
    if flags & !known != 0 {
        names.push(format!("{:#x}", flags & !known));
    }
    match names.is_empty() {
        true => String::new(),
        false => format!(", {}", names.join("|")),
    }
}

/// Nesting of constants beyond which the text is elided.
const TEXT_DEPTH: u32 = 20;

/// A constant in Python's notation, as far as it has one; one line, without limit on length.
pub fn display_constant(k: &Constant) -> String {
    let mut out = String::new();
    write_constant(k, TEXT_DEPTH, &mut out);
    out
}

fn write_constant(k: &Constant, depth: u32, out: &mut String) {
    if depth == 0 {
        out.push('…');
        return;
    }
    let list = |items: &[Constant], out: &mut String| {
        for (i, item) in items.iter().enumerate() {
            if i != 0 {
                out.push_str(", ");
            }
            write_constant(item, depth - 1, out);
        }
    };
    match k {
        Constant::None => out.push_str("None"),
        Constant::Bool(true) => out.push_str("True"),
        Constant::Bool(false) => out.push_str("False"),
        Constant::Ellipsis => out.push_str("Ellipsis"),
        Constant::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Constant::BigInt {
            negative,
            magnitude,
        } => {
            out.push_str(if *negative { "-0x" } else { "0x" });
            for (i, byte) in magnitude.iter().rev().enumerate() {
                let _ = match i {
                    0 => write!(out, "{byte:x}"),
                    _ => write!(out, "{byte:02x}"),
                };
            }
        }
        Constant::Float(bits) => write_float(*bits, out),
        Constant::Complex(re, im) => {
            out.push_str("complex(");
            write_float(*re, out);
            out.push_str(", ");
            write_float(*im, out);
            out.push(')');
        }
        Constant::Str(s) => write_str(s, out),
        Constant::Bytes(s) => {
            let _ = write!(out, "b\"{}\"", s.escape_ascii());
        }
        Constant::Tuple(items) => {
            out.push('(');
            list(items, out);
            out.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Constant::FrozenSet(items) => {
            out.push_str("frozenset({");
            list(items, out);
            out.push_str("})");
        }
        Constant::Slice(parts) => {
            out.push_str("slice(");
            list(&parts[..], out);
            out.push(')');
        }
        Constant::Code(c) => {
            let _ = write!(out, "<code {}>", c.qualname);
        }
    }
}

fn write_float(bits: u64, out: &mut String) {
    let f = f64::from_bits(bits);
    let _ = if f.is_nan() {
        write!(out, "nan({bits:#x})")
    } else {
        write!(out, "{f:?}")
    };
}

/// A WTF-8 string in quotes; what is not UTF-8 (lone surrogates) as bytes.
fn write_str(s: &[u8], out: &mut String) {
    out.push('"');
    for chunk in s.utf8_chunks() {
        for ch in chunk.valid().chars() {
            // `escape_debug` would also escape the single quote, which needs it not.
            match ch {
                '\'' => out.push(ch),
                _ => out.extend(ch.escape_debug()),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Handler, PositionRun, SourceRange};
    use crate::encode::encode;
    use crate::lazy::CodeRef;
    use crate::operand::FeedbackKind;

    fn sample() -> CodeObject {
        let mut words = Vec::new();
        let x = |a, b, c, d, e| Operands { a, b, c, d, e };
        encode(Opcode::Nop, &x(0, 0, 0, 0, 0), &mut words);
        encode(Opcode::BinaryAddInt, &x(1, 0, 0xffff, 0, 0), &mut words);
        encode(Opcode::JumpIfFalse, &x(1, 0, 0, 8, 1), &mut words);
        encode(Opcode::Call, &x(1, 2, 2, 1, 2), &mut words);
        assert_eq!(words.len(), 7);
        encode(Opcode::ReturnNone, &x(0, 0, 0, 0, 0), &mut words);
        encode(Opcode::EnterHandler, &x(1, 2, 0, 0, 0), &mut words);
        encode(Opcode::MakeFunction, &x(1, 2, 9, 1, 0), &mut words);
        encode(Opcode::Reraise, &x(1, 0, 0, 0, 0), &mut words);
        let inner = CodeObject {
            name: "g".into(),
            qualname: "f.<locals>.g".into(),
            ..Default::default()
        };
        CodeObject {
            name: "f".into(),
            qualname: "f".into(),
            flags: 3,
            argcount: 1,
            varnames: vec!["x".into()],
            registers: 6,
            code: words,
            consts: vec![
                Constant::Tuple(vec![Constant::Str(b"k'\"\xed\xa0\x80".to_vec())]),
                Constant::Code(CodeRef::from(inner)),
            ],
            handlers: vec![Handler {
                start: 1,
                end: 7,
                target: 8,
            }],
            positions: vec![PositionRun {
                start: 1,
                range: SourceRange {
                    line: 2,
                    end_line: 2,
                    column: 4,
                    end_column: 9,
                },
            }]
            .into(),
            feedback: vec![
                FeedbackKind::BinaryOp,
                FeedbackKind::Branch,
                FeedbackKind::Call,
            ],
            ..Default::default()
        }
    }

    #[test]
    fn text() {
        let expected = r#"code f (1 args, 6 registers, OPTIMIZED|NEWLOCALS)
  locals: r0=x
  # no line
    Nop
  # line 2
  L0:
    BinaryAddInt    r1 = r0(x), -1, fb0
    JumpIfFalse     r1, L2, fb1
    Call            r1 = {r2..r4}, kwnames=("k'\"\xed\xa0\x80",), fb2
  L1:
    ReturnNone
  L2:
    EnterHandler    r1, r2
    MakeFunction    r1 = {r2, r5}, parts=9, <code f.<locals>.g>
    Reraise         r1
  handlers:
    L0..L1 -> L2

code f.<locals>.g (0 args, 0 registers)
"#;
        assert_eq!(disassemble(&sample()), expected);
    }

    #[test]
    fn single_instructions() {
        let list = instruction_texts(&sample());
        let add = &list[1];
        assert_eq!((add.pc, add.name, add.label), (1, "BinaryAddInt", Some(0)));
        assert_eq!(add.operands, "r1 = r0(x), -1, fb0");
        assert_eq!((add.range.line, list[0].range.line), (2, 0));
        assert_eq!((list.len(), list[0].label), (8, None));
    }

    #[test]
    fn damaged_code_prints() {
        let mut c = sample();
        c.code = vec![0xffff, 1, 2];
        assert!(disassemble(&c).contains("?word:0x000000000000ffff (and 2 more)"));
        // Any operand value prints, whatever the opcode.
        for op in Opcode::ALL {
            let x = Operands {
                a: 0xffff,
                b: 0xffff,
                c: 0xffff,
                d: u32::MAX,
                e: u32::MAX,
            };
            c.code.clear();
            encode(*op, &x, &mut c.code);
            assert!(disassemble(&c).contains(op.info().name));
        }
    }
}
