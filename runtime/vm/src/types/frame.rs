//! Frame objects: made when somebody asks for a frame, or for a traceback.
//!
//! While the frame runs, the object finds its record on the frame stack; when the frame ends, the
//! locals are copied into the object.
#![allow(unsafe_code)]

use std::cell::Cell;

use crate::Thread;
use crate::interp::frame::Frame;
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::T;
use crate::types::cell::CellObject;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::{NativeObject, pytype};

/// A frame object.
#[repr(C)]
#[derive(NativeObject)]
pub struct FrameObject {
    head: NativeHeader,
    /// The code.
    pub code: Gc<Code>,
    /// The function.
    pub function: Gc<Function>,
    /// The record while the frame is on the stack; null afterwards.
    #[notrace]
    record: Cell<*mut Frame>,
    /// Locals mapping of class and module bodies.
    locals: Slot,
    /// Locals of an ended frame, by register (cells included); a list.
    saved: Slot,
    /// Instruction word of an ended frame.
    #[notrace]
    word: Cell<usize>,
    /// The caller's frame object, once the frame has ended.
    back: Slot,
    /// `f_trace`
    pub trace: Slot,
}

/// The frame object of the frame `depth` below the running one.
pub fn of_depth(th: &mut Thread, depth: usize) -> Option<Gc<FrameObject>> {
    let frame = th.stacks.at(depth)?;
    if let Some(o) = Value::from_bits(frame.object) {
        return o.downcast::<FrameObject>();
    }
    let record: *mut Frame = frame;
    let (code, function, locals) = (frame.code, frame.function, Value::from_bits(frame.locals));
    let head = th.native_header::<FrameObject>(T::Frame);
    let o = th.alloc(FrameObject {
        head,
        code,
        function,
        record: Cell::new(record),
        locals: Slot::from_option(locals),
        saved: Slot::empty(),
        word: Cell::new(0),
        back: Slot::empty(),
        trace: Slot::empty(),
    });
    // SAFETY: the record is still on the frame stack.
    unsafe { (*record).object = o.value().bits() };
    Some(o)
}

/// The frame object of the running frame.
pub fn of_running(th: &mut Thread) -> Option<Gc<FrameObject>> {
    of_depth(th, 0)
}

/// Copies what must outlive the running frame into its object; called before it is popped.
pub fn detach(th: &mut Thread) {
    let Some(frame) = th.stacks.current() else {
        return;
    };
    let Some(o) = Value::from_bits(frame.object).and_then(|v| v.downcast::<FrameObject>()) else {
        return;
    };
    let n = frame.code.data.varnames.len();
    let extra: usize = frame
        .code
        .data
        .cellvars
        .iter()
        .chain(&frame.code.data.freevars)
        .map(|(_, r)| *r as usize + 1)
        .max()
        .unwrap_or(0);
    let word = frame.word();
    let list = th.new_list();
    let none = th.none();
    for i in 0..n.max(extra) {
        let v = th.stacks.current().and_then(|f| f.reg(i));
        // An unbound local is kept as the list itself, a value no local can have.
        let v = v.unwrap_or(list.value());
        if th.list_append(list, v).is_err() {
            th.clear_pending();
        }
        let _ = none;
    }
    o.saved.set(o.header(), list.value());
    o.word.set(word);
    if let Some(b) = of_depth(th, 1) {
        o.back.set(o.header(), b.value());
    }
    o.record.set(std::ptr::null_mut());
}

impl FrameObject {
    fn register(&self, i: usize) -> Option<Value> {
        let record = self.record.get();
        if !record.is_null() {
            // SAFETY: the record is on the frame stack until `detach` clears the pointer.
            return unsafe { (*record).reg(i) };
        }
        let l = self.saved.get()?.downcast::<crate::types::list::List>()?;
        l.items.get(i).filter(|v| !v.is(l.value()))
    }

    /// Index of the instruction word.
    pub fn word(&self) -> usize {
        let record = self.record.get();
        if record.is_null() {
            self.word.get()
        } else {
            // SAFETY: as in `register`.
            unsafe { (*record).word() }
        }
    }

    /// The current line.
    pub fn line(&self) -> i64 {
        self.code.line_at(self.word()) as i64
    }

    /// The frame's locals as a mapping: the namespace of a class or module body, else a new dict.
    pub fn locals(&self, th: &mut Thread) -> Value {
        if let Some(l) = self.locals.get() {
            return l;
        }
        let d = th.new_dict();
        let data = self.code.data.clone();
        for (i, name) in data.varnames.iter().enumerate() {
            if name.starts_with('.') || data.cellvars.iter().any(|(n, _)| n == name) {
                continue;
            }
            if let Some(v) = self.register(i) {
                th.dict_set_text(d, name, v);
            }
        }
        for (name, r) in data.cellvars.iter().chain(&data.freevars) {
            match self.register(*r as usize) {
                Some(v) => match v.downcast::<CellObject>() {
                    Some(c) => {
                        if let Some(v) = c.contents.get() {
                            th.dict_set_text(d, name, v);
                        }
                    }
                    None => th.dict_set_text(d, name, v),
                },
                None => {}
            }
        }
        d.value()
    }

    /// The caller's frame object.
    pub fn back(this: Gc<FrameObject>, th: &mut Thread) -> Option<Gc<FrameObject>> {
        if let Some(b) = this.back.get() {
            return b.downcast::<FrameObject>();
        }
        let record = this.record.get();
        if record.is_null() {
            return None;
        }
        let depth = (0..th.stacks.depth())
            .find(|d| th.stacks.at(*d).is_some_and(|f| std::ptr::eq(f, record)))?;
        of_depth(th, depth + 1)
    }
}

#[pytype(name = "frame")]
impl FrameObject {
    #[pygetter]
    fn f_code(_: &mut Thread, this: Gc<FrameObject>) -> Gc<Code> {
        this.code
    }

    #[pygetter]
    fn f_globals(_: &mut Thread, this: Gc<FrameObject>) -> Gc<Dict> {
        this.function.globals()
    }

    #[pygetter]
    fn f_builtins(_: &mut Thread, this: Gc<FrameObject>) -> Gc<Dict> {
        this.function.builtins()
    }

    #[pygetter]
    fn f_locals(th: &mut Thread, this: Gc<FrameObject>) -> Value {
        this.locals(th)
    }

    #[pygetter]
    fn f_lineno(_: &mut Thread, this: Gc<FrameObject>) -> i64 {
        this.line()
    }

    #[pygetter]
    fn f_lasti(_: &mut Thread, this: Gc<FrameObject>) -> i64 {
        this.word() as i64 * 2
    }

    #[pygetter]
    fn f_back(th: &mut Thread, this: Gc<FrameObject>) -> Option<Gc<FrameObject>> {
        FrameObject::back(this, th)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(f) = this.downcast::<FrameObject>() else {
            return Ok(this);
        };
        let file = f
            .code
            .filename
            .get()
            .map_or(String::new(), |s| s.to_string_lossy());
        let text = format!(
            "<frame at {:#x}, file '{file}', line {}, code {}>",
            this.bits(),
            f.line(),
            f.code.data.name
        );
        Ok(th.new_str(&text).value())
    }
}
