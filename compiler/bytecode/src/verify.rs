//! The verifier: what stands between a loaded `.pyc` (or a compiler bug) and the interpreter.
//!
//! # What a verified code object promises
//!
//! Executing any sequence of its instructions, in any order that labels, handlers and
//! fall-through allow, decodes only whole instructions, touches only registers inside
//! the window, indexes constants, names, feedback slots and free variables inside their tables,
//! finds each of the right kind, and never runs past the end. So the interpreter may fetch
//! and index without checks.
//!
//! # What it does not promise
//!
//! Nothing about the *values* in registers: whether `R[cell]` is a cell or `R[list]` a list is
//! for the interpreter to test.
//!
//! Nor that a register was written before it is read, or was not clobbered by a `Call` in
//! between. So an interpreter must zero a window when it enters it (but for the arguments), and
//! what a callee leaves in the shared part stays a root of the collector: then any read gives a
//! live value or "unbound". A compiler that emits such a read is wrong all the same;
//! [`clobbered_read`](crate::liveness::clobbered_read) finds it in tests.
//!
//! Time is linear in the size of the code object, nested ones included; the walk over nested
//! code uses a list, not recursion.

use std::fmt;

use crate::access::window_needed;
use crate::code::{CodeObject, Constant, Intrinsic1, Intrinsic2, co_flags};
use crate::encode::{Operands, decode};
use crate::meaning::{Meaning, meaning};
use crate::opcode::Opcode;
use crate::operand::{OperandKind, flags};

/// How deep code objects may nest.
pub const MAX_NESTING: u32 = 256;

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// No instructions at all.
    Empty,
    /// More words than a label can name.
    TooLong,
    /// A word that is no instruction.
    UnknownInstruction,
    /// A register or run reaches out of the window.
    Register,
    /// A constant index out of range.
    Const,
    /// A constant of the wrong kind for the instruction.
    ConstKind,
    /// A name index out of range.
    Name,
    /// A feedback slot out of range.
    Feedback,
    /// A feedback slot of another kind than the instruction's row says.
    FeedbackKind,
    /// An immediate number without a meaning.
    Immediate,
    /// A label that is not at the start of an instruction.
    Label,
    /// `Jump` goes back or `LoopBack` goes forward.
    JumpDirection,
    /// A jump or fall-through into an `EnterHandler`.
    IntoHandler,
    /// Control runs off the end.
    FallsOffEnd,
    /// A handler's range is empty, or an end of it is not at an instruction.
    HandlerRange,
    /// A handler does not begin with `EnterHandler`.
    HandlerTarget,
    /// Source runs out of order, out of range, or not at instructions.
    Positions,
    /// More parameters than locals, or positional-only than positional ones.
    Parameters,
    /// More locals than registers.
    Locals,
    /// The cell or free variable's register is outside of the window.
    CellRegister,
    /// A string constant that is not WTF-8, or a wide int that is not in normal form.
    ConstValue,
    /// More than one of generator, coroutine, asynchronous generator.
    Flags,
    /// `HAS_DOCSTRING` without a string as the first constant.
    Docstring,
    /// `ReturnGenerator` missing, repeated, out of place, or in a plain function; or a
    /// suspension in a plain function.
    Generator,
    /// `MakeFunction`'s closure bit disagrees with the free variables of its code.
    Closure,
    /// Nested deeper than [`MAX_NESTING`].
    TooDeep,
}

impl Fault {
    fn text(self) -> &'static str {
        match self {
            Fault::Empty => "no instructions",
            Fault::TooLong => "too many instructions",
            Fault::UnknownInstruction => "unknown or cut instruction",
            Fault::Register => "register out of range",
            Fault::Const => "constant out of range",
            Fault::ConstKind => "constant of the wrong kind",
            Fault::Name => "name out of range",
            Fault::Feedback => "feedback slot out of range",
            Fault::FeedbackKind => "feedback slot of the wrong kind",
            Fault::Immediate => "number without a meaning",
            Fault::Label => "label not at an instruction",
            Fault::JumpDirection => "jump in the wrong direction",
            Fault::IntoHandler => "control enters a handler",
            Fault::FallsOffEnd => "control runs off the end",
            Fault::HandlerRange => "bad range of a handler",
            Fault::HandlerTarget => "handler does not begin with EnterHandler",
            Fault::Positions => "bad source positions",
            Fault::Parameters => "bad parameter counts",
            Fault::Locals => "more locals than registers",
            Fault::CellRegister => "register of a cell out of range",
            Fault::ConstValue => "malformed constant",
            Fault::Flags => "contradictory flags",
            Fault::Docstring => "no docstring",
            Fault::Generator => "generator set-up missing or misplaced",
            Fault::Closure => "closure disagrees with the free variables",
            Fault::TooDeep => "nested too deep",
        }
    }
}

/// Why a code object is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// Qualified name of the code object at fault.
    pub code: String,
    /// Word index of the instruction at fault, if it is one.
    pub pc: Option<u32>,
    /// What is wrong.
    pub fault: Fault,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.fault.text())?;
        match self.pc {
            Some(pc) => write!(f, " at word {pc}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for VerifyError {}

/// Checks a code object and all code nested in it.
pub fn verify(code: &CodeObject) -> Result<(), VerifyError> {
    let mut pending = vec![(code, 0)];
    while let Some((code, depth)) = pending.pop() {
        let refused = |(pc, fault)| VerifyError {
            code: code.qualname.clone(),
            pc,
            fault,
        };
        verify_one(code).map_err(refused)?;
        for k in &code.consts {
            nested(k, depth + 1, &mut pending).map_err(|f| refused((None, f)))?;
        }
    }
    Ok(())
}

/// Checks a constant and adds the code objects in it, also those inside tuples.
fn nested<'a>(
    k: &'a Constant,
    depth: u32,
    pending: &mut Vec<(&'a CodeObject, u32)>,
) -> Result<(), Fault> {
    let mut items = vec![(k, depth)];
    while let Some((k, depth)) = items.pop() {
        let inner: &[Constant] = match k {
            Constant::Code(_) | Constant::Tuple(_) | Constant::FrozenSet(_)
                if depth > MAX_NESTING =>
            {
                return Err(Fault::TooDeep);
            }
            Constant::Code(c) => {
                pending.push((c, depth));
                continue;
            }
            Constant::Tuple(inner) | Constant::FrozenSet(inner) => inner,
            Constant::Slice(inner) => &inner[..],
            Constant::Str(s) if !is_wtf8(s) => return Err(Fault::ConstValue),
            // Without leading zeros, and too wide for `Constant::Int`.
            Constant::BigInt { magnitude, .. }
                if magnitude.len() < 8 || magnitude.last() == Some(&0) =>
            {
                return Err(Fault::ConstValue);
            }
            _ => continue,
        };
        items.extend(inner.iter().map(|k| (k, depth + 1)));
    }
    Ok(())
}

/// UTF-8 but for surrogates, which may stand alone or in pairs (Python keeps them apart).
fn is_wtf8(mut s: &[u8]) -> bool {
    while let Err(e) = std::str::from_utf8(s) {
        match s.get(e.valid_up_to()..) {
            Some([0xed, 0xa0..=0xbf, 0x80..=0xbf, rest @ ..]) => s = rest,
            _ => return false,
        }
    }
    true
}

type Found = (Option<u32>, Fault);

fn verify_one(code: &CodeObject) -> Result<(), Found> {
    verify_header(code).map_err(|f| (None, f))?;
    let map = verify_instructions(code)?;
    verify_handlers(code, &map).map_err(|f| (None, f))?;
    let mut last = None;
    for run in code.positions.iter() {
        let ordered = match last {
            None => run.start == 0,
            Some(last) => run.start > last,
        };
        if !ordered || !map.is_start(run.start) {
            return Err((None, Fault::Positions));
        }
        last = Some(run.start);
    }
    Ok(())
}

fn verify_header(code: &CodeObject) -> Result<(), Fault> {
    if code.code.is_empty() {
        return Err(Fault::Empty);
    }
    if code.code.len() >= u32::MAX as usize {
        return Err(Fault::TooLong);
    }
    if code.varnames.len() > code.registers as usize {
        return Err(Fault::Locals);
    }
    let has = |flag: u32| u64::from(code.flags & flag != 0);
    let parameters = code.argcount as u64
        + code.kwonlyargcount as u64
        + has(co_flags::VARARGS)
        + has(co_flags::VARKEYWORDS);
    if code.posonlyargcount > code.argcount || parameters > code.varnames.len() as u64 {
        return Err(Fault::Parameters);
    }
    let mut cells = code.cellvars.iter().chain(&code.freevars);
    if cells.any(|(_, r)| *r >= code.registers) {
        return Err(Fault::CellRegister);
    }
    let kinds =
        has(co_flags::GENERATOR) + has(co_flags::COROUTINE) + has(co_flags::ASYNC_GENERATOR);
    if kinds > 1 {
        return Err(Fault::Flags);
    }
    if has(co_flags::HAS_DOCSTRING) == 1 && !matches!(code.consts.first(), Some(Constant::Str(_))) {
        return Err(Fault::Docstring);
    }
    Ok(())
}

/// A bit per word.
struct WordSet(Vec<u64>);

impl WordSet {
    fn new(words: usize) -> WordSet {
        WordSet(vec![0; words.div_ceil(64)])
    }

    fn insert(&mut self, pc: usize) {
        if let Some(w) = self.0.get_mut(pc / 64) {
            *w |= 1 << (pc % 64);
        }
    }

    fn contains(&self, pc: u32) -> bool {
        let w = self.0.get(pc as usize / 64).copied().unwrap_or(0);
        w >> (pc % 64) & 1 != 0
    }
}

/// Where instructions start, and which of them are `EnterHandler`.
struct Map {
    starts: WordSet,
    handlers: WordSet,
    /// Where `ReturnGenerator` is.
    generator: Option<u32>,
    len: u32,
}

impl Map {
    fn is_start(&self, pc: u32) -> bool {
        self.starts.contains(pc)
    }
}

fn verify_instructions(code: &CodeObject) -> Result<Map, Found> {
    let len = code.code.len();
    let mut map = Map {
        starts: WordSet::new(len),
        handlers: WordSet::new(len),
        generator: None,
        len: len as u32,
    };
    let suspendable =
        code.flags & (co_flags::GENERATOR | co_flags::COROUTINE | co_flags::ASYNC_GENERATOR) != 0;
    // Whether `ReturnGenerator` may still come.
    let mut prologue = true;
    let mut labels: Vec<(u32, u32)> = Vec::new();
    let mut falls = false;
    let mut pc = 0;
    while pc < len {
        let at = |fault| (Some(pc as u32), fault);
        let Some((op, x, next)) = decode(&code.code, pc) else {
            return Err(at(Fault::UnknownInstruction));
        };
        map.starts.insert(pc);
        if let Some(target) = verify_operands(code, op, &x).map_err(at)? {
            let forward = target > pc as u32;
            if (op == Opcode::Jump && !forward) || (op == Opcode::LoopBack && forward) {
                return Err(at(Fault::JumpDirection));
            }
            labels.push((pc as u32, target));
        }
        if op == Opcode::EnterHandler {
            map.handlers.insert(pc);
            if falls || pc == 0 {
                return Err(at(Fault::IntoHandler));
            }
        }
        let does = op.info().flags;
        if op == Opcode::ReturnGenerator {
            if !suspendable || !prologue || map.generator.is_some() {
                return Err(at(Fault::Generator));
            }
            map.generator = Some(pc as u32);
        } else if does & flags::SUSPENDS != 0 && map.generator.is_none() {
            return Err(at(Fault::Generator));
        }
        // Only straight-line code may stand before `ReturnGenerator`.
        prologue &= does & (flags::JUMPS | flags::TERMINATES) == 0;
        falls = does & flags::TERMINATES == 0;
        pc = next;
    }
    if falls {
        return Err((None, Fault::FallsOffEnd));
    }
    if suspendable && map.generator.is_none() {
        return Err((None, Fault::Generator));
    }
    for (pc, target) in labels {
        let fault = if !map.is_start(target) {
            Fault::Label
        } else if map.handlers.contains(target) {
            Fault::IntoHandler
        } else if map.generator.is_some_and(|g| target <= g) {
            Fault::Generator
        } else {
            continue;
        };
        return Err((Some(pc), fault));
    }
    Ok(map)
}

/// Checks the operands in one pass over the row, and gives the label if there is one.
fn verify_operands(code: &CodeObject, op: Opcode, x: &Operands) -> Result<Option<u32>, Fault> {
    let info = op.info();
    let window = code.registers as u32;
    let mut label = None;
    for o in info.operands {
        let v = x.get(o.position);
        match o.kind {
            OperandKind::Out | OperandKind::In | OperandKind::InOut => {
                if v >= window {
                    return Err(Fault::Register);
                }
            }
            OperandKind::Base | OperandKind::OutBase | OperandKind::InOutBase => {
                // An empty run may begin at the window's end, not beyond it.
                if window_needed(op, x) > window {
                    return Err(Fault::Register);
                }
            }
            OperandKind::Const => {
                let k = code.consts.get(v as usize).ok_or(Fault::Const)?;
                verify_constant(op, x, meaning(op, o.position), k)?;
            }
            OperandKind::Name => {
                if v as usize >= code.names.len() {
                    return Err(Fault::Name);
                }
            }
            OperandKind::Feedback => {
                let slot = code.feedback.get(v as usize).ok_or(Fault::Feedback)?;
                if Some(*slot) != info.feedback {
                    return Err(Fault::FeedbackKind);
                }
            }
            OperandKind::Imm => verify_immediate(code, op, x, meaning(op, o.position), v)?,
            OperandKind::Label => label = Some(v),
            OperandKind::Count | OperandKind::SImm => {}
        }
    }
    Ok(label)
}

fn is_name_tuple(k: &Constant, at_most: usize) -> bool {
    match k {
        Constant::Tuple(names) => {
            names.len() <= at_most && names.iter().all(|n| matches!(n, Constant::Str(_)))
        }
        _ => false,
    }
}

fn verify_constant(op: Opcode, x: &Operands, rule: Meaning, k: &Constant) -> Result<(), Fault> {
    match rule {
        Meaning::Code => {
            let Constant::Code(inner) = k else {
                return Err(Fault::ConstKind);
            };
            let closure = op == Opcode::MakeFunction && x.c & 8 != 0;
            match closure == inner.freevars.is_empty() {
                true => Err(Fault::Closure),
                false => Ok(()),
            }
        }
        Meaning::NameTuple if !is_name_tuple(k, usize::MAX) => Err(Fault::ConstKind),
        _ => Ok(()),
    }
}

fn verify_immediate(
    code: &CodeObject,
    op: Opcode,
    x: &Operands,
    rule: Meaning,
    v: u32,
) -> Result<(), Fault> {
    let valid = match rule {
        Meaning::Any | Meaning::NameTuple | Meaning::Code => true,
        Meaning::Below(n) => v < n,
        Meaning::FreeVariable => (v as usize) < code.freevars.len(),
        Meaning::Intrinsic1 => u16::try_from(v).is_ok_and(|v| Intrinsic1::from_u16(v).is_some()),
        Meaning::Intrinsic2 => u16::try_from(v).is_ok_and(|v| Intrinsic2::from_u16(v).is_some()),
        Meaning::KeywordNames => {
            if v != 0 {
                let k = code.consts.get(v as usize - 1).ok_or(Fault::Const)?;
                let count = op.operand(x, OperandKind::Count).unwrap_or(0);
                if !is_name_tuple(k, count as usize) {
                    return Err(Fault::ConstKind);
                }
            }
            true
        }
    };
    match valid {
        true => Ok(()),
        false => Err(Fault::Immediate),
    }
}

fn verify_handlers(code: &CodeObject, map: &Map) -> Result<(), Fault> {
    for h in &code.handlers {
        let ends = h.end == map.len || map.is_start(h.end);
        if h.start >= h.end || !map.is_start(h.start) || !ends {
            return Err(Fault::HandlerRange);
        }
        // Before `ReturnGenerator` the frame is an ordinary one, which no handler that
        // might suspend may enter.
        if map.generator.is_some_and(|g| h.start <= g) {
            return Err(Fault::Generator);
        }
        if !map.handlers.contains(h.target) {
            return Err(Fault::HandlerTarget);
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
