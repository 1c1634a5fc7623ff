//! Unicode 16 as Python's `str`, `unicodedata` and codecs see it.
//!
//! Everything works on code points as `u32`, lone surrogates included. The
//! tables are static data written by `generate_tables.py`; ASCII is answered
//! without them. Deliberately absent: the Unicode 3.2 view
//! (`unicodedata.ucd_3_2_0`).

pub mod case;
pub mod codecs;
pub mod names;
pub mod normalize;
pub mod properties;
pub mod text;
pub mod types;

mod tables {
    pub(super) mod case;
    pub(super) mod decomposition;
    pub(super) mod numeric;
    pub(super) mod properties;
    pub(super) mod sequences;
    pub(super) mod types;
}

pub use text::{Text, TextBuilder, TextRef};
