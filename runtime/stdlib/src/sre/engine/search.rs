//! Where to try a program: finding the starts at which a match is possible.
//!
//! Position 0 is tried without any filter when the program tests for it; the plans are about the
//! positions after it. A filter may let through starts that fail, never the reverse.

use memchr::memmem::Finder;

use super::MatchError;
use super::analysis::{self, Opening, Prefix, Window};
use super::chars::Unit;
use super::exec::{Goal, Matcher};
use super::inst::{Code, Inst, Look};
use super::opcode::At;
use super::scratch::{NONE, Scratch};

/// An offset of the window that admits this many bytes tells nothing.
const DENSE: usize = 200;
/// After this many candidates close to each other the needle search is given up.
const PATIENCE: u32 = 12;
/// Two candidates this near are close.
const NEAR: usize = 12;
/// A prefix of this length is searched for by itself, whatever follows.
const LONG: usize = 4;

/// How to find candidates.
#[derive(Debug)]
enum Plan {
    /// Only the very beginning.
    Beginning,
    /// Only beginnings of lines.
    Lines,
    /// Every match begins with this text.
    Prefix {
        text: Vec<u32>,
        narrow: Option<Box<Finder<'static>>>,
    },
    /// The first characters are in the window's sets. At offset `at` from the start, one of at
    /// most three needles stands, if there are any.
    Window { needles: Vec<u8>, at: usize },
    /// Positions that the look admits.
    Look(Box<Look>),
    /// Every position, but see `analysis::leading_dots`.
    Dots { anything: bool },
}

/// The search strategy of a program.
#[derive(Debug)]
pub(super) struct Searcher {
    plan: Plan,
    window: Window,
    /// The least length of a match.
    width: usize,
    /// The plan says nothing about position 0.
    zero: bool,
    /// Where to start running, and how many characters are known to match by then.
    resume: (u32, usize),
}

impl Searcher {
    pub(super) fn new(code: &Code, width: usize) -> Searcher {
        let Prefix { text, mut resume } = analysis::prefix(code);
        let Opening {
            mut window,
            look,
            beginning,
        } = analysis::opening(code);
        let width = if beginning {
            width
        } else {
            width.max(window.len)
        };
        while window.len > 1 && population(&window, window.len - 1) >= DENSE {
            window.len -= 1;
        }
        let telling = (0..window.len).any(|k| population(&window, k) < DENSE);
        let first = code
            .insts
            .iter()
            .find(|inst| !matches!(inst, Inst::Mark(_)));
        let plan = if first == Some(&Inst::At(At::Beginning)) {
            Plan::Beginning
        } else if first == Some(&Inst::At(At::BeginningLine)) {
            Plan::Lines
        } else if !text.is_empty() && text.len() >= window.len.min(LONG) {
            let bytes: Option<Vec<u8>> = text.iter().map(|&ch| u8::try_from(ch).ok()).collect();
            Plan::Prefix {
                text,
                narrow: bytes.map(|b| Box::new(Finder::new(&b).into_owned())),
            }
        } else if let Some(anything) = analysis::leading_dots(code) {
            Plan::Dots { anything }
        } else if telling {
            let (needles, at) = needles(&window);
            Plan::Window { needles, at }
        } else {
            Plan::Look(Box::new(look))
        };
        if !matches!(plan, Plan::Prefix { .. }) {
            resume = (0, 0);
        }
        let zero = beginning && !matches!(plan, Plan::Prefix { .. } | Plan::Dots { .. });
        Searcher {
            plan,
            window,
            width,
            zero,
            resume,
        }
    }

    /// The first match that begins at `from` or later, as start and end. With `advance`, it must
    /// not be the empty match at `from`.
    pub(super) fn search<U: Unit>(
        &self,
        matcher: &mut Matcher<'_, '_, U>,
        scratch: &mut Scratch,
        from: usize,
        advance: bool,
    ) -> Result<Option<(usize, usize)>, MatchError> {
        let subject = matcher.subject;
        let Some(last) = subject.len().checked_sub(self.width) else {
            return Ok(None);
        };
        let (pc, skip) = self.resume;
        let mut finder = Candidates {
            searcher: self,
            closeness: 0,
        };
        let mut from = from;
        let mut not_at = if advance { from } else { NONE };
        while from <= last {
            let start = if from == 0 && self.zero {
                0
            } else {
                match finder.next(subject, from, last) {
                    Some(start) if start <= last => start,
                    _ => return Ok(None),
                }
            };
            if start != from {
                not_at = NONE;
            }
            let goal = Goal { not_at, all: false };
            if let Some(end) = matcher.run(scratch, pc, start + skip, goal)? {
                return Ok(Some((start, end)));
            }
            scratch.restart();
            matcher.tick()?;
            from = match self.plan {
                Plan::Beginning | Plan::Dots { anything: true } => return Ok(None),
                Plan::Dots { anything: false } => match line_end(subject, start) {
                    Some(end) => end + 1,
                    None => return Ok(None),
                },
                _ => start + 1,
            };
            not_at = NONE;
        }
        Ok(None)
    }
}

/// How many bytes can stand at an offset of the window.
fn population(window: &Window, k: usize) -> usize {
    window
        .masks
        .iter()
        .filter(|mask| **mask >> k & 1 != 0)
        .count()
}

/// The bytes to look for, and at which offset of the window: those of the offset that promises
/// the fewest hits. None if all offsets admit more than three.
fn needles(window: &Window) -> (Vec<u8>, usize) {
    let mut best = (Vec::new(), 0);
    let mut least = u32::MAX;
    for k in 0..window.len {
        let members = || (0..=255u8).filter(|&b| window.masks[usize::from(b)] >> k & 1 != 0);
        if members().take(4).count() > 3 {
            continue;
        }
        let cost = members().map(commonness).sum::<u32>();
        if cost < least {
            least = cost;
            best = (members().collect(), k);
        }
    }
    best
}

/// How often a byte is met in ordinary text, roughly.
fn commonness(byte: u8) -> u32 {
    match byte {
        b' ' => 18,
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 8,
        b'a'..=b'z' | b'\n' => 4,
        b'0'..=b'9' | b'.' | b',' | b'-' | b'_' | b'"' | b'/' | b'=' => 3,
        _ => 2,
    }
}

/// The position of the next newline.
fn line_end<U: Unit>(subject: &[U], from: usize) -> Option<usize> {
    let rest = subject.get(from..)?;
    let found = match U::bytes(rest) {
        Some(bytes) => memchr::memchr(b'\n', bytes),
        None => rest.iter().position(|unit| unit.code() == 10),
    };
    found.map(|at| from + at)
}

/// The candidates of one search.
struct Candidates<'a> {
    searcher: &'a Searcher,
    /// How many candidates in a row were near each other.
    closeness: u32,
}

impl Candidates<'_> {
    /// The first possible start at `from` or later. It may be after `last`, the last one that
    /// leaves room for a match.
    #[inline]
    fn next<U: Unit>(&mut self, subject: &[U], from: usize, last: usize) -> Option<usize> {
        match &self.searcher.plan {
            Plan::Beginning => (from == 0).then_some(0),
            Plan::Lines => {
                if from == 0 {
                    return Some(0);
                }
                line_end(subject, from - 1).map(|end| end + 1)
            }
            Plan::Dots { .. } => Some(from),
            Plan::Look(look) if look.always => Some(from),
            Plan::Look(look) => {
                let rest = subject.get(from..=last).or_else(|| subject.get(from..))?;
                let found = rest.iter().position(|unit| look.admits(Some(unit.code())));
                match found {
                    Some(at) => Some(from + at),
                    None => look.end.then_some(subject.len()),
                }
            }
            Plan::Prefix { text, narrow } => {
                let rest = subject.get(from..)?;
                match (U::bytes(rest), narrow) {
                    (Some(bytes), Some(finder)) => match finder.needle() {
                        [only] => memchr::memchr(*only, bytes),
                        _ => finder.find(bytes),
                    },
                    (Some(_), None) => None,
                    (None, _) => find_text(rest, text),
                }
                .map(|at| from + at)
            }
            Plan::Window { needles, at } => {
                let mut from = from;
                if let Some(bytes) = U::bytes(subject)
                    && !needles.is_empty()
                {
                    while self.closeness < PATIENCE {
                        let rest = bytes.get(from + at..)?;
                        let gap = match needles[..] {
                            [a] => memchr::memchr(a, rest),
                            [a, b] => memchr::memchr2(a, b, rest),
                            [a, b, c] => memchr::memchr3(a, b, c, rest),
                            _ => return None,
                        }?;
                        self.closeness = if gap < NEAR { self.closeness + 1 } else { 0 };
                        from += gap;
                        if self.fits(bytes, from) {
                            return Some(from);
                        }
                        from += 1;
                    }
                }
                self.scan(subject, from)
            }
        }
    }

    /// Whether the window admits the bytes at a position.
    #[inline]
    fn fits(&self, bytes: &[u8], at: usize) -> bool {
        let window = &self.searcher.window;
        bytes.get(at..at + window.len).is_some_and(|there| {
            there
                .iter()
                .enumerate()
                .all(|(k, b)| window.masks[usize::from(*b)] >> k & 1 != 0)
        })
    }

    /// Runs all offsets of the window over the subject in parallel, one bit each.
    fn scan<U: Unit>(&self, subject: &[U], from: usize) -> Option<usize> {
        let window = &self.searcher.window;
        let goal = 1u8 << (window.len - 1);
        let mut state = 0u8;
        let end = subject.get(from..)?.iter().position(|unit| {
            let mask = window
                .masks
                .get(unit.code() as usize)
                .copied()
                .unwrap_or(window.high);
            state = (state << 1 | 1) & mask;
            state & goal != 0
        })?;
        Some(from + end + 1 - window.len)
    }
}

/// The first occurrence of a text among wide units.
fn find_text<U: Unit>(subject: &[U], text: &[u32]) -> Option<usize> {
    let first = *text.first()?;
    let starts = subject.len().checked_sub(text.len())? + 1;
    (0..starts).find(|&i| {
        subject.get(i).is_some_and(|unit| unit.code() == first)
            && subject
                .get(i..i + text.len())
                .is_some_and(|there| there.iter().zip(text).all(|(a, b)| a.code() == *b))
    })
}
