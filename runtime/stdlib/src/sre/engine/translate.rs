//! Verifies an SRE program and translates it.
//!
//! The instruction words come from Python code and may hold anything: every offset is checked
//! against the enclosing construct, so that what passes cannot lead the matcher astray.
//! Nesting is limited, because the translation recurses over it; the matcher does not.

use super::chars::CharInfo;
use super::charset::{Fold, Set};
use super::inst::{Alternative, Code, Greed, Inst, Item, Look, Loop, Pc, Single};
use super::opcode::{self as op, At};
use super::{InvalidCode, bad};

/// What the next instruction means at the end of a sequence.
#[derive(Clone, Copy)]
enum Ending {
    /// Nothing: the enclosing construct goes on.
    Open,
    /// SUCCESS, which becomes this instruction.
    Success(Inst),
}

/// The state of a translation.
pub(super) struct Translator<'a> {
    chars: &'a dyn CharInfo,
    groups: u32,
    code: Code,
    /// Instructions before this one may be jumped to the end of, so they are not merged with.
    fence: usize,
    depth: u32,
}

impl<'a> Translator<'a> {
    /// Translates a whole program.
    pub(super) fn run(
        code: &[u32],
        groups: u32,
        chars: &'a dyn CharInfo,
    ) -> Result<(Code, usize), InvalidCode> {
        let mut this = Translator {
            chars,
            groups,
            code: Code::default(),
            fence: 0,
            depth: 0,
        };
        let mut start = 0;
        let mut width = 0;
        if code.first() == Some(&op::INFO) {
            let skip = *code.get(1).ok_or(InvalidCode)? as usize;
            width = *code.get(3).ok_or(InvalidCode)? as usize;
            let info = code.get(1..1 + skip).ok_or(InvalidCode)?;
            this.check_info(info)?;
            start = 1 + skip;
        }
        let body = code.get(start..).ok_or(InvalidCode)?;
        this.sequence(body, Ending::Success(Inst::Match))?;
        if this.code.insts.len() > Pc::MAX as usize / 2 {
            return bad();
        }
        Ok((this.code, width))
    }

    /// Checks an INFO block. Only its minimal width is used: the translation finds prefixes and
    /// first characters itself.
    fn check_info(&self, info: &[u32]) -> Result<(), InvalidCode> {
        let flags = *info.get(1).ok_or(InvalidCode)?;
        let rest = info.get(4..).ok_or(InvalidCode)?;
        if flags & !7 != 0 || (flags & op::INFO_PREFIX != 0 && flags & op::INFO_CHARSET != 0) {
            return bad();
        }
        if flags & op::INFO_PREFIX != 0 {
            let len = *rest.first().ok_or(InvalidCode)? as usize;
            let skip = *rest.get(1).ok_or(InvalidCode)? as usize;
            if skip > len || len.checked_mul(2).and_then(|n| n.checked_add(2)) != Some(rest.len()) {
                return bad();
            }
        }
        if flags & op::INFO_CHARSET != 0 {
            Set::decode(rest, Fold::None)?;
        }
        Ok(())
    }

    fn here(&mut self) -> Pc {
        self.fence = self.code.insts.len();
        self.fence as Pc
    }

    fn emit(&mut self, inst: Inst) -> usize {
        self.code.insts.push(inst);
        self.code.insts.len() - 1
    }

    fn patch(&mut self, at: usize, inst: Inst) {
        if let Some(slot) = self.code.insts.get_mut(at) {
            *slot = inst;
        }
    }

    /// Adds a character to the literal that is being emitted, or begins one.
    fn emit_char(&mut self, ch: u32) {
        let count = self.code.insts.len();
        if count > self.fence {
            let end = self.code.literals.len() as u32;
            match self.code.insts.last().copied() {
                Some(Inst::Char(first)) => {
                    self.code.literals.extend([first, ch]);
                    self.patch(count - 1, Inst::Literal { at: end, len: 2 });
                    return;
                }
                Some(Inst::Literal { at, len }) if at + len == end => {
                    self.code.literals.push(ch);
                    self.patch(count - 1, Inst::Literal { at, len: len + 1 });
                    return;
                }
                _ => {}
            }
        }
        self.emit(Inst::Char(ch));
    }

    fn set(&mut self, mut set: Set) -> u32 {
        // Patterns repeat the same few sets; look at the most recent ones only.
        let sets = &mut self.code.sets;
        for (i, known) in sets.iter().enumerate().rev().take(8) {
            if known.same(&set) {
                return i as u32;
            }
        }
        set.fill(self.chars);
        sets.push(set);
        sets.len() as u32 - 1
    }

    /// Translates the single-character instruction at the start of `code`; `None` when it is
    /// another one. Returns the number of words read too.
    fn single(&mut self, code: &[u32]) -> Result<Option<(Item, usize)>, InvalidCode> {
        let opcode = *code.first().ok_or(InvalidCode)?;
        let arg = || code.get(1).copied().ok_or(InvalidCode);
        let set = match opcode {
            op::ANY => return Ok(Some((Item::Any, 1))),
            op::ANY_ALL => return Ok(Some((Item::AnyAll, 1))),
            op::FAILURE => return Ok(Some((Item::Never, 1))),
            op::LITERAL => return Ok(Some((Item::Char(arg()?), 2))),
            op::NOT_LITERAL => return Ok(Some((Item::NotChar(arg()?), 2))),
            op::LITERAL_IGNORE => Set::literal(arg()?, false, Fold::Ascii),
            op::NOT_LITERAL_IGNORE => Set::literal(arg()?, true, Fold::Ascii),
            op::LITERAL_UNI_IGNORE => Set::literal(arg()?, false, Fold::Unicode),
            op::NOT_LITERAL_UNI_IGNORE => Set::literal(arg()?, true, Fold::Unicode),
            op::LITERAL_LOC_IGNORE => Set::literal(arg()?, false, Fold::Locale),
            op::NOT_LITERAL_LOC_IGNORE => Set::literal(arg()?, true, Fold::Locale),
            op::CATEGORY => Set::category(arg()?)?,
            op::IN | op::IN_IGNORE | op::IN_UNI_IGNORE | op::IN_LOC_IGNORE => {
                let fold = match opcode {
                    op::IN => Fold::None,
                    op::IN_IGNORE => Fold::Ascii,
                    op::IN_UNI_IGNORE => Fold::Unicode,
                    _ => Fold::Locale,
                };
                let skip = arg()? as usize;
                let end = skip.checked_add(1).ok_or(InvalidCode)?;
                let set = Set::decode(code.get(2..end).ok_or(InvalidCode)?, fold)?;
                return Ok(Some((Item::Set(self.set(set)), end)));
            }
            _ => return Ok(None),
        };
        Ok(Some((Item::Set(self.set(set)), 2)))
    }

    /// Translates a sequence that must fill `code`. Returns its least width.
    fn sequence(&mut self, code: &[u32], ending: Ending) -> Result<usize, InvalidCode> {
        self.depth += 1;
        if self.depth > op::MAX_NESTING {
            return bad();
        }
        let mut code = code;
        let mut width = 0usize;
        let mut ended = false;
        while let Some(&opcode) = code.first() {
            if opcode == op::SUCCESS {
                let Ending::Success(last) = ending else {
                    return bad();
                };
                if code.len() != 1 {
                    return bad();
                }
                self.emit(last);
                ended = true;
                break;
            }
            let (used, least) = self.instruction(code)?;
            width = width.saturating_add(least);
            code = code.get(used..).ok_or(InvalidCode)?;
        }
        if matches!(ending, Ending::Success(_)) && !ended {
            return bad();
        }
        self.depth -= 1;
        Ok(width)
    }

    /// Translates one instruction. Returns the number of words read and the least width.
    fn instruction(&mut self, code: &[u32]) -> Result<(usize, usize), InvalidCode> {
        if let Some((item, used)) = self.single(code)? {
            match item {
                Item::Char(ch) => self.emit_char(ch),
                Item::NotChar(ch) => _ = self.emit(Inst::NotChar(ch)),
                Item::Any => _ = self.emit(Inst::Any),
                Item::AnyAll => _ = self.emit(Inst::AnyAll),
                Item::Set(set) => _ = self.emit(Inst::Set(set)),
                Item::Never => _ = self.emit(Inst::Fail),
            }
            return Ok((used, 1));
        }
        let opcode = *code.first().ok_or(InvalidCode)?;
        let word = |i: usize| code.get(i).copied().ok_or(InvalidCode);
        match opcode {
            op::AT => {
                let at = At::decode(word(1)?).ok_or(InvalidCode)?;
                self.emit(Inst::At(at));
                Ok((2, 0))
            }
            op::MARK => {
                let mark = word(1)?;
                if mark / 2 >= self.groups {
                    return bad();
                }
                self.emit(Inst::Mark(mark));
                Ok((2, 0))
            }
            op::GROUPREF
            | op::GROUPREF_IGNORE
            | op::GROUPREF_UNI_IGNORE
            | op::GROUPREF_LOC_IGNORE => {
                let group = word(1)?;
                if group >= self.groups {
                    return bad();
                }
                let fold = match opcode {
                    op::GROUPREF => Fold::None,
                    op::GROUPREF_IGNORE => Fold::Ascii,
                    op::GROUPREF_UNI_IGNORE => Fold::Unicode,
                    _ => Fold::Locale,
                };
                self.code.refers_back = true;
                self.emit(Inst::GroupRef { group, fold });
                Ok((2, 0))
            }
            op::GROUPREF_EXISTS => self.conditional(code),
            op::BRANCH => self.branch(code),
            op::REPEAT_ONE | op::MIN_REPEAT_ONE | op::POSSESSIVE_REPEAT_ONE => {
                self.repeat_single(code, opcode)
            }
            op::REPEAT => self.repeat(code),
            op::POSSESSIVE_REPEAT => self.possessive(code),
            op::ATOMIC_GROUP => {
                let (end, body) = skipped(code, 2)?;
                let start = self.emit(Inst::Atomic) as Pc;
                let end_inst = Inst::AtomicEnd { start };
                let width = self.sequence(body, Ending::Success(end_inst))?;
                self.here();
                Ok((end, width))
            }
            op::ASSERT | op::ASSERT_NOT => {
                let (end, body) = skipped(code, 3)?;
                let back = word(2)?;
                let at = self.emit(Inst::Fail);
                let last = if opcode == op::ASSERT {
                    Inst::AssertEnd
                } else {
                    Inst::AssertNotEnd
                };
                self.sequence(body, Ending::Success(last))?;
                let next = self.here();
                self.patch(
                    at,
                    if opcode == op::ASSERT {
                        Inst::Assert { back, next }
                    } else {
                        Inst::AssertNot { back, next }
                    },
                );
                Ok((end, 0))
            }
            _ => bad(),
        }
    }

    /// GROUPREF_EXISTS group skip yes… \[JUMP skip no…\]
    fn conditional(&mut self, code: &[u32]) -> Result<(usize, usize), InvalidCode> {
        let word = |i: usize| code.get(i).copied().ok_or(InvalidCode);
        let group = word(1)?;
        if group >= self.groups {
            return bad();
        }
        self.code.refers_back = true;
        // The offset counts from the word after its own, less one.
        let no_at = (word(2)? as usize).checked_add(1).ok_or(InvalidCode)?;
        let at = self.emit(Inst::Fail);
        let yes = code.get(3..no_at).ok_or(InvalidCode)?;
        // A JUMP can only be the last instruction of the "yes" part, and must lead past it.
        let jump = yes.len().checked_sub(2).filter(|&j| {
            yes.get(j) == Some(&op::JUMP)
                && self.ends_sequence(yes, j)
                && yes.get(j + 1).is_some_and(|&skip| skip >= 1)
        });
        let Some(jump) = jump else {
            self.sequence(yes, Ending::Open)?;
            let no = self.here();
            self.patch(at, Inst::GroupExists { group, no });
            return Ok((no_at, 0));
        };
        let skip = *yes.get(jump + 1).ok_or(InvalidCode)? as usize;
        let end = (3 + jump + 1).checked_add(skip).ok_or(InvalidCode)?;
        let no_code = code.get(no_at..end).ok_or(InvalidCode)?;
        let yes_width = self.sequence(yes.get(..jump).ok_or(InvalidCode)?, Ending::Open)?;
        let out = self.emit(Inst::Fail);
        let no = self.here();
        self.patch(at, Inst::GroupExists { group, no });
        let no_width = self.sequence(no_code, Ending::Open)?;
        let next = self.here();
        self.patch(out, Inst::Jump(next));
        Ok((end, yes_width.min(no_width)))
    }

    /// Whether an instruction of the sequence `code` begins at `at`.
    fn ends_sequence(&self, code: &[u32], at: usize) -> bool {
        let mut pos = 0;
        while pos < at {
            let Some(len) = length(code.get(pos..).unwrap_or(&[]), 0) else {
                return false;
            };
            pos += len;
        }
        pos == at
    }

    /// BRANCH (skip body… JUMP out)… 0
    fn branch(&mut self, code: &[u32]) -> Result<(usize, usize), InvalidCode> {
        let index = self.code.branches.len();
        self.code.branches.push(Vec::new());
        self.emit(Inst::Branch(index as u32));
        let mut at = 1usize;
        let mut out = None;
        let mut jumps = Vec::new();
        let mut alternatives = Vec::new();
        let mut width = usize::MAX;
        loop {
            let skip = *code.get(at).ok_or(InvalidCode)? as usize;
            if skip == 0 {
                break;
            }
            if skip < 3 {
                return bad();
            }
            let end = at.checked_add(skip).ok_or(InvalidCode)?;
            let body = code.get(at + 1..end - 2).ok_or(InvalidCode)?;
            if code.get(end - 2) != Some(&op::JUMP) {
                return bad();
            }
            let jump = *code.get(end - 1).ok_or(InvalidCode)? as usize;
            let target = (end - 1).checked_add(jump).ok_or(InvalidCode)?;
            if *out.get_or_insert(target) != target {
                return bad();
            }
            let pc = self.here();
            alternatives.push(Alternative {
                pc,
                look: Look::anything(),
            });
            width = width.min(self.sequence(body, Ending::Open)?);
            jumps.push(self.emit(Inst::Fail));
            at = end;
        }
        if out.is_some_and(|target| target != at + 1) {
            return bad();
        }
        let next = self.here();
        for jump in jumps {
            self.patch(jump, Inst::Jump(next));
        }
        if let Some(slot) = self.code.branches.get_mut(index) {
            *slot = alternatives;
        }
        Ok((at + 1, if out.is_some() { width } else { 0 }))
    }

    fn repeat_single(&mut self, code: &[u32], opcode: u32) -> Result<(usize, usize), InvalidCode> {
        let (end, body) = skipped(code, 4)?;
        let (min, max) = bounds(code)?;
        let Some((item, used)) = self.single(body)? else {
            return bad();
        };
        if body.get(used..) != Some(&[op::SUCCESS]) {
            return bad();
        }
        let index = self.code.singles.len() as u32;
        self.emit(Inst::Single(index));
        let tail = self.here();
        self.code.singles.push(Single {
            item,
            min,
            max,
            greed: match opcode {
                op::REPEAT_ONE => Greed::Greedy,
                op::MIN_REPEAT_ONE => Greed::Lazy,
                _ => Greed::Possessive,
            },
            tail,
            look: Look::anything(),
            only: None,
            disjoint_narrow: false,
            disjoint: false,
        });
        Ok((end, min))
    }

    fn new_loop(&mut self, min: usize, max: usize) -> u32 {
        self.code.loops.push(Loop {
            min,
            max,
            body: 0,
            until: 0,
            tail: 0,
            body_look: Look::anything(),
            tail_look: Look::anything(),
        });
        self.code.loops.len() as u32 - 1
    }

    /// REPEAT skip min max body… UNTIL
    fn repeat(&mut self, code: &[u32]) -> Result<(usize, usize), InvalidCode> {
        let (end, body) = skipped(code, 4)?;
        let (min, max) = bounds(code)?;
        let greedy = match code.get(end) {
            Some(&op::MAX_UNTIL) => true,
            Some(&op::MIN_UNTIL) => false,
            _ => return bad(),
        };
        let index = self.new_loop(min, max);
        let head = self.emit(Inst::Fail);
        let start = self.here();
        let width = self.sequence(body, Ending::Open)?;
        let until = self.here();
        let entry;
        if min == 0 && max == 1 {
            self.emit(Inst::Jump(until + 1));
            entry = if greedy {
                Inst::Maybe(index)
            } else {
                Inst::MaybeLazy(index)
            };
        } else if min <= 1 && max == usize::MAX && width > 0 {
            self.emit(if greedy {
                Inst::Star(index)
            } else {
                Inst::StarLazy(index)
            });
            entry = Inst::Jump(if min == 0 { until } else { start });
        } else {
            self.emit(if greedy {
                Inst::Until(index)
            } else {
                Inst::UntilLazy(index)
            });
            entry = Inst::LoopStart(index);
        }
        self.patch(head, entry);
        let tail = self.here();
        if let Some(this) = self.code.loops.get_mut(index as usize) {
            (this.body, this.until, this.tail) = (start, until, tail);
        }
        Ok((end + 1, width.saturating_mul(min)))
    }

    /// POSSESSIVE_REPEAT skip min max body… SUCCESS
    fn possessive(&mut self, code: &[u32]) -> Result<(usize, usize), InvalidCode> {
        let (end, body) = skipped(code, 4)?;
        let (min, max) = bounds(code)?;
        if code.get(end) != Some(&op::SUCCESS) {
            return bad();
        }
        let index = self.new_loop(min, max);
        self.emit(Inst::LoopStart(index));
        let until = self.here();
        self.emit(Inst::Possess(index));
        let start = self.here();
        let width = self.sequence(body, Ending::Open)?;
        self.emit(Inst::PossessEnd(index));
        let tail = self.here();
        if let Some(this) = self.code.loops.get_mut(index as usize) {
            (this.body, this.until, this.tail) = (start, until, tail);
        }
        Ok((end + 1, width.saturating_mul(min)))
    }
}

/// The end of a construct whose first operand is its length, and its words from `from` on.
fn skipped(code: &[u32], from: usize) -> Result<(usize, &[u32]), InvalidCode> {
    let skip = *code.get(1).ok_or(InvalidCode)? as usize;
    let end = skip.checked_add(1).ok_or(InvalidCode)?;
    Ok((end, code.get(from..end).ok_or(InvalidCode)?))
}

/// The bounds of a repeat.
fn bounds(code: &[u32]) -> Result<(usize, usize), InvalidCode> {
    let min = *code.get(2).ok_or(InvalidCode)?;
    let max = *code.get(3).ok_or(InvalidCode)?;
    if min > max {
        return bad();
    }
    Ok((
        min as usize,
        if max == op::MAXREPEAT {
            usize::MAX
        } else {
            max as usize
        },
    ))
}

/// The length in words of the instruction at the start of `code`, as far as it can be told.
fn length(code: &[u32], depth: u32) -> Option<usize> {
    let word = |i: usize| code.get(i).map(|&w| w as usize);
    Some(match *code.first()? {
        op::FAILURE | op::SUCCESS | op::ANY | op::ANY_ALL | op::MAX_UNTIL | op::MIN_UNTIL => 1,
        op::AT | op::CATEGORY | op::MARK | op::JUMP => 2,
        op::LITERAL | op::NOT_LITERAL | op::LITERAL_IGNORE | op::NOT_LITERAL_IGNORE => 2,
        op::LITERAL_UNI_IGNORE | op::NOT_LITERAL_UNI_IGNORE => 2,
        op::LITERAL_LOC_IGNORE | op::NOT_LITERAL_LOC_IGNORE => 2,
        op::GROUPREF | op::GROUPREF_IGNORE | op::GROUPREF_UNI_IGNORE | op::GROUPREF_LOC_IGNORE => 2,
        op::IN | op::IN_IGNORE | op::IN_UNI_IGNORE | op::IN_LOC_IGNORE => word(1)? + 1,
        op::REPEAT_ONE | op::MIN_REPEAT_ONE | op::POSSESSIVE_REPEAT_ONE => word(1)? + 1,
        op::ASSERT | op::ASSERT_NOT | op::ATOMIC_GROUP => word(1)? + 1,
        op::REPEAT | op::POSSESSIVE_REPEAT => word(1)? + 2,
        op::BRANCH => {
            let mut at = 1;
            while word(at)? != 0 {
                at += word(at)?;
            }
            at + 1
        }
        // The "yes" part's own instructions follow in sequence; its JUMP is stepped over.
        op::GROUPREF_EXISTS if depth < op::MAX_NESTING => {
            let no_at = word(2)? + 1;
            let yes = code.get(3..no_at)?;
            let mut pos = 0;
            let mut last = 0;
            while pos < yes.len() {
                last = pos;
                pos += length(yes.get(pos..)?, depth + 1)?;
            }
            if yes.get(last) == Some(&op::JUMP) {
                3 + last + 1 + *yes.get(last + 1)? as usize
            } else {
                no_at
            }
        }
        _ => return None,
    })
}
