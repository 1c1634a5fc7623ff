//! Tracebacks: one entry for each frame that an exception went through.

use std::cell::Cell;

use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::T;
use crate::types::code::Code;
use crate::types::exception::Exception;
use crate::types::frame::FrameObject;
use crate::types::type_::Type;
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
    /// `tb_lasti` as Python code gave it; -1 where the word says it.
    #[notrace]
    lasti: i64,
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
    let tb = entry(th, frame, word, e.traceback.get());
    e.traceback.set(e.header(), tb);
}

fn entry(th: &mut Thread, frame: Gc<FrameObject>, word: usize, next: Option<Value>) -> Value {
    let head = th.native_header::<Traceback>(T::Traceback);
    let tb = th.alloc(Traceback {
        head,
        next: Slot::from_option(next),
        frame,
        word,
        lasti: -1,
        line: Cell::new(-1),
    });
    tb.value()
}

/// A generator expression that runs in line is left by an exception: gives it the traceback entry
/// of the frame that a generator would have had, behind the running frame's, or makes the
/// RuntimeError of a StopIteration. `code` is the generator expression's.
pub fn leave_generator(th: &mut Thread, e: Value, code: Value) -> Result {
    let (Some(x), Some(code)) = (e.downcast::<Exception>(), code.downcast::<Code>()) else {
        return Ok(e);
    };
    let top = x.traceback.get().and_then(|t| t.downcast::<Traceback>());
    let (Some(top), Some(running)) = (top, th.stacks.current()) else {
        return Ok(e);
    };
    let (function, call, host) = (running.function, running.word(), top.frame);
    let word = code.word_of_place(host.code.data.position(top.word as u32));
    let frame = crate::types::frame::of_consumed(th, code, function, word);
    let inner = entry(th, frame, word, top.next.get());
    if !th.exception_matches(e, crate::types::ExceptionClass::StopIteration) {
        let outer = entry(th, host, call, Some(inner));
        x.traceback.set(x.header(), outer);
        return Ok(e);
    }
    x.traceback.set(x.header(), inner);
    let new = crate::types::generator::raised_stop_iteration(th, e, "generator")?;
    if let Some(new) = new.downcast::<Exception>() {
        let outer = entry(th, host, call, None);
        new.traceback.set(new.header(), outer);
    }
    Ok(new)
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

/// Create a new traceback object.
#[pytype(name = "traceback")]
impl Traceback {
    #[pynew(name = "traceback", sig = "(tb_next, tb_frame, tb_lasti, tb_lineno)")]
    fn new(
        th: &mut Thread,
        _class: Gc<Type>,
        tb_next: Value,
        tb_frame: Gc<FrameObject>,
        tb_lasti: i32,
        tb_lineno: i32,
    ) -> Result {
        if !th.is_none(tb_next) && tb_next.downcast::<Traceback>().is_none() {
            let got = th.type_name(tb_next);
            return Err(th.type_error(format!("expected traceback object or None, got '{got}'")));
        }
        let head = th.native_header::<Traceback>(T::Traceback);
        Ok(th
            .alloc(Traceback {
                head,
                next: Slot::from_option(th.not_none(Some(tb_next))),
                frame: tb_frame,
                word: crate::types::code::introspect::word_at(tb_lasti as i64),
                lasti: tb_lasti as i64,
                line: Cell::new(tb_lineno as i64),
            })
            .value())
    }

    #[pygetter]
    fn tb_next(_: &mut Thread, this: Gc<Traceback>) -> Option<Value> {
        this.next.get()
    }

    #[pysetter]
    fn set_tb_next(th: &mut Thread, this: Gc<Traceback>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("can't delete tb_next attribute"));
        };
        let v = th.not_none(Some(v));
        if let Some(v) = v
            && v.downcast::<Traceback>().is_none()
        {
            let got = th.type_name(v);
            return Err(th.type_error(format!("expected traceback object, got '{got}'")));
        }
        let mut at = v.and_then(|v| v.downcast::<Traceback>());
        while let Some(t) = at {
            if t.is(this) {
                return Err(th.value_error("traceback loop detected"));
            }
            at = t.next.get().and_then(|n| n.downcast::<Traceback>());
        }
        this.next.set_option(this.header(), v);
        Ok(())
    }

    #[pygetter(member)]
    fn tb_frame(_: &mut Thread, this: Gc<Traceback>) -> Gc<FrameObject> {
        this.frame
    }

    #[pygetter]
    fn tb_lineno(_: &mut Thread, this: Gc<Traceback>) -> i64 {
        this.line()
    }

    #[pygetter(member)]
    fn tb_lasti(_: &mut Thread, this: Gc<Traceback>) -> i64 {
        match this.lasti {
            -1 => crate::types::code::introspect::offset(this.word),
            given => given,
        }
    }

    #[pymethod]
    fn __dir__(th: &mut Thread, this: Gc<Traceback>) -> Result {
        let _ = this;
        let list = th.new_list();
        for n in ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"] {
            let n = th.intern(n).value();
            th.list_append(list, n)?;
        }
        Ok(list.value())
    }
}
