//! The matcher: runs a translated program at one position.
//!
//! Depth-first search with an explicit stack. A frame says what to try, or what to undo, when
//! matching fails; nothing here recurses. *Barriers* are frames that begin the body of an
//! assertion, an atomic group or a round of a possessive loop: when the body has matched, its
//! choices are forgotten (`commit`), when it fails, the barrier itself is popped. The topmost
//! barrier's index is kept in a register, its predecessor in the frame.
//!
//! Loops keep their counters in fixed slots. Every change of a counter or a mark that some frame
//! below could fail back across is preceded by a frame that undoes it, so after failing back the
//! state is what it was when the choice was made.

use super::chars::{Unit, is_word};
use super::charset::Fold;
use super::inst::{Code, Greed, Inst, Item, Look, Pc, Single};
use super::opcode::At;
use super::scratch::{Counter, Kind, NONE, Scratch};
use super::{Context, MatchError};

/// Steps between two calls of the interrupt check.
const INTERRUPT_STEPS: u32 = 1 << 14;

/// What a match must satisfy besides the pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal {
    /// It must not end here (`usize::MAX`: anywhere is fine).
    pub(super) not_at: usize,
    /// It must reach the end of the subject.
    pub(super) all: bool,
}

/// A program, a subject (cut off at its end position) and the surroundings.
pub(super) struct Matcher<'a, 'c, U> {
    pub(super) code: &'a Code,
    pub(super) subject: &'a [U],
    pub(super) context: &'a mut Context<'c>,
    /// Steps until the next interrupt check.
    pub(super) fuel: u32,
}

impl<'a, 'c, U: Unit> Matcher<'a, 'c, U> {
    pub(super) fn new(code: &'a Code, subject: &'a [U], context: &'a mut Context<'c>) -> Self {
        Matcher {
            code,
            subject,
            context,
            fuel: INTERRUPT_STEPS,
        }
    }

    /// Counts a step, and asks now and then whether to stop.
    #[inline(always)]
    pub(super) fn tick(&mut self) -> Result<(), MatchError> {
        self.fuel -= 1;
        if self.fuel == 0 { self.check() } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    fn check(&mut self) -> Result<(), MatchError> {
        self.fuel = INTERRUPT_STEPS;
        if (self.context.interrupt)() {
            Err(MatchError::Interrupted)
        } else {
            Ok(())
        }
    }

    #[inline(always)]
    fn peek(&self, pos: usize) -> Option<u32> {
        self.subject.get(pos).map(|unit| unit.code())
    }

    #[inline(always)]
    fn admits(&self, look: &Look, pos: usize) -> bool {
        look.always || look.admits(self.peek(pos))
    }

    #[inline(always)]
    fn in_set(&self, set: u32, ch: u32) -> bool {
        self.code
            .sets
            .get(set as usize)
            .is_some_and(|set| set.contains(ch, self.context.chars))
    }

    fn accepts(&self, item: Item, ch: u32) -> bool {
        match item {
            Item::Char(only) => ch == only,
            Item::NotChar(not) => ch != not,
            Item::Any => ch != 10,
            Item::AnyAll => true,
            Item::Set(set) => self.in_set(set, ch),
            Item::Never => false,
        }
    }

    /// The end of the longest run of an item's characters from `pos`, of at most `max`.
    #[inline]
    fn run_end(&self, item: Item, pos: usize, max: usize) -> usize {
        let rest = self.subject.get(pos..).unwrap_or(&[]);
        let rest = rest.get(..max).unwrap_or(rest);
        let run = match item {
            Item::AnyAll => None,
            Item::Any => find(rest, 10),
            Item::NotChar(not) => find(rest, not),
            Item::Char(only) => rest.iter().position(|unit| unit.code() != only),
            Item::Never => Some(0),
            Item::Set(set) => match self.code.sets.get(set as usize) {
                Some(set) if set.is_static => {
                    let chars = self.context.chars;
                    rest.iter().position(|unit| {
                        let ch = unit.code();
                        match set.table.get(ch as usize) {
                            Some(&member) => !member,
                            None => !set.high || !set.contains(ch, chars),
                        }
                    })
                }
                _ => rest.iter().position(|unit| !self.in_set(set, unit.code())),
            },
        };
        pos + run.unwrap_or(rest.len())
    }

    fn at(&self, at: At, pos: usize) -> bool {
        let before = pos.checked_sub(1).and_then(|i| self.peek(i));
        let after = self.peek(pos);
        match at {
            At::Beginning => pos == 0,
            At::BeginningLine => before.is_none_or(|ch| ch == 10),
            At::End => after.is_none() || (after == Some(10) && pos + 1 == self.subject.len()),
            At::EndLine => after.is_none_or(|ch| ch == 10),
            At::EndString => after.is_none(),
            At::Boundary(words) | At::NonBoundary(words) => {
                let chars = self.context.chars;
                let word = |ch: Option<u32>| ch.is_some_and(|ch| is_word(ch, words, chars));
                (word(before) != word(after)) == matches!(at, At::Boundary(_))
            }
        }
    }

    /// The end of a group's text repeated at `pos`.
    fn again(&self, scratch: &Scratch, group: u32, fold: Fold, pos: usize) -> Option<usize> {
        let (start, end) = scratch.group(group as usize + 1)?;
        let text = self.subject.get(start..end)?;
        let there = self.subject.get(pos..pos.checked_add(text.len())?)?;
        let chars = self.context.chars;
        let same = match fold {
            Fold::None => text == there,
            _ => text
                .iter()
                .zip(there)
                .all(|(a, b)| a == b || fold.apply(a.code(), chars) == fold.apply(b.code(), chars)),
        };
        same.then_some(pos + text.len())
    }

    /// The last position from `low` to `high` where the tail of a repeat can go on.
    #[inline]
    fn last_start(&self, single: &Single, low: usize, high: usize) -> Option<usize> {
        if single.look.always {
            return Some(high);
        }
        if let (Some(only), Some(bytes)) = (single.only, U::bytes(self.subject)) {
            let end = bytes.len().min(high + 1);
            return memchr::memrchr(only, bytes.get(low..end)?).map(|i| low + i);
        }
        let mut pos = high;
        loop {
            if single.look.admits(self.peek(pos)) {
                return Some(pos);
            }
            if pos <= low {
                return None;
            }
            pos -= 1;
        }
    }

    /// The first position from `pos` on where the tail of a lazy repeat can go on, if the item
    /// accepts all characters up to there, of which there may be `room`.
    #[inline]
    fn next_start(&self, single: &Single, pos: usize, room: usize) -> Option<usize> {
        if single.look.always {
            return Some(pos);
        }
        if let (Some(only), Some(bytes)) = (single.only, U::bytes(self.subject)) {
            let rest = bytes.get(pos..)?;
            let found = match single.item {
                Item::AnyAll => memchr::memchr(only, rest),
                Item::Any => memchr::memchr2(only, b'\n', rest),
                Item::NotChar(not) if not < 256 => memchr::memchr2(only, not as u8, rest),
                _ => None,
            };
            if let Some(found) = found {
                let fits = found <= room && rest.get(found) == Some(&only);
                return fits.then_some(pos + found);
            }
            if matches!(single.item, Item::Any | Item::AnyAll) {
                return None;
            }
        }
        let mut at = pos;
        loop {
            let ch = self.peek(at);
            if single.look.admits(ch) {
                return Some(at);
            }
            if at - pos >= room || !self.accepts(single.item, ch?) {
                return None;
            }
            at += 1;
        }
    }

    /// Runs the program from instruction `pc` at `pos`. The end of the match, if there is one.
    pub(super) fn run(
        &mut self,
        scratch: &mut Scratch,
        pc: Pc,
        pos: usize,
        goal: Goal,
    ) -> Result<Option<usize>, MatchError> {
        let code = self.code;
        let mut pc = pc;
        let mut pos = pos;
        let mut barrier = NONE;
        let (mut resume_branch, mut resume_at) = (NONE, 0usize);
        'step: loop {
            // An instruction that matches sets `pc` and goes on with the loop; one that fails
            // leaves the block.
            'fail: {
                let Some(&inst) = code.insts.get(pc as usize) else {
                    break 'fail;
                };
                match inst {
                    Inst::Char(ch) => {
                        if self.peek(pos) != Some(ch) {
                            break 'fail;
                        }
                        pos += 1;
                    }
                    Inst::Literal { at, len } => {
                        let (at, len) = (at as usize, len as usize);
                        let Some(text) = code.literals.get(at..at + len) else {
                            break 'fail;
                        };
                        let Some(there) = self.subject.get(pos..pos + len) else {
                            break 'fail;
                        };
                        if !text.iter().zip(there).all(|(a, b)| *a == b.code()) {
                            break 'fail;
                        }
                        pos += len;
                    }
                    Inst::NotChar(ch) => {
                        if self.peek(pos).is_none_or(|next| next == ch) {
                            break 'fail;
                        }
                        pos += 1;
                    }
                    Inst::Any => {
                        if self.peek(pos).is_none_or(|next| next == 10) {
                            break 'fail;
                        }
                        pos += 1;
                    }
                    Inst::AnyAll => {
                        if pos >= self.subject.len() {
                            break 'fail;
                        }
                        pos += 1;
                    }
                    Inst::Set(set) => {
                        if !self.peek(pos).is_some_and(|ch| self.in_set(set, ch)) {
                            break 'fail;
                        }
                        pos += 1;
                    }
                    Inst::At(at) => {
                        if !self.at(at, pos) {
                            break 'fail;
                        }
                    }
                    Inst::Mark(mark) => scratch.mark(mark, pos)?,
                    Inst::Jump(target) => {
                        pc = target;
                        continue 'step;
                    }
                    Inst::Branch(index) => {
                        let Some(branch) = code.branches.get(index as usize) else {
                            break 'fail;
                        };
                        let from = if resume_branch == index as usize {
                            resume_at
                        } else {
                            0
                        };
                        resume_branch = NONE;
                        let next = self.peek(pos);
                        let mut open = branch
                            .iter()
                            .enumerate()
                            .skip(from)
                            .filter(|(_, option)| option.look.admits(next));
                        let Some((_, option)) = open.next() else {
                            break 'fail;
                        };
                        if let Some((later, _)) = open.next() {
                            scratch.push(Kind::Branch, pc, pos, later)?;
                        }
                        pc = option.pc;
                        continue 'step;
                    }
                    Inst::Single(index) => {
                        let Some(single) = code.singles.get(index as usize) else {
                            break 'fail;
                        };
                        if single.min > self.subject.len().saturating_sub(pos) {
                            break 'fail;
                        }
                        let low = pos + single.min;
                        let disjoint = if U::NARROW {
                            single.disjoint_narrow
                        } else {
                            single.disjoint
                        };
                        if single.greed == Greed::Lazy && !disjoint {
                            if single.min > 0 && self.run_end(single.item, pos, single.min) < low {
                                break 'fail;
                            }
                            let room = single.max - single.min;
                            let Some(at) = self.next_start(single, low, room) else {
                                break 'fail;
                            };
                            let taken = single.min + (at - low);
                            if taken < single.max {
                                scratch.push(Kind::Lazy, index, at, taken)?;
                            }
                            pos = at;
                        } else {
                            let end = self.run_end(single.item, pos, single.max);
                            if end < low {
                                break 'fail;
                            }
                            if disjoint || single.greed == Greed::Possessive {
                                if !self.admits(&single.look, end) {
                                    break 'fail;
                                }
                                pos = end;
                            } else {
                                let Some(at) = self.last_start(single, low, end) else {
                                    break 'fail;
                                };
                                if at > low {
                                    scratch.push(Kind::Greedy, index, at, low)?;
                                }
                                pos = at;
                            }
                        }
                        pc = single.tail;
                        continue 'step;
                    }
                    Inst::Maybe(index) | Inst::Star(index) => {
                        let Some(this) = code.loops.get(index as usize) else {
                            break 'fail;
                        };
                        let next = self.peek(pos);
                        if !this.body_look.admits(next) {
                            pc = this.tail;
                            continue 'step;
                        }
                        self.tick()?;
                        if this.tail_look.admits(next) {
                            scratch.push(Kind::Choice, this.tail, pos, 0)?;
                        }
                        pc = this.body;
                        continue 'step;
                    }
                    Inst::MaybeLazy(index) | Inst::StarLazy(index) => {
                        let Some(this) = code.loops.get(index as usize) else {
                            break 'fail;
                        };
                        let next = self.peek(pos);
                        self.tick()?;
                        if !this.tail_look.admits(next) {
                            pc = this.body;
                            continue 'step;
                        }
                        if this.body_look.admits(next) {
                            scratch.push(Kind::Choice, this.body, pos, 0)?;
                        }
                        pc = this.tail;
                        continue 'step;
                    }
                    Inst::LoopStart(index) => {
                        let Some(this) = code.loops.get(index as usize) else {
                            break 'fail;
                        };
                        save_loop(scratch, index)?;
                        set_loop(scratch, index, 0, NONE);
                        pc = this.until;
                        continue 'step;
                    }
                    Inst::Until(index) => {
                        self.tick()?;
                        let Some(this) = code.loops.get(index as usize) else {
                            break 'fail;
                        };
                        let Counter { count, last } = counter(scratch, index);
                        if count < this.min {
                            save_loop(scratch, index)?;
                            set_loop(scratch, index, count + 1, last);
                            pc = this.body;
                        } else if count < this.max
                            && pos != last
                            && self.admits(&this.body_look, pos)
                        {
                            save_loop(scratch, index)?;
                            if self.admits(&this.tail_look, pos) {
                                scratch.push(Kind::Choice, this.tail, pos, 0)?;
                            }
                            set_loop(scratch, index, count + 1, pos);
                            pc = this.body;
                        } else {
                            pc = this.tail;
                        }
                        continue 'step;
                    }
                    Inst::UntilLazy(index) => {
                        self.tick()?;
                        let Some(this) = code.loops.get(index as usize) else {
                            break 'fail;
                        };
                        let Counter { count, last } = counter(scratch, index);
                        if count < this.min {
                            save_loop(scratch, index)?;
                            set_loop(scratch, index, count + 1, last);
                            pc = this.body;
                        } else {
                            if count < this.max && pos != last && self.admits(&this.body_look, pos)
                            {
                                scratch.push(Kind::Round, index, pos, 0)?;
                            }
                            pc = this.tail;
                        }
                        continue 'step;
                    }
                    Inst::Possess(index) => {
                        self.tick()?;
                        let Some(this) = code.loops.get(index as usize) else {
                            break 'fail;
                        };
                        let Counter { count, last } = counter(scratch, index);
                        if count < this.min {
                            let outer = std::mem::replace(&mut barrier, scratch.frames.len());
                            scratch.push(Kind::Barrier, 0, pos, outer)?;
                            pc = this.body;
                        } else if count < this.max && pos != last {
                            set_loop(scratch, index, count, pos);
                            let outer = std::mem::replace(&mut barrier, scratch.frames.len());
                            scratch.push(Kind::Escape, this.tail, pos, outer)?;
                            pc = this.body;
                        } else {
                            pc = this.tail;
                        }
                        continue 'step;
                    }
                    Inst::PossessEnd(index) => {
                        let Some(this) = code.loops.get(index as usize) else {
                            break 'fail;
                        };
                        let Some(frame) = scratch.commit(barrier) else {
                            break 'fail;
                        };
                        barrier = frame.extra;
                        let Counter { count, last } = counter(scratch, index);
                        set_loop(scratch, index, count + 1, last);
                        pc = this.until;
                        continue 'step;
                    }
                    Inst::Assert { back, next } => {
                        let Some(start) = pos.checked_sub(back as usize) else {
                            break 'fail;
                        };
                        let outer = std::mem::replace(&mut barrier, scratch.frames.len());
                        scratch.push(Kind::Barrier, next, pos, outer)?;
                        pos = start;
                    }
                    Inst::AssertNot { back, next } => {
                        let Some(start) = pos.checked_sub(back as usize) else {
                            pc = next;
                            continue 'step;
                        };
                        let outer = std::mem::replace(&mut barrier, scratch.frames.len());
                        scratch.push(Kind::Escape, next, pos, outer)?;
                        pos = start;
                    }
                    Inst::AssertEnd => {
                        let Some(frame) = scratch.commit(barrier) else {
                            break 'fail;
                        };
                        barrier = frame.extra;
                        pos = frame.pos;
                    }
                    Inst::AssertNotEnd => {
                        let Some(frame) = scratch.rollback(barrier) else {
                            break 'fail;
                        };
                        barrier = frame.extra;
                        break 'fail;
                    }
                    Inst::Atomic => {
                        let outer = std::mem::replace(&mut barrier, scratch.frames.len());
                        scratch.push(Kind::Barrier, 0, pos, outer)?;
                    }
                    Inst::AtomicEnd { .. } => {
                        let Some(frame) = scratch.commit(barrier) else {
                            break 'fail;
                        };
                        barrier = frame.extra;
                    }
                    Inst::GroupRef { group, fold } => match self.again(scratch, group, fold, pos) {
                        Some(end) => pos = end,
                        None => break 'fail,
                    },
                    Inst::GroupExists { group, no } => {
                        if scratch.group(group as usize + 1).is_none() {
                            pc = no;
                            continue 'step;
                        }
                    }
                    Inst::Fail => break 'fail,
                    Inst::Match => {
                        if pos == goal.not_at || (goal.all && pos != self.subject.len()) {
                            break 'fail;
                        }
                        return Ok(Some(pos));
                    }
                }
                pc += 1;
                continue 'step;
            }
            self.tick()?;
            // Fail back to the last choice.
            loop {
                let Some(frame) = scratch.frames.pop() else {
                    return Ok(None);
                };
                match frame.kind {
                    Kind::Mark | Kind::Loop => {
                        scratch.undo(frame);
                        continue;
                    }
                    Kind::Choice => {
                        pc = frame.arg;
                        pos = frame.pos;
                    }
                    Kind::Branch => {
                        pc = frame.arg;
                        pos = frame.pos;
                        if let Some(Inst::Branch(index)) = code.insts.get(pc as usize) {
                            resume_branch = *index as usize;
                        }
                        resume_at = frame.extra;
                    }
                    Kind::Greedy => {
                        let Some(single) = code.singles.get(frame.arg as usize) else {
                            continue;
                        };
                        let low = frame.extra;
                        let Some(at) = self.last_start(single, low, frame.pos - 1) else {
                            continue;
                        };
                        if at > low {
                            scratch.push(Kind::Greedy, frame.arg, at, low)?;
                        }
                        pos = at;
                        pc = single.tail;
                    }
                    Kind::Lazy => {
                        let Some(single) = code.singles.get(frame.arg as usize) else {
                            continue;
                        };
                        let Some(ch) = self.peek(frame.pos) else {
                            continue;
                        };
                        if !self.accepts(single.item, ch) {
                            continue;
                        }
                        let taken = frame.extra + 1;
                        let room = single.max - taken;
                        let Some(at) = self.next_start(single, frame.pos + 1, room) else {
                            continue;
                        };
                        let taken = taken + (at - frame.pos - 1);
                        if taken < single.max {
                            scratch.push(Kind::Lazy, frame.arg, at, taken)?;
                        }
                        pos = at;
                        pc = single.tail;
                    }
                    Kind::Round => {
                        let Some(this) = code.loops.get(frame.arg as usize) else {
                            continue;
                        };
                        let Counter { count, .. } = counter(scratch, frame.arg);
                        save_loop(scratch, frame.arg)?;
                        set_loop(scratch, frame.arg, count + 1, frame.pos);
                        pos = frame.pos;
                        pc = this.body;
                    }
                    Kind::Barrier => {
                        barrier = frame.extra;
                        continue;
                    }
                    Kind::Escape => {
                        barrier = frame.extra;
                        pos = frame.pos;
                        pc = frame.arg;
                    }
                }
                break;
            }
        }
    }
}

/// The first position of a character.
#[inline]
fn find<U: Unit>(subject: &[U], ch: u32) -> Option<usize> {
    match U::bytes(subject) {
        Some(bytes) => u8::try_from(ch)
            .ok()
            .and_then(|byte| memchr::memchr(byte, bytes)),
        None => subject.iter().position(|unit| unit.code() == ch),
    }
}

#[inline(always)]
fn counter(scratch: &Scratch, index: u32) -> Counter {
    let none = Counter {
        count: 0,
        last: NONE,
    };
    scratch
        .counters
        .get(index as usize)
        .copied()
        .unwrap_or(none)
}

#[inline(always)]
fn set_loop(scratch: &mut Scratch, index: u32, count: usize, last: usize) {
    if let Some(slot) = scratch.counters.get_mut(index as usize) {
        *slot = Counter { count, last };
    }
}

/// Pushes the frame that restores a loop's counter.
#[inline(always)]
fn save_loop(scratch: &mut Scratch, index: u32) -> Result<(), MatchError> {
    let Counter { count, last } = counter(scratch, index);
    scratch.push(Kind::Loop, index, last, count)
}
