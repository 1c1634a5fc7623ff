//! A piece of compiled code and what belongs to it.
//!
//! A unit belongs to the code object that it was made of, which keeps what the unit names
//! ([`Code::attach`](crate::types::code::Code::attach)). One that is not valid any more is detached, and its
//! memory used again, once no activation is left in it ([`activations`](super::activations)).

use std::cell::{Cell, OnceCell};

use taipan_abi::resume::Exit;

use crate::object::Value;

/// One compilation: a function, or a function from a loop's header on.
pub struct Unit {
    /// All bits set while its assumptions hold, else 0; compiled code reads it.
    pub valid: Cell<u64>,
    /// Address of the machine code; 0 while it is being made.
    pub entry: Cell<usize>,
    /// Bytes of machine code.
    pub size: Cell<usize>,
    /// The code object. (It keeps the unit, not the other way round.)
    pub code: Value,
    /// Word of the loop header at which it begins; None: the function's beginning.
    pub header: Option<u32>,
    /// All exits.
    pub exits: OnceCell<Vec<Exit>>,
    /// How often each was taken.
    pub taken: OnceCell<Vec<Cell<u32>>>,
    /// Values that the machine code names; kept as long as the code object has the unit.
    pub roots: Vec<Value>,
    /// Exits taken in all, for deciding to compile anew.
    pub left: Cell<u32>,
    /// How often the code was compiled before.
    pub generation: u32,
}

impl Unit {
    /// All exits; none while the code is being made.
    pub fn exits(&self) -> &[Exit] {
        self.exits.get().map_or(&[], |e| e)
    }

    /// How often each exit was taken.
    pub fn taken(&self) -> &[Cell<u32>] {
        self.taken.get().map_or(&[], |t| t)
    }

    /// It is not entered any more, and activations under way leave behind their next call.
    pub fn invalidate(&self) {
        self.valid.set(0);
        if let Some(code) = self.code.downcast::<crate::types::code::Code>()
            && self.header.is_some()
            && let Ok(mut resumed) = code.resumed.try_borrow_mut()
        {
            resumed.retain(|(_, entry)| *entry != self.entry.get() as u64);
        }
        if let Some(code) = self.code.downcast::<crate::types::code::Code>()
            && self.header.is_none()
            && code.compiled() == self.entry.get() as u64
        {
            code.set_compiled(0);
            code.calls.set(0);
        }
    }
}
