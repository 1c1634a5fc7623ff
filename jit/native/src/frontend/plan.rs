//! What is learnt about loops from one attempt to build a graph for the next.
//!
//! The frontend guesses the types of a loop's registers from the way in. When a way back brings
//! something else, the guess is widened and the graph is built again; when a guard in the loop
//! tests a register that does not change, the guard is asked for in front of the loop.

use rustc_hash::FxHashMap;
use taipan_abi::resume::ObjectKind;
use taipan_ssa::Type;

/// A place in the state at a loop's header: the frame counted from the outermost, the register, and
/// the way through fields of removed objects.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Path {
    /// Frame, counted from the outermost.
    pub frame: u16,
    /// Register.
    pub reg: u16,
    /// Fields.
    pub fields: Vec<u8>,
}

/// What a way back brought that did not fit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Widen {
    /// This type must be possible.
    Type(Type),
    /// An object must have been made.
    Made,
    /// Such an object, not made, with so many fields: of an open field that is empty on the way in.
    Like(ObjectKind, usize),
}

/// A guard that is wanted in front of a loop.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Want {
    /// A small int.
    Int,
    /// A float.
    Float,
    /// An object of this shape.
    Shape(u32),
    /// An object with one of the shapes of this set.
    Shapes(u32),
    /// This very object.
    Is(u64),
}

/// What is known of one loop.
#[derive(Clone, Default, Debug)]
pub struct LoopPlan {
    /// Places that need a wider type.
    pub widened: FxHashMap<Path, Widen>,
    /// Guards wanted in front; None when two disagree.
    pub wanted: FxHashMap<Path, Option<Want>>,
    /// Objects may change their shapes in the loop.
    pub weak: bool,
}

/// What is known of all loops, by activation key and header.
#[derive(Default, Debug)]
pub struct Plan {
    /// By activation key and header.
    pub loops: FxHashMap<(u64, u32), LoopPlan>,
    /// Something changed: build again.
    pub changed: bool,
    /// Words of functions that may be walked into; see `-X jit-inline`.
    pub inline: usize,
    /// Functions that were called less often are called, not walked into, unless they are in `hot`.
    pub cold_calls: u32,
    /// What stands outside of the loops of the unit's own function runs seldom: it is worth little code.
    pub for_loops: bool,
    /// Code objects that were found hot before.
    pub hot: rustc_hash::FxHashSet<u64>,
    /// Code objects that have much machine code of their own: they are called, not walked into.
    pub large: rustc_hash::FxHashSet<u64>,
    /// Whether guards may be placed in front of loops.
    pub hoist: bool,
    /// Instructions that are done in the general way: code object and word.
    pub general: rustc_hash::FxHashSet<(u64, u32)>,
    /// Sets of shapes, by number.
    pub shape_sets: Vec<Vec<u32>>,
    /// Feedback is to be lied about, from this seed (`-X jit-wrong-feedback`).
    pub lies: Option<u64>,
    /// Code objects that were found to look into their own frames: they are called, not walked into.
    pub not_inlined: rustc_hash::FxHashSet<u64>,
    /// Somebody may look at any variable of a frame at any time: none is dropped, and objects that
    /// variables hold are made.
    pub keep: bool,
    /// The unit's own code looks at them, by a builtin under another name.
    pub looks: bool,
    /// Somebody wants to know where instructions come from (`-X perf_jit`).
    pub places: bool,
    /// Calls whose generators must be made: activation key and the word behind.
    pub made_generators: rustc_hash::FxHashSet<(u64, u32)>,
}

/// In [`Plan::general`], the entry at a loop's header: the types of its registers are not guessed.
pub const fn entry_of(header: u32) -> u32 {
    header | 1 << 31
}

/// In [`Plan::general`], what is in front of a loop: no object, or no number, is tested there for what
/// happens in the loop, perhaps on one of its ways only.
pub const fn front_of(header: u32, numbers: bool) -> u32 {
    header | if numbers { 1 << 29 } else { 1 << 30 }
}

impl Plan {
    /// The number of a set of shapes (in any order).
    pub fn shape_set(&mut self, shapes: &[u32]) -> u32 {
        let mut set = shapes.to_vec();
        set.sort_unstable();
        set.dedup();
        match self.shape_sets.iter().position(|s| *s == set) {
            Some(i) => i as u32,
            None => {
                self.shape_sets.push(set);
                self.shape_sets.len() as u32 - 1
            }
        }
    }

    /// The place needs a wider type.
    pub fn widen(&mut self, key: (u64, u32), path: Path, w: Widen) {
        let plan = self.loops.entry(key).or_default();
        let new = match (plan.widened.get(&path), w) {
            (Some(Widen::Made), Widen::Made) => return,
            (Some(Widen::Type(old)), Widen::Type(t)) => {
                let mut joined = old.join(t);
                // Bounds go to the end at once, so that this ends soon.
                if joined.low < old.low {
                    joined.low = taipan_ssa::types::INT_MIN;
                }
                if joined.high > old.high {
                    joined.high = taipan_ssa::types::INT_MAX;
                }
                if joined == *old {
                    return;
                }
                Widen::Type(joined)
            }
            (Some(Widen::Type(_)), Widen::Made) => Widen::Made,
            (Some(Widen::Made), Widen::Type(t)) => Widen::Type(t),
            (None, w) => w,
            (Some(Widen::Like(k, n)), Widen::Like(l, m)) if *k == l && *n == m => return,
            (Some(_), Widen::Like(..)) | (Some(Widen::Like(..)), _) => Widen::Type(Type::ANY),
        };
        plan.widened.insert(path, new);
        self.changed = true;
    }

    /// A guard is wanted in front of the loop.
    pub fn want(&mut self, key: (u64, u32), path: Path, want: Want) {
        if !self.hoist {
            return;
        }
        let plan = self.loops.entry(key).or_default();
        match plan.wanted.get(&path) {
            None => {
                plan.wanted.insert(path, Some(want));
                self.changed = true;
            }
            Some(Some(w)) if *w != want => {
                plan.wanted.insert(path, None);
                self.changed = true;
            }
            Some(_) => {}
        }
    }
}
