//! Unicode 16 as Python's `str`, `unicodedata` and codecs see it.
//!
//! Everything works on code points as `u32`, lone surrogates included. The
//! tables are static data written by `generate_tables.py`; ASCII is answered
//! without them. [`version_3_2`] is the view of an older
//! standard that internationalized domain names are defined by.

pub mod case;
pub mod codecs;
pub mod names;
pub mod normalize;
pub mod properties;
pub mod text;
pub mod types;
pub mod version_3_2;

mod tables {
    pub(super) mod case;
    pub(super) mod decomposition;
    pub(super) mod numeric;
    pub(super) mod properties;
    pub(super) mod sequences;
    pub(super) mod types;
    pub(super) mod version_3_2;
}

pub use text::{Text, TextBuilder, TextRef};
