//! Items of iterators that give pairs, without the pairs: for loops that take them apart at once.

use crate::Thread;
use crate::object::{Result, Value};
use crate::types::T;
use crate::types::dict::views::DictItemIterator;
use crate::types::iterators::enumerate::Enumerate;
use crate::types::iterators::zip::Zip;

/// The next pair of an exact `enumerate`, `zip` of two or iterator of a dict's items; None when
/// it is something else.
pub fn next(th: &mut Thread, it: Value) -> Option<Result<Option<(Value, Value)>>> {
    let shape = it.header()?.shape();
    if shape == T::DictItemIterator.shape() {
        return Some(it.downcast::<DictItemIterator>()?.advance_pair(th));
    }
    if shape == T::Enumerate.shape() {
        return Some(it.downcast::<Enumerate>()?.advance(th));
    }
    if shape == T::Zip.shape() {
        return it.downcast::<Zip>()?.advance_pair(th);
    }
    None
}
