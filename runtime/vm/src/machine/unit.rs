//! A piece of compiled code and what belongs to it.

use std::any::Any;
use std::cell::Cell;

use taipan_abi::resume::Exit;

use crate::object::Value;

/// One compilation: a function, or a function from a loop's header on.
pub struct Unit {
    /// 1 while its assumptions hold; compiled code reads it.
    pub valid: Cell<u64>,
    /// Address of the machine code.
    pub entry: usize,
    /// Bytes of machine code.
    pub size: usize,
    /// The code object.
    pub code: Value,
    /// Word of the loop header at which it begins; None: the function's beginning.
    pub header: Option<u32>,
    /// All exits.
    pub exits: Vec<Exit>,
    /// How often each was taken.
    pub taken: Vec<Cell<u32>>,
    /// Values that the machine code names; the collector keeps them.
    pub roots: Vec<Value>,
    /// Exits taken in all, for deciding to compile anew.
    pub left: Cell<u32>,
    /// How often the code was compiled before.
    pub generation: u32,
    /// What owns the memory.
    pub memory: Box<dyn Any>,
}

impl Unit {
    /// It is not entered any more, and activations under way leave behind their next call.
    pub fn invalidate(&self) {
        self.valid.set(0);
        if let Some(code) = self.code.downcast::<crate::types::code::Code>()
            && self.header.is_none()
            && code.compiled.get() == self.entry as u64
        {
            code.compiled.set(0);
            code.calls.set(0);
        }
    }
}
