//! The translated form of a program.
//!
//! Instructions refer to each other by absolute index. Sets, looks, single-character repeats,
//! loops and branches live in side tables, so that an instruction stays two words long.

use super::charset::{Fold, Set};
use super::opcode::At;

/// Index of an instruction.
pub(super) type Pc = u32;

/// One instruction. Those without a target fall through to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inst {
    /// One given character.
    Char(u32),
    /// Several given characters: `len` of them from `at` in the literal pool.
    Literal {
        at: u32,
        len: u32,
    },
    /// Any character but the given one.
    NotChar(u32),
    /// Any character but a newline.
    Any,
    /// Any character.
    AnyAll,
    /// A member of a set.
    Set(u32),
    /// A position test.
    At(At),
    /// Records the position: an even number opens a group, an odd one closes it.
    Mark(u32),
    Jump(Pc),
    /// Alternatives, tried in order.
    Branch(u32),
    /// A repeat of a single-character item.
    Single(u32),
    /// Greedy `?`: the body follows; a body that fails is left out.
    Maybe(u32),
    /// Lazy `?`.
    MaybeLazy(u32),
    /// Greedy loop whose body consumes something, without bounds; the loop's body is optional.
    Star(u32),
    /// The lazy form of `Star`.
    StarLazy(u32),
    /// Resets the counter of a counted loop, and goes to its `Until…`.
    LoopStart(u32),
    /// One more round of a counted greedy loop, or out of it.
    Until(u32),
    /// One more round of a counted lazy loop, or out of it.
    UntilLazy(u32),
    /// One more round of a possessive loop, or out of it.
    Possess(u32),
    /// End of a possessive loop's body: forgets its choices and goes to `Possess`.
    PossessEnd(u32),
    /// Looks at what follows (`back` 0) or precedes; the body follows, `next` comes after it.
    Assert {
        back: u32,
        next: Pc,
    },
    /// The negation of `Assert`.
    AssertNot {
        back: u32,
        next: Pc,
    },
    /// The body of an assertion has matched.
    AssertEnd,
    /// The body of a negated assertion has matched.
    AssertNotEnd,
    /// The body of an atomic group follows.
    Atomic,
    /// The body of the atomic group that begins at `start` has matched.
    AtomicEnd {
        start: Pc,
    },
    /// The text of a group again.
    GroupRef {
        group: u32,
        fold: Fold,
    },
    /// Goes to `no` unless the group has matched.
    GroupExists {
        group: u32,
        no: Pc,
    },
    Fail,
    /// The whole pattern has matched.
    Match,
}

/// What can come first when matching goes on at some instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// Nothing is known, or it can succeed without reading a character.
    pub(super) always: bool,
    /// Whether it can succeed at the end of the subject.
    pub(super) end: bool,
    /// Whether a character above 255 can come first.
    pub(super) high: bool,
    /// Whether a given character below 256 can come first.
    pub(super) table: [bool; 256],
}

impl Look {
    /// A look that rules nothing out.
    pub(super) fn anything() -> Look {
        Look {
            always: true,
            end: true,
            high: true,
            table: [true; 256],
        }
    }

    /// A look that rules everything out.
    pub(super) fn nothing() -> Look {
        Look {
            always: false,
            end: false,
            high: false,
            table: [false; 256],
        }
    }

    /// Whether matching can succeed before this character.
    #[inline(always)]
    pub(super) fn admits(&self, next: Option<u32>) -> bool {
        match next {
            None => self.end,
            Some(ch) => match self.table.get(ch as usize) {
                Some(&admitted) => admitted,
                None => self.high,
            },
        }
    }
}

/// A single-character item of a repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Char(u32),
    NotChar(u32),
    Any,
    AnyAll,
    Set(u32),
    Never,
}

/// How a repeat chooses its number of rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greed {
    Greedy,
    Lazy,
    Possessive,
}

/// A repeat of a single-character item.
#[derive(Clone, Debug)]
pub(super) struct Single {
    pub(super) item: Item,
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) greed: Greed,
    /// Where matching goes on.
    pub(super) tail: Pc,
    /// What the tail can begin with.
    pub(super) look: Look,
    /// The only character below 256 that the tail can begin with, when it is one such.
    pub(super) only: Option<u8>,
    /// The tail can begin with no character (narrow, any) that the item accepts, so that the
    /// longest run is the only one to try.
    pub(super) disjoint_narrow: bool,
    pub(super) disjoint: bool,
}

/// A loop with a body of several instructions.
#[derive(Clone, Debug)]
pub(super) struct Loop {
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) body: Pc,
    /// The instruction that decides on another round.
    pub(super) until: Pc,
    pub(super) tail: Pc,
    pub(super) body_look: Look,
    pub(super) tail_look: Look,
}

/// One alternative of a branch.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    pub(super) pc: Pc,
    pub(super) look: Look,
}

/// A translated program's instructions and tables.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    pub(super) insts: Vec<Inst>,
    pub(super) literals: Vec<u32>,
    pub(super) sets: Vec<Set>,
    pub(super) singles: Vec<Single>,
    pub(super) loops: Vec<Loop>,
    pub(super) branches: Vec<Vec<Alternative>>,
    /// Whether some instruction depends on what a group has matched.
    pub(super) refers_back: bool,
}
