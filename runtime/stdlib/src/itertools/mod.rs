//! `itertools`: building blocks of iterators.
//!
//! As in CPython 3.14 they cannot be pickled, and copied only where they define `__copy__`.

pub mod chain;
pub mod combine;
pub mod endless;
pub mod group;
pub mod select;
pub mod tee;

use taipan_vm::object::{Result, Value};
use taipan_vm::{Thread, pymodule};

/// The module hangs here.
pub struct Itertools;

/// Functional tools for creating and using iterators.
#[pymodule(name = "itertools", types = [
    chain::CHAIN_TYPE,
    chain::ZIP_LONGEST_TYPE,
    chain::PAIRWISE_TYPE,
    chain::BATCHED_TYPE,
    chain::STARMAP_TYPE,
    chain::ACCUMULATE_TYPE,
    combine::PRODUCT_TYPE,
    combine::COMBINATIONS_TYPE,
    combine::REPLACEMENT_TYPE,
    combine::PERMUTATIONS_TYPE,
    endless::COUNT_TYPE,
    endless::CYCLE_TYPE,
    endless::REPEAT_TYPE,
    group::GROUPBY_TYPE,
    group::GROUPER_TYPE,
    select::COMPRESS_TYPE,
    select::DROPWHILE_TYPE,
    select::TAKEWHILE_TYPE,
    select::FILTERFALSE_TYPE,
    select::ISLICE_TYPE,
    tee::TEE_TYPE,
])]
impl Itertools {
    /// Returns a tuple of n independent iterators.
    #[pyfunction(sig = "(iterable, n=2, /)")]
    fn tee(th: &mut Thread, iterable: Value, n: Option<isize>) -> Result {
        tee::tee(th, iterable, n.unwrap_or(2))
    }
}
