//! Tracebacks: one entry for each frame that an exception went through.

use std::cell::Cell;

use crate::Thread;
use crate::object::{Gc, NativeHeader, Slot, Value};
use crate::types::T;
use crate::types::exception::Exception;
use crate::types::frame::FrameObject;
use crate::{NativeObject, pytype};

/// One entry.
#[repr(C)]
#[derive(NativeObject)]
pub struct Traceback {
    head: NativeHeader,
    /// The next entry, towards where the exception was raised.
    pub next: Slot,
    /// The frame.
    pub frame: Gc<FrameObject>,
    /// Instruction word in the frame's code.
    #[notrace]
    pub word: usize,
    /// Source line; computed from the word when asked.
    #[notrace]
    pub line: Cell<i64>,
}

/// Adds an entry for the running frame to the pending exception.
#[cold]
pub fn add_entry(th: &mut Thread) {
    let Some(e) = th.pending.get().and_then(|e| e.downcast::<Exception>()) else {
        return;
    };
    let Some(frame) = crate::types::frame::of_running(th) else {
        return;
    };
    let word = th.stacks.current().map_or(0, |f| f.word());
    let head = th.native_header::<Traceback>(T::Traceback);
    let tb = th.alloc(Traceback {
        head,
        next: Slot::from_option(e.traceback.get()),
        frame,
        word,
        line: Cell::new(-1),
    });
    e.traceback.set(e.header(), tb.value());
}

impl Traceback {
    /// The source line.
    pub fn line(&self) -> i64 {
        match self.line.get() {
            -1 => self.frame.code.line_at(self.word) as i64,
            l => l,
        }
    }
}

#[pytype(name = "traceback")]
impl Traceback {
    #[pygetter]
    fn tb_next(_: &mut Thread, this: Gc<Traceback>) -> Option<Value> {
        this.next.get()
    }

    #[pygetter]
    fn tb_frame(_: &mut Thread, this: Gc<Traceback>) -> Gc<FrameObject> {
        this.frame
    }

    #[pygetter]
    fn tb_lineno(_: &mut Thread, this: Gc<Traceback>) -> i64 {
        this.line()
    }

    #[pygetter]
    fn tb_lasti(_: &mut Thread, this: Gc<Traceback>) -> i64 {
        this.word as i64 * 2
    }
}
