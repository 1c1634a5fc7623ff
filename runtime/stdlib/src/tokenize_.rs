//! `_tokenize`: the tokenizer behind Lib's `tokenize`. Not there yet: the module can be imported,
//! because many others import `tokenize`, and its one class says that it is missing.

use taipan_vm::call::Args;
use taipan_vm::object::NativeHeader;
use taipan_vm::{NativeObject, Result, Thread, pymodule, pytype};

/// `_tokenize.TokenizerIter`
#[repr(C)]
#[derive(NativeObject)]
pub struct TokenizerIter {
    head: NativeHeader,
}

/// An iterator over the tokens of a source text.
#[pytype(name = "TokenizerIter", module = "_tokenize", table = TOKENIZER_TYPE)]
impl TokenizerIter {
    #[pynew(raw)]
    fn new(th: &mut Thread, _args: Args<'_>) -> Result {
        Err(th.not_implemented_error("tokenizing source text is not there yet (module _tokenize)"))
    }
}

/// The module hangs here.
pub struct Tokenize;

#[pymodule(name = "_tokenize", types = [TOKENIZER_TYPE])]
impl Tokenize {}
