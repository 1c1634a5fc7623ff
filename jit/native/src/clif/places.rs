//! Where machine code comes from: places of instructions go through Cranelift as source locations.
//!
//! Nothing is done where the graph has no places (they are noted with `-X perf_jit` only).

use cranelift_codegen::ir::SourceLoc;
use cranelift_codegen::{Final, MachSrcLoc};
use taipan_ssa::graph::Place;
use taipan_ssa::{Op, StateId};

use super::Lowering;

/// Bits of a source location for the instruction word; the rest is for the activation.
const WORD_BITS: u32 = 20;
const MAX_WORD: u32 = (1 << WORD_BITS) - 1;
const MAX_FRAME: u32 = u32::MAX >> WORD_BITS;
/// The source location of what is of the whole unit. (All ones means none.)
const UNIT: u32 = u32::MAX - 1;

/// Where machine code comes from, up to the next such place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodePlace {
    /// Offset of the code.
    pub offset: u32,
    /// Code object (a word) and instruction word; None for what is of the whole unit.
    pub origin: Option<(u64, u32)>,
}

/// A place as a source location.
fn packed(p: Place) -> SourceLoc {
    match p.frame < MAX_FRAME && p.pc <= MAX_WORD {
        true => SourceLoc::new(p.frame << WORD_BITS | p.pc),
        false => SourceLoc::new(UNIT),
    }
}

/// The places of compiled code; `codes` has the code object of each activation.
pub(super) fn of(ranges: &[MachSrcLoc<Final>], codes: &[u64]) -> Vec<CodePlace> {
    let mut places = vec![CodePlace {
        offset: 0,
        origin: None,
    }];
    // Cranelift forgets the locations of values that it makes in another place than it was told to:
    // in front of where they are used. They go to what uses them.
    let mut forgotten = None;
    for r in ranges.iter().filter(|r| r.start > 0 || !r.loc.is_default()) {
        if r.loc.is_default() {
            forgotten = forgotten.or(Some(r.start));
            continue;
        }
        let offset = forgotten.take().unwrap_or(r.start);
        let bits = r.loc.bits();
        let code = match bits {
            UNIT => None,
            _ => codes.get((bits >> WORD_BITS) as usize),
        };
        let origin = code.map(|c| (*c, bits & MAX_WORD));
        if places.last().is_none_or(|p| p.origin != origin) {
            places.push(CodePlace { offset, origin });
        }
    }
    places
}

impl Lowering<'_, '_> {
    /// What is lowered from here on comes from a place, or from the unit as a whole.
    pub(super) fn locate(&mut self, place: Option<Place>) {
        if !self.g.places.is_empty() {
            let at = place.map_or(SourceLoc::new(UNIT), packed);
            self.b.set_srcloc(at);
        }
    }

    /// What is lowered from here on is an instruction's.
    pub(super) fn locate_inst(&mut self, number: u32) {
        let constant = matches!(
            self.g.insts[number as usize].op,
            Op::Const | Op::ConstInt | Op::ConstFloat | Op::ConstBool
        );
        // Constants are made once, for whoever came first.
        if !constant && let Some(p) = self.g.places.get(number as usize) {
            self.locate(Some(*p));
        }
    }

    /// What is lowered from here on is of where the innermost frame of a state stands.
    pub(super) fn locate_state(&mut self, s: StateId) {
        let frame = self.g.states[s.0 as usize].frames.last();
        self.locate(frame.map(|f| Place {
            frame: f.frame,
            pc: f.pc,
        }));
    }
}
