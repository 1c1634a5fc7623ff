//! What the interpreter has seen, as the frontend reads it: the one place where feedback comes in.
//!
//! Feedback is a hint: whatever it says, what is compiled from it must be right. `-X
//! jit-wrong-feedback=SEED` tests that. At a third of the slots the frontend is then told something
//! else: other kinds of operands, other shapes, callees of other calls. What it is told depends on
//! the seed, the function's name, the slot and the generation, so that it is the same in each
//! attempt to build one graph, and in each run.

use std::hash::{BuildHasher, Hasher};

use rustc_hash::FxBuildHasher;
use taipan_vm::feedback::{CacheKind, FeedbackSlot};
use taipan_vm::types::T;

use super::{Builder, shape_of};

/// What was seen at a slot.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// What the interpreter's cache holds.
    pub kind: CacheKind,
    /// Bits of `seen`.
    pub seen: u8,
    /// The last shape; 0 for none.
    pub shape: u32,
    /// The callee, as a word; 0 for none.
    pub value: u64,
}

impl Sight {
    fn of(slot: &FeedbackSlot) -> Sight {
        Sight {
            kind: slot.kind.get(),
            seen: slot.seen.get(),
            shape: slot.shape.get(),
            value: slot.value.get(),
        }
    }
}

/// Builtin types whose shapes lies are made of: those that the frontend treats specially.
const TYPES: [T; 14] = [
    T::Int,
    T::Float,
    T::Str,
    T::List,
    T::Tuple,
    T::Dict,
    T::Set,
    T::Range,
    T::Generator,
    T::Function,
    T::BoundMethod,
    T::ListIterator,
    T::TupleIterator,
    T::RangeIterator,
];

impl Builder<'_> {
    /// What was seen at a feedback slot.
    pub fn sight(&self, i: u32) -> Sight {
        let told = Sight::of(self.slot(i));
        match self.plan.lies {
            Some(seed) => self.lie(seed, i, told),
            None => told,
        }
    }

    /// Bits of `seen` at a feedback slot; "anything" where the general way is wanted.
    pub fn seen(&self, fb: u32) -> u8 {
        match self.is_general() {
            true => taipan_vm::feedback::seen::OTHER,
            false => self.sight(fb).seen,
        }
    }

    /// Has the code run, but never this instruction, which notes at its slot whenever it does?
    pub fn is_passed_by(&self, fb: u32) -> bool {
        let s = self.sight(fb);
        let slots = &self.activations[self.activation()].facts.feedback;
        s.kind == CacheKind::Empty
            && s.seen == 0
            && !self.is_general()
            && !self.is_behind_the_loop()
            && slots
                .iter()
                .any(|s| s.seen.get() != 0 || s.kind.get() != CacheKind::Empty)
    }

    /// Is this behind the loop that the unit begins at? The run that is to enter it has not been here.
    fn is_behind_the_loop(&self) -> bool {
        let loops = &self.activations[self.activation()].facts.ranges;
        let end = self.header.and_then(|h| loops.get(&h));
        self.activation() == 0 && end.is_some_and(|e| self.pc > *e)
    }

    /// The shape that was seen at a feedback slot last; 0 for none.
    pub fn seen_shape(&self, fb: u32) -> u32 {
        match self.is_general() {
            true => 0,
            false => self.sight(fb).shape,
        }
    }

    /// The one shape that was iterated over at a feedback slot; 0 for none or several.
    pub fn iterated_shape(&self, fb: u32) -> u32 {
        match self.seen(fb) & taipan_vm::feedback::seen::OTHER {
            0 => self.seen_shape(fb),
            _ => 0,
        }
    }

    /// The shapes that were seen at an attribute site; none when there are too many.
    pub fn seen_shapes(&self, fb: u32) -> Vec<u32> {
        let slot = self.slot(fb);
        let told = self.sight(fb).shape;
        if told != slot.shape.get() || slot.more.get().is_none() || slot.is_megamorphic() {
            // (A site with too many shapes is left to the caches, unless it settled again.)
            return match told {
                0 => Vec::new(),
                _ if slot.is_megamorphic() => Vec::new(),
                s => vec![s],
            };
        }
        let mut shapes = Vec::new();
        for c in slot.cases() {
            let by_shape = !matches!(
                c.kind.get(),
                CacheKind::ModuleAttribute
                    | CacheKind::TypeAttribute
                    | CacheKind::TypeMethod
                    | CacheKind::Megamorphic
            );
            let s = c.shape.get();
            if !by_shape || s == 0 {
                return Vec::new();
            }
            if !shapes.contains(&s) {
                shapes.push(s);
            }
        }
        shapes
    }

    /// Has the handler at a word of an activation's code ever run?
    pub fn handler_taken(&self, activation: usize, word: u32) -> bool {
        let code = self.activations[activation].code;
        let taken = code.was_handler_taken(word);
        let Some(seed) = self.plan.lies else {
            return taken;
        };
        let mut h = FxBuildHasher.build_hasher();
        h.write_u64(seed);
        h.write(code.data.qualname.as_bytes());
        h.write_u32(word);
        taken ^ (Dice(h.finish()).throw(3) == 0)
    }

    fn lie(&self, seed: u64, i: u32, truth: Sight) -> Sight {
        let mut h = FxBuildHasher.build_hasher();
        h.write_u64(seed);
        h.write(self.code().data.qualname.as_bytes());
        h.write_u32(i);
        let mut dice = Dice(h.finish());
        if dice.throw(3) != 0 {
            return truth;
        }
        let slots = &self.activations[self.activation()].facts.feedback;
        let other = Sight::of(slots[dice.throw(slots.len())]);
        let mut told = truth;
        if dice.throw(2) == 0 {
            told.seen = match dice.throw(3) {
                0 => other.seen,
                1 => 1 << dice.throw(8),
                _ => dice.throw(256) as u8,
            };
        }
        if dice.throw(2) == 0 {
            told.shape = match dice.throw(2) {
                0 => other.shape,
                _ => shape_of(TYPES[dice.throw(TYPES.len())]),
            };
        }
        if dice.throw(2) == 0 {
            told.kind = other.kind;
            told.value = other.value;
        }
        told
    }
}

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    /// Below `n`.
    fn throw(&mut self, n: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}
