//! Exception objects. All builtin exception classes share one layout; `fields` are what a class
//! adds to BaseException, by position (see `table`).

pub mod group;
pub mod methods;
pub mod os_error;
pub mod syntax_error;
pub mod table;
pub mod unicode_error;

use std::cell::Cell;

use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, GcSlot, Header, HeapObject, Kind, Result, Slot, Tracer, Value};
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

pub use table::ExceptionClass;

/// Extra fields of the widest class (SyntaxError).
pub const FIELDS: usize = 9;

/// An exception.
#[repr(C)]
pub struct Exception {
    head: Header,
    /// `args`
    pub args: GcSlot<Tuple>,
    /// `__traceback__`
    pub traceback: Slot,
    /// `__context__`
    pub context: Slot,
    /// `__cause__`
    pub cause: Slot,
    /// `__suppress_context__`
    pub suppress_context: Cell<bool>,
    /// What the class adds, by position.
    pub fields: [Slot; FIELDS],
}

// SAFETY: repr(C), header first, every slot is reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for Exception {
    const KIND: Kind = Kind::Exception;
    fn trace(&self, t: &mut Tracer) {
        t.gc_slot(&self.args);
        for s in [&self.traceback, &self.context, &self.cause] {
            t.slot(s);
        }
        for s in &self.fields {
            t.slot(s);
        }
    }
}

impl super::Named for Exception {
    const NAME: &'static str = "BaseException";
}

/// A new exception of a class with these positional arguments in `args`.
pub fn new_exception(th: &mut Thread, args: Args<'_>) -> Result<Gc<Exception>> {
    let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
    Ok(plain_exception(
        th,
        class,
        args.positionals().get(1..).unwrap_or(&[]),
    ))
}

/// A new exception of a class with these in `args`; nothing else of it is set.
pub fn plain_exception(th: &mut Thread, class: Gc<Type>, args: &[Value]) -> Gc<Exception> {
    let positional = th.new_tuple(args);
    th.alloc_of_class(class, |head| Exception {
        head,
        args: GcSlot::new(positional),
        traceback: Slot::empty(),
        context: Slot::empty(),
        cause: Slot::empty(),
        suppress_context: Cell::new(false),
        fields: Default::default(),
    })
}

/// The exception behind a value that is known to be one.
pub fn of(v: Value) -> Option<Gc<Exception>> {
    v.downcast::<Exception>()
}
