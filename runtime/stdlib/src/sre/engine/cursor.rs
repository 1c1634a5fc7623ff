//! Going through a subject match by match: `finditer`, `findall`, `sub`, `split`, `scanner`.

use super::{Context, Match, MatchError, Mode, Program, Scratch, Subject};

/// A position in a subject between matches.
///
/// An empty match may follow a non-empty one directly, but not another empty one: after an empty
/// match the next one at the same position must be longer.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    pos: Option<usize>,
    endpos: usize,
    advance: bool,
}

impl Cursor {
    /// Begins at `pos`; matches end at `endpos` at the latest.
    pub fn new(pos: usize, endpos: usize) -> Cursor {
        Cursor {
            pos: Some(pos),
            endpos,
            advance: false,
        }
    }

    /// The next match anywhere.
    pub fn search(
        &mut self,
        program: &Program,
        subject: Subject<'_>,
        scratch: &mut Scratch,
        context: &mut Context<'_>,
    ) -> Result<Option<Match>, MatchError> {
        self.next(Mode::Search, program, subject, scratch, context)
    }

    /// The next match, directly after the last one (`scanner.match`).
    pub fn match_here(
        &mut self,
        program: &Program,
        subject: Subject<'_>,
        scratch: &mut Scratch,
        context: &mut Context<'_>,
    ) -> Result<Option<Match>, MatchError> {
        self.next(Mode::Match, program, subject, scratch, context)
    }

    fn next(
        &mut self,
        mode: Mode,
        program: &Program,
        subject: Subject<'_>,
        scratch: &mut Scratch,
        context: &mut Context<'_>,
    ) -> Result<Option<Match>, MatchError> {
        let Some(pos) = self.pos else { return Ok(None) };
        let found = program.find(
            mode,
            subject,
            pos,
            self.endpos,
            self.advance,
            scratch,
            context,
        )?;
        self.pos = found.map(|found| found.end);
        self.advance = found.is_some_and(|found| found.start == found.end);
        Ok(found)
    }
}
