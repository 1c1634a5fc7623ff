//! Which registers hold a value for certain.
//!
//! The set is kept along the structured walk of the tree: a store adds, `del` removes, a join
//! intersects. A register outside the set needs `CheckBound` before it is read.

/// Set of registers that are definitely bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bound(Vec<u64>);

impl Bound {
    pub fn contains(&self, reg: u16) -> bool {
        self.0
            .get(reg as usize / 64)
            .is_some_and(|w| w >> (reg % 64) & 1 != 0)
    }

    pub fn insert(&mut self, reg: u16) {
        let at = reg as usize / 64;
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (reg % 64);
    }

    pub fn remove(&mut self, reg: u16) {
        if let Some(w) = self.0.get_mut(reg as usize / 64) {
            *w &= !(1 << (reg % 64));
        }
    }

    /// Keeps what is in both.
    pub fn intersect(&mut self, other: &Bound) {
        self.0.truncate(other.0.len());
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a &= b;
        }
    }
}
