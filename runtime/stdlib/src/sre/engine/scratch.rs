//! The memory of a running match, kept by the caller between calls.

use super::MatchError;

/// No position: an unset mark, or no previous round of a loop.
pub(super) const NONE: usize = usize::MAX;

/// What to do when matching fails back to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Go on at instruction `arg`, position `pos`.
    Choice,
    /// Try the alternatives of branch `arg` from number `extra` on.
    Branch,
    /// Give back one character of greedy repeat `arg`, down to position `extra`.
    Greedy,
    /// Take one more character in lazy repeat `arg`, of which `extra` have been taken.
    Lazy,
    /// One more round of counted lazy loop `arg`.
    Round,
    /// Restore mark `arg` to `pos` and the last group to `extra`.
    Mark,
    /// Restore loop `arg`: its last round's start to `pos`, its count to `extra`.
    Loop,
    /// Begin of the body of an assertion or atomic group: its failure is a failure.
    /// `extra` is the enclosing barrier.
    Barrier,
    /// Begin of the body of a negated assertion: its failure leads to `arg` at `pos`. So does
    /// that of a possessive loop's optional round.
    Escape,
}

/// One entry of the backtrack stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) arg: u32,
    pub(super) pos: usize,
    pub(super) extra: usize,
}

/// The state of a counted loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counter {
    /// Rounds begun.
    pub(super) count: usize,
    /// Where the last optional round began.
    pub(super) last: usize,
}

/// Memory for matching: the backtrack stack, the marks and the loop counters.
///
/// One `Scratch` serves any number of programs and subjects, one at a time; what a successful
/// match recorded stays readable until the next one.
#[derive(Debug)]
pub struct Scratch {
    pub(super) frames: Vec<Frame>,
    pub(super) marks: Vec<usize>,
    pub(super) counters: Vec<Counter>,
    /// Number of the group that closed last, plus one less one: 0 for none.
    pub(super) last_group: usize,
    /// Marks were set without a frame that unsets them.
    pub(super) dirty: bool,
    max_frames: usize,
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch::with_limit(1 << 30)
    }
}

impl Scratch {
    /// Memory whose backtrack stack may grow to this many bytes.
    pub fn with_limit(bytes: usize) -> Scratch {
        Scratch {
            frames: Vec::new(),
            marks: Vec::new(),
            counters: Vec::new(),
            last_group: 0,
            dirty: false,
            max_frames: bytes / size_of::<Frame>(),
        }
    }

    /// Gives back memory beyond what an ordinary match needs.
    pub fn shrink(&mut self) {
        if self.frames.capacity() > 4096 {
            self.frames = Vec::new();
        }
    }

    /// The span of a group (from 1) in the last successful match.
    pub fn group(&self, group: usize) -> Option<(usize, usize)> {
        let first = group.checked_sub(1)?.checked_mul(2)?;
        let (start, end) = (*self.marks.get(first)?, *self.marks.get(first + 1)?);
        (start != NONE && end != NONE && start <= end).then_some((start, end))
    }

    /// Prepares for a program with these numbers of groups and loops.
    pub(super) fn prepare(&mut self, groups: usize, loops: usize) {
        self.frames.clear();
        self.marks.clear();
        self.marks.resize(groups * 2, NONE);
        self.counters.clear();
        self.counters.resize(
            loops,
            Counter {
                count: 0,
                last: NONE,
            },
        );
        self.last_group = 0;
        self.dirty = false;
    }

    /// Prepares for another attempt of the same program.
    #[inline]
    pub(super) fn restart(&mut self) {
        self.frames.clear();
        if self.dirty {
            self.marks.fill(NONE);
            self.last_group = 0;
            self.dirty = false;
        }
    }

    /// Pushes a frame.
    #[inline(always)]
    pub(super) fn push(
        &mut self,
        kind: Kind,
        arg: u32,
        pos: usize,
        extra: usize,
    ) -> Result<(), MatchError> {
        if self.frames.len() >= self.max_frames {
            return Err(MatchError::Memory);
        }
        if self.frames.len() == self.frames.capacity() {
            self.grow()?;
        }
        self.frames.push(Frame {
            kind,
            arg,
            pos,
            extra,
        });
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> Result<(), MatchError> {
        let more = self.frames.len().max(64);
        self.frames
            .try_reserve(more)
            .map_err(|_| MatchError::Memory)
    }

    /// Sets a mark; closing a group makes it the last one.
    #[inline(always)]
    pub(super) fn mark(&mut self, mark: u32, pos: usize) -> Result<(), MatchError> {
        let old = self.marks.get(mark as usize).copied().unwrap_or(NONE);
        // With nothing to fail back to, `restart` undoes the change.
        if self.frames.is_empty() {
            self.dirty = true;
        } else {
            self.push(Kind::Mark, mark, old, self.last_group)?;
        }
        if let Some(slot) = self.marks.get_mut(mark as usize) {
            *slot = pos;
        }
        if mark & 1 == 1 {
            self.last_group = mark as usize / 2 + 1;
        }
        Ok(())
    }

    /// Undoes what a `Mark` or `Loop` frame recorded.
    #[inline(always)]
    pub(super) fn undo(&mut self, frame: Frame) {
        match frame.kind {
            Kind::Mark => {
                if let Some(slot) = self.marks.get_mut(frame.arg as usize) {
                    *slot = frame.pos;
                }
                self.last_group = frame.extra;
            }
            Kind::Loop => {
                if let Some(slot) = self.counters.get_mut(frame.arg as usize) {
                    *slot = Counter {
                        count: frame.extra,
                        last: frame.pos,
                    };
                }
            }
            _ => {}
        }
    }

    /// Forgets the choices above the barrier, and the barrier, but not how to undo the changes
    /// made since. Returns the barrier.
    pub(super) fn commit(&mut self, barrier: usize) -> Option<Frame> {
        let found = self.frames.get(barrier).copied()?;
        let mut keep = barrier;
        for i in barrier + 1..self.frames.len() {
            let Some(&frame) = self.frames.get(i) else {
                break;
            };
            if matches!(frame.kind, Kind::Mark | Kind::Loop) {
                if let Some(slot) = self.frames.get_mut(keep) {
                    *slot = frame;
                }
                keep += 1;
            }
        }
        self.frames.truncate(keep);
        Some(found)
    }

    /// Undoes everything since the barrier, and removes it. Returns the barrier.
    pub(super) fn rollback(&mut self, barrier: usize) -> Option<Frame> {
        while self.frames.len() > barrier + 1 {
            let frame = self.frames.pop()?;
            self.undo(frame);
        }
        self.frames.pop()
    }
}
