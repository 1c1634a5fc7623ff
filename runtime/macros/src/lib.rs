//! The macros by which native types and modules are written: `#[pytype]`, `#[pymethods]`,
//! `#[pymodule]`, `#[derive(NativeObject)]`, `#[derive(Trace)]`.
//!
//! They stay thin: each Python-visible function becomes an argument shim and a row in a `static`
//! table; binding, conversion and error wording are ordinary code in `taipan_vm::call`.
//!
//! ```text
//! #[pytype(name = "list", flags = BASETYPE | SEQUENCE)]
//! impl List {
//!     /// Append object to the end of the list.
//!     #[pymethod]
//!     fn append(th: &mut Thread, this: Gc<List>, object: Value) -> Result<()> { … }
//!
//!     #[pymethod(sig = "(*, key=None, reverse=False)")]
//!     fn sort(th: &mut Thread, this: Gc<List>, key: Option<Value>, reverse: Option<bool>) -> Result<()> { … }
//!
//!     #[pygetter] fn length(th: &mut Thread, this: Gc<List>) -> Result<usize> { … }
//!     #[pyslot] fn repr(th: &mut Thread, this: Value) -> Result<Value> { … }
//! }
//! ```
//!
//! gives `List::METHODS`, `List::GETSETS`, `List::SLOTS` and `pub static TYPE: TypeDef`.

mod derive;
mod function;
mod table;

use proc_macro::TokenStream;

/// A native type: see the crate's documentation. Arguments: `name`, `module`, `base` (a path to a
/// `TypeDef`), `flags`, `payload` (a Rust type; default `Self`; `payload = none` inherits the
/// base's), `more` (further method tables), `table` (name of the static, default `TYPE`).
#[proc_macro_attribute]
pub fn pytype(args: TokenStream, item: TokenStream) -> TokenStream {
    table::pytype(args.into(), item.into())
        .unwrap_or_else(|e| e.to_compile_error())
        .into()
}

/// A further table of methods for a native type: `#[pymethods(table = SEARCH)] impl Str { … }`.
#[proc_macro_attribute]
pub fn pymethods(args: TokenStream, item: TokenStream) -> TokenStream {
    table::pymethods(args.into(), item.into())
        .unwrap_or_else(|e| e.to_compile_error())
        .into()
}

/// A native module: `#[pymodule(name = "math")] impl Math { #[pyfunction] … #[pyexec] … }` gives
/// `pub static MODULE: ModuleDef`.
#[proc_macro_attribute]
pub fn pymodule(args: TokenStream, item: TokenStream) -> TokenStream {
    table::pymodule(args.into(), item.into())
        .unwrap_or_else(|e| e.to_compile_error())
        .into()
}

/// Implements the open heap layout for a `#[repr(C)]` struct whose first field is
/// `head: NativeHeader`; every other field is traced (`#[notrace]` leaves one out).
#[proc_macro_derive(NativeObject, attributes(notrace))]
pub fn native_object(item: TokenStream) -> TokenStream {
    derive::native_object(item.into())
        .unwrap_or_else(|e| e.to_compile_error())
        .into()
}

/// Implements `Trace` field by field.
#[proc_macro_derive(Trace, attributes(notrace))]
pub fn trace(item: TokenStream) -> TokenStream {
    derive::trace(item.into())
        .unwrap_or_else(|e| e.to_compile_error())
        .into()
}
