//! What can be told about a program before it runs.
//!
//! A *reader* is an instruction that consumes a character. From a set of states, [`step`] finds
//! the readers that can come next without consuming anything. The union of what they read is the
//! set of characters a match can go on with (a [`Look`]); stepping over them gives the sets for
//! the following offsets (a [`Window`]). All answers err towards "possible": assertions, position
//! tests, bounds of repeats and back-references are taken to succeed.

use super::inst::{Code, Greed, Inst, Item, Look, Pc};
use super::opcode::At;

/// More readers or states than this, and the analysis gives up.
const BUDGET: usize = 96;
/// The longest window.
const WINDOW: usize = 8;

/// A place in a program: an instruction, and how far inside it (characters of a literal read;
/// whether a repeat's minimum is satisfied).
type State = (Pc, u32);

/// What one reader reads, and the state after it.
struct Reader {
    item: Item,
    next: State,
}

/// What can come next.
struct Step {
    readers: Vec<Reader>,
    /// Matching can go on at the end of the subject.
    end: bool,
    /// Matching can go on at the beginning of the subject only, in some way that the readers
    /// leave out.
    beginning: bool,
}

/// The state after a reader that only looks; nothing can be told about what follows.
const BLIND: State = (Pc::MAX, 0);

/// The readers reachable from some states; `None` if a match can end, or depend on something
/// unknown, before reading.
///
/// `origin` is the instruction that asks. What follows an atomic group does not bear on the
/// choices made within, so the end of a group around `origin` counts as the end of the match.
/// Without an `origin`, matching is known to have left the beginning of the subject.
fn step(code: &Code, from: &[State], origin: Option<Pc>) -> Option<Step> {
    let mut readers = Vec::new();
    let (mut end, mut beginning) = (false, false);
    let mut seen: Vec<State> = Vec::new();
    let mut todo: Vec<State> = from.to_vec();
    while let Some(state) = todo.pop() {
        if seen.contains(&state) {
            continue;
        }
        if seen.len() >= BUDGET {
            return None;
        }
        seen.push(state);
        let (pc, inner) = state;
        let after = (pc + 1, 0);
        let mut read = |item, next| readers.push(Reader { item, next });
        match *code.insts.get(pc as usize)? {
            Inst::Char(ch) => read(Item::Char(ch), after),
            Inst::Literal { at, len } => {
                let ch = *code.literals.get((at + inner) as usize)?;
                read(
                    Item::Char(ch),
                    if inner + 1 < len {
                        (pc, inner + 1)
                    } else {
                        after
                    },
                );
            }
            Inst::NotChar(ch) => read(Item::NotChar(ch), after),
            Inst::Any => read(Item::Any, after),
            Inst::AnyAll => read(Item::AnyAll, after),
            Inst::Set(set) => read(Item::Set(set), after),
            Inst::At(At::Beginning) if origin.is_none() => beginning = true,
            Inst::At(At::EndString) => end = true,
            Inst::At(At::End | At::EndLine) => {
                end = true;
                read(Item::Char(10), BLIND);
            }
            Inst::At(_) | Inst::Mark(_) | Inst::Atomic => todo.push(after),
            Inst::AtomicEnd { start } => {
                if origin.is_some_and(|origin| (start + 1..=pc).contains(&origin)) {
                    return None;
                }
                todo.push(after);
            }
            Inst::Jump(target) => todo.push((target, 0)),
            Inst::Branch(branch) => {
                let alternatives = code.branches.get(branch as usize)?;
                todo.extend(alternatives.iter().map(|alternative| (alternative.pc, 0)));
            }
            Inst::Single(index) => {
                let single = code.singles.get(index as usize)?;
                if single.max > 0 {
                    // After one round the minimum counts as reached unless it is exactly known.
                    let rounds = inner as usize + 1;
                    let next = if rounds >= single.max {
                        (single.tail, 0)
                    } else {
                        (pc, (rounds.min(WINDOW * 2)) as u32)
                    };
                    read(single.item, next);
                }
                if inner as usize >= single.min || inner as usize >= WINDOW * 2 {
                    todo.push((single.tail, 0));
                }
            }
            Inst::Maybe(index)
            | Inst::MaybeLazy(index)
            | Inst::Star(index)
            | Inst::StarLazy(index)
            | Inst::Until(index)
            | Inst::UntilLazy(index)
            | Inst::Possess(index) => {
                let this = code.loops.get(index as usize)?;
                todo.push((this.body, 0));
                todo.push((this.tail, 0));
            }
            Inst::LoopStart(index) => {
                let this = code.loops.get(index as usize)?;
                todo.push((if this.min > 0 { this.body } else { this.until }, 0));
            }
            Inst::PossessEnd(index) => {
                let this = code.loops.get(index as usize)?;
                if origin.is_some_and(|origin| (this.body..=pc).contains(&origin)) {
                    return None;
                }
                todo.push((this.until, 0));
            }
            Inst::Assert { next, .. } | Inst::AssertNot { next, .. } => todo.push((next, 0)),
            Inst::GroupExists { no, .. } => {
                todo.push(after);
                todo.push((no, 0));
            }
            Inst::Fail => {}
            Inst::AssertEnd | Inst::AssertNotEnd | Inst::GroupRef { .. } | Inst::Match => {
                return None;
            }
        }
    }
    Some(Step {
        readers,
        end,
        beginning,
    })
}

/// Adds to a table the characters below 256 that an item reads. Returns whether it can read
/// others.
fn add_narrow(code: &Code, item: Item, table: &mut [bool; 256]) -> bool {
    let not = |table: &mut [bool; 256], but: u32| {
        for (ch, slot) in (0..).zip(table) {
            *slot |= ch != but;
        }
        true
    };
    match item {
        Item::Char(ch) => match table.get_mut(ch as usize) {
            Some(slot) => {
                *slot = true;
                false
            }
            None => true,
        },
        Item::NotChar(ch) => not(table, ch),
        Item::Any => not(table, 10),
        Item::AnyAll => not(table, u32::MAX),
        Item::Never => false,
        Item::Set(set) => match code.sets.get(set as usize) {
            Some(set) if set.is_static => {
                for (slot, member) in table.iter_mut().zip(&set.table) {
                    *slot |= member;
                }
                set.high
            }
            _ => not(table, u32::MAX),
        },
    }
}

/// What matching from `pc` can begin with.
fn look(code: &Code, pc: Pc) -> Look {
    step(code, &[(pc, 0)], Some(pc)).map_or_else(Look::anything, |step| look_of(code, &step))
}

fn look_of(code: &Code, step: &Step) -> Look {
    let mut look = Look::nothing();
    look.end = step.end;
    for reader in &step.readers {
        look.high |= add_narrow(code, reader.item, &mut look.table);
    }
    look
}

/// Fills in the looks of a translated program.
pub(super) fn fill(code: &mut Code) {
    for i in 0..code.singles.len() {
        let Some(single) = code.singles.get(i) else {
            continue;
        };
        let (tail, item) = (single.tail, single.item);
        let look = look(code, tail);
        let mut own = [false; 256];
        let high = add_narrow(code, item, &mut own);
        let overlap = own.iter().zip(&look.table).any(|(a, b)| *a && *b);
        let mut members = (0..=255u8).filter(|&ch| look.table[usize::from(ch)]);
        let only = match (members.next(), members.next()) {
            (Some(ch), None) if !look.always && !look.end => Some(ch),
            _ => None,
        };
        if let Some(single) = code.singles.get_mut(i) {
            let possible = !look.always && !overlap && single.greed != Greed::Possessive;
            single.disjoint_narrow = possible;
            single.disjoint = possible && !(high && look.high);
            single.only = only;
            single.look = look;
        }
    }
    for i in 0..code.loops.len() {
        let Some(this) = code.loops.get(i) else {
            continue;
        };
        let (body, tail) = (this.body, this.tail);
        let (body_look, tail_look) = (look(code, body), look(code, tail));
        if let Some(this) = code.loops.get_mut(i) {
            (this.body_look, this.tail_look) = (body_look, tail_look);
        }
    }
    for i in 0..code.branches.len() {
        for k in 0..code.branches.get(i).map_or(0, Vec::len) {
            let Some(pc) = code.branches.get(i).and_then(|b| b.get(k)).map(|a| a.pc) else {
                continue;
            };
            let found = look(code, pc);
            if let Some(alternative) = code.branches.get_mut(i).and_then(|b| b.get_mut(k)) {
                alternative.look = found;
            }
        }
    }
}

/// Which characters a match can have at each of its first offsets: bit `k` of a character's mask
/// says that it can stand at offset `k`.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// How many offsets are known; every match is at least this long.
    pub(super) len: usize,
    /// The masks of the characters below 256.
    pub(super) masks: [u8; 256],
    /// The mask of all others.
    pub(super) high: u8,
}

/// What is known about the beginning of matches that do not begin the subject.
pub(super) struct Opening {
    pub(super) window: Window,
    /// What they can begin with.
    pub(super) look: Look,
    /// A match at the beginning of the subject may look different.
    pub(super) beginning: bool,
}

/// The opening of a whole program.
pub(super) fn opening(code: &Code) -> Opening {
    let mut window = Window {
        len: 0,
        masks: [0; 256],
        high: 0,
    };
    let mut look = Look::anything();
    // If the analysis gives up, it may have missed a position test.
    let mut beginning = true;
    let mut states: Vec<State> = vec![(0, 0)];
    while window.len < WINDOW && !states.contains(&BLIND) {
        let Some(step) = step(code, &states, None) else {
            break;
        };
        if window.len == 0 {
            look = look_of(code, &step);
            beginning = step.beginning;
        }
        if step.end || step.readers.is_empty() {
            break;
        }
        let bit = 1u8 << window.len;
        states.clear();
        let mut table = [false; 256];
        for reader in step.readers {
            if add_narrow(code, reader.item, &mut table) {
                window.high |= bit;
            }
            if !states.contains(&reader.next) {
                states.push(reader.next);
            }
        }
        for (mask, member) in window.masks.iter_mut().zip(table) {
            *mask |= u8::from(member) * bit;
        }
        window.len += 1;
    }
    Opening {
        window,
        look,
        beginning,
    }
}

/// The characters that every match begins with.
pub(super) struct Prefix {
    /// The characters.
    pub(super) text: Vec<u32>,
    /// The first instruction that does more than read them, and how many are read by then.
    pub(super) resume: (Pc, usize),
}

/// The prefix of a whole program, possibly empty.
pub(super) fn prefix(code: &Code) -> Prefix {
    let mut text = Vec::new();
    let mut resume = None;
    let mut pc = 0;
    loop {
        match code.insts.get(pc as usize) {
            Some(Inst::Char(ch)) => text.push(*ch),
            Some(Inst::Literal { at, len }) => {
                let chars = code.literals.get(*at as usize..(at + len) as usize);
                text.extend_from_slice(chars.unwrap_or(&[]));
            }
            Some(Inst::Mark(_)) => _ = resume.get_or_insert((pc, text.len())),
            _ => break,
        }
        pc += 1;
    }
    let resume = resume.unwrap_or((pc, text.len()));
    Prefix { text, resume }
}

/// Whether every match attempt that fails also fails at all later starts that the leading
/// `.*` can reach: on the same line (`Some(false)`) or anywhere (`Some(true)`).
pub(super) fn leading_dots(code: &Code) -> Option<bool> {
    if code.refers_back {
        return None;
    }
    let first = code
        .insts
        .iter()
        .find(|inst| !matches!(inst, Inst::Mark(_)))?;
    let Inst::Single(index) = first else {
        return None;
    };
    let single = code.singles.get(*index as usize)?;
    if single.min != 0 || single.max != usize::MAX || single.greed == Greed::Possessive {
        return None;
    }
    match single.item {
        Item::Any => Some(false),
        Item::AnyAll => Some(true),
        _ => None,
    }
}
