//! Regular-expression matching over CPython's SRE programs.
//!
//! `re._compiler` turns a pattern into a list of 32-bit words. [`Program::new`] verifies such a
//! list, translates it into instructions with decoded operands, and works out where a match can
//! begin and what each choice can go on with. Matching is a depth-first search that gives exactly
//! CPython's answers, except in three respects:
//!
//! - choices that cannot succeed, judged by the next character, are not tried;
//! - groups that matched inside an abandoned alternative are always forgotten, where CPython
//!   leaves stale spans behind in rare cases;
//! - the stack lives on the heap under a limit, however long the subject.
//!
//! The engine knows no Python object: subjects are slices, positions are indices into them, and
//! character properties come from the caller ([`CharInfo`]). Deliberately absent: any automaton
//! that would have to give up back-references or the priority of alternatives.

mod analysis;
mod chars;
mod charset;
mod cursor;
mod exec;
mod inst;
mod opcode;
mod scratch;
mod search;
mod translate;

use std::fmt;

pub use chars::{CharInfo, StdChars};
pub use cursor::Cursor;
pub use opcode::{MAGIC, MAXREPEAT};
pub use scratch::Scratch;

use chars::Unit;
use exec::{Goal, Matcher};
use inst::Code;
use search::Searcher;

/// A program that is not what `re._compiler` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCode;

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid SRE code")
    }
}

impl std::error::Error for InvalidCode {}

/// Shorthand for refusing a program.
fn bad<T>() -> Result<T, InvalidCode> {
    Err(InvalidCode)
}

/// Why matching stopped without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchError {
    /// The stack reached its limit, or the system had no memory left.
    Memory,
    /// The interrupt check asked to stop.
    Interrupted,
}

impl fmt::Display for MatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MatchError::Memory => "out of memory while matching",
            MatchError::Interrupted => "interrupted while matching",
        })
    }
}

impl std::error::Error for MatchError {}

/// What is matched against.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A bytes-like object.
    Bytes(&'a [u8]),
    /// A string of code points below 256.
    Latin1(&'a [u8]),
    /// A string of code points below 65536.
    Ucs2(&'a [u16]),
    /// Any other string.
    Ucs4(&'a [u32]),
}

impl Subject<'_> {
    /// The number of bytes or code points.
    pub fn len(&self) -> usize {
        match self {
            Subject::Bytes(units) | Subject::Latin1(units) => units.len(),
            Subject::Ucs2(units) => units.len(),
            Subject::Ucs4(units) => units.len(),
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What the matcher needs from its surroundings.
pub struct Context<'a> {
    /// Character properties.
    pub chars: &'a dyn CharInfo,
    /// Called every few thousand steps; `true` stops the match.
    pub interrupt: &'a mut dyn FnMut() -> bool,
}

/// A successful match. The groups' spans are in the [`Scratch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Number of the group that closed last (`lastindex`; its name, if it has one, is
    /// `lastgroup`).
    pub last_index: Option<usize>,
}

/// How a match is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// At the start position.
    Match,
    /// At the start position, up to the end position.
    Full,
    /// At the start position or later.
    Search,
}

/// A verified and translated program.
#[derive(Debug)]
pub struct Program {
    code: Code,
    searcher: Searcher,
    groups: usize,
    flags: u32,
}

impl Program {
    /// Verifies and translates the words that `re._compiler` made for a pattern with this many
    /// groups. `chars` must agree with the one given when matching.
    pub fn new(
        code: &[u32],
        groups: usize,
        flags: u32,
        chars: &dyn CharInfo,
    ) -> Result<Program, InvalidCode> {
        let count = u32::try_from(groups)
            .ok()
            .filter(|&n| n < 1 << 30)
            .ok_or(InvalidCode)?;
        let (mut code, width) = translate::Translator::run(code, count, chars)?;
        analysis::fill(&mut code);
        let searcher = Searcher::new(&code, width);
        Ok(Program {
            code,
            searcher,
            groups,
            flags,
        })
    }

    /// The number of groups.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// The flags given to `new`.
    pub fn flags(&self) -> u32 {
        self.flags
    }

    /// `Pattern.match`: a match that begins at `pos`.
    pub fn match_at(
        &self,
        subject: Subject<'_>,
        pos: usize,
        endpos: usize,
        scratch: &mut Scratch,
        context: &mut Context<'_>,
    ) -> Result<Option<Match>, MatchError> {
        self.find(Mode::Match, subject, pos, endpos, false, scratch, context)
    }

    /// `Pattern.fullmatch`: a match of everything from `pos` to `endpos`.
    pub fn fullmatch(
        &self,
        subject: Subject<'_>,
        pos: usize,
        endpos: usize,
        scratch: &mut Scratch,
        context: &mut Context<'_>,
    ) -> Result<Option<Match>, MatchError> {
        self.find(Mode::Full, subject, pos, endpos, false, scratch, context)
    }

    /// `Pattern.search`: the first match that begins at `pos` or later.
    pub fn search(
        &self,
        subject: Subject<'_>,
        pos: usize,
        endpos: usize,
        scratch: &mut Scratch,
        context: &mut Context<'_>,
    ) -> Result<Option<Match>, MatchError> {
        self.find(Mode::Search, subject, pos, endpos, false, scratch, context)
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "one place for all ways of matching"
    )]
    fn find(
        &self,
        mode: Mode,
        subject: Subject<'_>,
        pos: usize,
        endpos: usize,
        advance: bool,
        scratch: &mut Scratch,
        context: &mut Context<'_>,
    ) -> Result<Option<Match>, MatchError> {
        let endpos = endpos.min(subject.len());
        match subject {
            Subject::Bytes(units) | Subject::Latin1(units) => {
                self.find_in(mode, units.get(..endpos), pos, advance, scratch, context)
            }
            Subject::Ucs2(units) => {
                self.find_in(mode, units.get(..endpos), pos, advance, scratch, context)
            }
            Subject::Ucs4(units) => {
                self.find_in(mode, units.get(..endpos), pos, advance, scratch, context)
            }
        }
    }

    fn find_in<U: Unit>(
        &self,
        mode: Mode,
        units: Option<&[U]>,
        pos: usize,
        advance: bool,
        scratch: &mut Scratch,
        context: &mut Context<'_>,
    ) -> Result<Option<Match>, MatchError> {
        let Some(units) = units.filter(|units| pos <= units.len()) else {
            return Ok(None);
        };
        scratch.prepare(self.groups, self.code.loops.len());
        let mut matcher = Matcher::new(&self.code, units, context);
        let span = if mode == Mode::Search {
            self.searcher.search(&mut matcher, scratch, pos, advance)?
        } else {
            let not_at = if advance { pos } else { usize::MAX };
            let goal = Goal {
                not_at,
                all: mode == Mode::Full,
            };
            matcher.run(scratch, 0, pos, goal)?.map(|end| (pos, end))
        };
        Ok(span.map(|(start, end)| Match {
            start,
            end,
            last_index: Some(scratch.last_group).filter(|&group| group > 0),
        }))
    }
}
