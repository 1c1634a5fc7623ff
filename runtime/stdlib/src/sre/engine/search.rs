//! Where to try a program: finding the starts at which a match is possible.

use memchr::memmem::Finder;

use super::MatchError;
use super::analysis::{self, Prefix, Window};
use super::chars::Unit;
use super::exec::{Goal, Matcher};
use super::inst::{Code, Inst};
use super::opcode::At;
use super::scratch::{NONE, Scratch};

/// A first set with this many members is not worth looking for.
const DENSE: usize = 200;
/// After this many candidates close to each other the needle search is given up.
const PATIENCE: u32 = 12;
/// Two candidates this near are close.
const NEAR: usize = 12;

/// How to find candidates.
#[derive(Debug)]
enum Plan {
    /// Only the very beginning.
    Beginning,
    /// Every match begins with this text.
    Prefix {
        text: Vec<u32>,
        narrow: Option<Box<Finder<'static>>>,
    },
    /// The first characters are in the window's sets; at most three bytes can come first.
    Window { needles: Vec<u8> },
    /// Every position.
    Everywhere,
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
    /// Where to start running, and how many characters are known to match by then.
    resume: (u32, usize),
}

impl Searcher {
    pub(super) fn new(code: &Code, width: usize) -> Searcher {
        let Prefix { text, mut resume } = analysis::prefix(code);
        let window = analysis::window(code);
        let first = code
            .insts
            .iter()
            .find(|inst| !matches!(inst, Inst::Mark(_)));
        let firsts = window.masks.iter().filter(|mask| **mask & 1 != 0).count();
        let plan = if first == Some(&Inst::At(At::Beginning)) {
            Plan::Beginning
        } else if !text.is_empty() {
            let bytes: Option<Vec<u8>> = text.iter().map(|&ch| u8::try_from(ch).ok()).collect();
            Plan::Prefix {
                text,
                narrow: bytes.map(|b| Box::new(Finder::new(&b).into_owned())),
            }
        } else if let Some(anything) = analysis::leading_dots(code) {
            Plan::Dots { anything }
        } else if window.len == 0 || firsts >= DENSE {
            Plan::Everywhere
        } else {
            let mut needles = Vec::new();
            if firsts <= 3 {
                needles.extend((0..=255u8).filter(|&b| window.masks[usize::from(b)] & 1 != 0));
            }
            Plan::Window { needles }
        };
        if !matches!(plan, Plan::Prefix { .. }) {
            resume = (0, 0);
        }
        Searcher {
            width: width.max(window.len),
            plan,
            window,
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
            let Some(start) = finder.next(subject, from) else {
                return Ok(None);
            };
            if start > last {
                break;
            }
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
                Plan::Dots { anything: false } => {
                    match subject
                        .iter()
                        .skip(start)
                        .position(|unit| unit.code() == 10)
                    {
                        Some(line) => start + line + 1,
                        None => return Ok(None),
                    }
                }
                _ => start + 1,
            };
            not_at = NONE;
        }
        Ok(None)
    }
}

/// The candidates of one search.
struct Candidates<'a> {
    searcher: &'a Searcher,
    /// How many candidates in a row were near each other.
    closeness: u32,
}

impl Candidates<'_> {
    /// The first possible start at `from` or later.
    #[inline]
    fn next<U: Unit>(&mut self, subject: &[U], from: usize) -> Option<usize> {
        match &self.searcher.plan {
            Plan::Beginning => (from == 0).then_some(0),
            Plan::Everywhere | Plan::Dots { .. } => Some(from),
            Plan::Prefix { text, narrow } => {
                let rest = subject.get(from..)?;
                match (U::bytes(rest), narrow) {
                    (Some(bytes), Some(finder)) => match finder.needle() {
                        [only] => memchr::memchr(*only, bytes),
                        _ => finder.find(bytes),
                    },
                    (Some(_), None) => None,
                    (None, _) => {
                        let first = *text.first()?;
                        let starts = rest.len().checked_sub(text.len())? + 1;
                        (0..starts).find(|&i| {
                            rest.get(i).is_some_and(|unit| unit.code() == first)
                                && rest.get(i..i + text.len()).is_some_and(|there| {
                                    there.iter().zip(text).all(|(a, b)| a.code() == *b)
                                })
                        })
                    }
                }
                .map(|at| from + at)
            }
            Plan::Window { needles } => {
                let mut from = from;
                if let Some(bytes) = U::bytes(subject)
                    && !needles.is_empty()
                {
                    while self.closeness < PATIENCE {
                        let rest = bytes.get(from..)?;
                        let at = match needles[..] {
                            [a] => memchr::memchr(a, rest),
                            [a, b] => memchr::memchr2(a, b, rest),
                            [a, b, c] => memchr::memchr3(a, b, c, rest),
                            _ => return None,
                        }?;
                        self.closeness = if at < NEAR { self.closeness + 1 } else { 0 };
                        from += at;
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
