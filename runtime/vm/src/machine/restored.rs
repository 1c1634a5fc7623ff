//! The objects that an exit has made so far, where the collector sees them.

use crate::{Value, ValueVec};

/// Values in a scanned vector that lends itself out as a slice.
pub(super) struct Restored(ValueVec);

impl Restored {
    pub(super) fn new() -> Restored {
        Restored(ValueVec::new())
    }

    pub(super) fn values(&self) -> &ValueVec {
        &self.0
    }

    pub(super) fn as_slice(&self) -> &[Value] {
        self.0.as_slice()
    }
}

impl std::ops::Deref for Restored {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        self.0.as_slice()
    }
}
