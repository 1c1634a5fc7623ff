//! Frame objects: made when somebody asks for a frame, or for a traceback.
//!
//! While the frame runs, the object finds its record on the frame stack; when the frame ends, the
//! locals are copied into the object. A generator's frame has one object for all its life; between
//! resumptions it reads the generator's saved registers.
#![allow(unsafe_code)]

pub mod locals;

use std::cell::Cell;

use crate::Thread;
use crate::interp::frame::{Frame, flags};
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::T;
use crate::types::cell::CellObject;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::generator::Generator;
use crate::types::list::List;
use crate::{NativeObject, pytype};

/// No line of its own for the event `call`.
pub const NO_LINE: u32 = u32::MAX;

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
    /// The generator that the frame belongs to, until it ends.
    generator: Slot,
    /// Names that code added to `f_locals` of a function; a dict.
    extra: Slot,
    /// `f_trace`
    pub trace: Slot,
    /// `f_trace_lines`
    #[notrace]
    pub trace_lines: Cell<bool>,
    /// `f_trace_opcodes`
    #[notrace]
    pub trace_opcodes: Cell<bool>,
    /// The instruction word that a trace function saw last; `usize::MAX` for none.
    #[notrace]
    pub trace_word: Cell<usize>,
    /// `f_lineno` was set, and the frame has not gone on from there.
    #[notrace]
    pub jumped: Cell<bool>,
    /// What a trace function is being told of the frame (`interp::trace::event`).
    #[notrace]
    pub trace_event: Cell<u8>,
    /// The line during the event `call`, which is the definition's; else [`NO_LINE`].
    #[notrace]
    pub trace_line: Cell<u32>,
    /// The builtin that the frame is calling, for a profile function.
    pub trace_builtin: Slot,
}

impl crate::types::Named for FrameObject {
    const NAME: &'static str = "frame";
}

/// The frame object of the frame `depth` below the running one.
pub fn of_depth(th: &mut Thread, depth: usize) -> Option<Gc<FrameObject>> {
    let frame = th.stacks.at(depth)?;
    if let Some(o) = Value::from_bits(frame.object) {
        return o.downcast::<FrameObject>();
    }
    let record: *mut Frame = frame;
    let (code, function, locals) = (frame.code, frame.function, Value::from_bits(frame.locals));
    let generator = Value::from_bits(frame.generator);
    let o = make(th, code, function, record, locals, generator);
    if let Some(g) = generator.and_then(|g| g.downcast::<Generator>()) {
        g.frame_object.set(g.header(), o.value());
    }
    // SAFETY: the record is still on the frame stack.
    unsafe { (*record).object = o.value().bits() };
    Some(o)
}

fn make(
    th: &mut Thread,
    code: Gc<Code>,
    function: Gc<Function>,
    record: *mut Frame,
    locals: Option<Value>,
    generator: Option<Value>,
) -> Gc<FrameObject> {
    let head = th.native_header::<FrameObject>(T::Frame);
    th.alloc(FrameObject {
        head,
        code,
        function,
        record: Cell::new(record),
        locals: Slot::from_option(locals),
        saved: Slot::empty(),
        word: Cell::new(0),
        back: Slot::empty(),
        generator: Slot::from_option(generator),
        extra: Slot::empty(),
        trace: Slot::empty(),
        trace_lines: Cell::new(true),
        trace_opcodes: Cell::new(false),
        trace_word: Cell::new(usize::MAX),
        jumped: Cell::new(false),
        trace_event: Cell::new(0),
        trace_line: Cell::new(NO_LINE),
        trace_builtin: Slot::empty(),
    })
}

/// The ended frame of a generator expression that runs in its host's code, as it would have been.
pub fn of_consumed(
    th: &mut Thread,
    code: Gc<Code>,
    function: Gc<Function>,
    word: usize,
) -> Gc<FrameObject> {
    let o = make(th, code, function, std::ptr::null_mut(), None, None);
    o.word.set(word);
    o
}

/// The frame object of a generator that has not ended (`gi_frame`).
pub fn of_generator(th: &mut Thread, g: Gc<Generator>) -> Option<Gc<FrameObject>> {
    if g.is_closed() {
        return None;
    }
    if let Some(o) = g.frame_object.get() {
        return o.downcast::<FrameObject>();
    }
    if let Some(depth) = (0..th.stacks.depth()).find(|d| {
        th.stacks
            .at(*d)
            .is_some_and(|f| f.generator == g.value().bits())
    }) {
        return of_depth(th, depth);
    }
    if !g.is_suspended() {
        return None;
    }
    let function = g.function()?;
    // Its frames are to be tied to the object from now on.
    crate::types::generator::chain::leave_chain(g);
    let none = std::ptr::null_mut();
    let o = make(th, g.code(), function, none, None, Some(g.value()));
    g.frame_object.set(g.header(), o.value());
    Some(o)
}

/// Ties the frame object that a generator has already to its frame, which was just pushed.
#[cold]
pub fn attach(frame: &mut Frame, g: Gc<Generator>) {
    if let Some(o) = g.frame_object.get()
        && let Some(f) = o.downcast::<FrameObject>()
    {
        frame.object = o.bits();
        f.record.set(frame);
    }
}

/// The frame object of the running frame.
pub fn of_running(th: &mut Thread) -> Option<Gc<FrameObject>> {
    of_depth(th, 0)
}

/// The first registers of a frame in a list; an unbound one is kept as the list itself, a value no
/// register can have.
fn saved_registers(th: &mut Thread, frame: &Frame, n: usize) -> Gc<List> {
    const FEW: usize = 24;
    if n > FEW {
        let list = th.new_list();
        for i in 0..n {
            let v = frame.reg(i).unwrap_or(list.value());
            if th.list_append(list, v).is_err() {
                th.clear_pending();
            }
        }
        return list;
    }
    let mut values = [th.none(); FEW];
    for (i, v) in values[..n].iter_mut().enumerate() {
        *v = frame.reg(i).unwrap_or(*v);
    }
    let list = th.list_from_slice(&values[..n]);
    for i in 0..n {
        if frame.reg(i).is_none() {
            list.items.set(i, list.value());
        }
    }
    list
}

/// Copies what must outlive the running frame into its object; called before it is popped.
pub fn detach(th: &mut Thread) {
    let Some(frame) = th.stacks.current() else {
        return;
    };
    let Some(o) = Value::from_bits(frame.object).and_then(|v| v.downcast::<FrameObject>()) else {
        return;
    };
    let generator = o.generator.get().and_then(|g| g.downcast::<Generator>());
    if let Some(g) = generator {
        if g.is_suspended() {
            o.record.set(std::ptr::null_mut());
            return;
        }
        o.generator.clear();
        g.frame_object.clear();
    }
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
    let list = saved_registers(th, frame, n.max(extra));
    o.saved.set(o.header(), list.value());
    o.word.set(word);
    // Who resumed a generator last is not who called it.
    if generator.is_none()
        && let Some(b) = of_depth(th, 1)
    {
        o.back.set(o.header(), b.value());
    }
    o.record.set(std::ptr::null_mut());
}

impl FrameObject {
    /// The record, while the frame is on the stack.
    pub(crate) fn live_record<'a>(&self) -> Option<&'a mut Frame> {
        // SAFETY: the record is on the frame stack until `detach` clears the pointer.
        unsafe { self.record.get().as_mut() }
    }

    fn register(&self, i: usize) -> Option<Value> {
        let record = self.record.get();
        if !record.is_null() {
            // SAFETY: the record is on the frame stack until `detach` clears the pointer.
            return unsafe { (*record).reg(i) };
        }
        if let Some(g) = self.suspended_generator() {
            return g.register(i);
        }
        let l = self.saved.get()?.downcast::<crate::types::list::List>()?;
        l.items.get(i).filter(|v| !v.is(l.value()))
    }

    fn set_register(&self, i: usize, v: Value) {
        let record = self.record.get();
        if !record.is_null() {
            // SAFETY: as in `register`.
            unsafe { (*record).set_reg(i, Some(v)) };
        } else if let Some(g) = self.suspended_generator() {
            g.set_register(i, v);
        } else if let Some(l) = self
            .saved
            .get()
            .and_then(|l| l.downcast::<crate::types::list::List>())
            && i < l.items.len()
        {
            l.items.set(i, v);
            crate::object::gc::barrier::write_many(l.header());
        }
    }

    fn suspended_generator(&self) -> Option<Gc<Generator>> {
        self.generator.get()?.downcast::<Generator>()
    }

    /// Index of the instruction word.
    pub fn word(&self) -> usize {
        let record = self.record.get();
        if record.is_null() {
            self.suspended_generator()
                .map_or(self.word.get(), |g| g.word())
        } else {
            // SAFETY: as in `register`.
            unsafe { (*record).word() }
        }
    }

    /// As [`FrameObject::word`], and inside the call for a frame that waits for one: its record
    /// stands at the instruction behind.
    pub fn word_in(&self, th: &Thread) -> usize {
        let word = self.word();
        let record = self.record.get();
        if record.is_null() {
            return word;
        }
        let depth = th.stacks.depth();
        let above = (1..depth).find(|d| th.stacks.at(*d).is_some_and(|f| std::ptr::eq(f, record)));
        let waits = above
            .and_then(|d| th.stacks.at(d - 1))
            .is_some_and(|f| f.flags & (flags::ENTRY | flags::FOR_ITER | flags::DELEGATE) == 0);
        if waits { word.saturating_sub(1) } else { word }
    }

    /// The current line, as the running thread sees it.
    pub fn line_in(&self, th: &Thread) -> i64 {
        if self.trace_line.get() != NO_LINE {
            return self.trace_line.get() as i64;
        }
        self.code.line_at(self.word_in(th)) as i64
    }

    /// The current line.
    pub fn line(&self) -> i64 {
        self.code.line_at(self.word()) as i64
    }

    /// The frame's locals as a mapping: the namespace of a class or module body, else a new dict.
    /// (`locals()`)
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
            if let Some(v) = self.register(*r as usize) {
                match v.downcast::<CellObject>() {
                    Some(c) => {
                        if let Some(v) = c.contents.get() {
                            th.dict_set_text(d, name, v);
                        }
                    }
                    None => th.dict_set_text(d, name, v),
                }
            }
        }
        if let Some(extra) = self.extra.get().and_then(|d| d.downcast::<Dict>())
            && d.update_from(th, extra).is_err()
        {
            th.clear_pending();
        }
        d.value()
    }

    /// `f_locals`: the namespace of a class or module body, else a write-through proxy.
    pub fn f_locals_of(this: Gc<FrameObject>, th: &mut Thread) -> Value {
        match this.locals.get() {
            Some(l) => l,
            None => locals::new(th, this),
        }
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
        FrameObject::f_locals_of(this, th)
    }

    #[pygetter]
    fn f_generator(_: &mut Thread, this: Gc<FrameObject>) -> Option<Value> {
        this.generator.get()
    }

    #[pygetter]
    fn f_lineno(th: &mut Thread, this: Gc<FrameObject>) -> Option<i64> {
        let entering = this.trace_line.get() != NO_LINE;
        Some(this.line_in(th)).filter(|l| *l > 0 || entering)
    }

    #[pysetter]
    fn set_f_lineno(th: &mut Thread, this: Gc<FrameObject>, v: Option<Value>) -> Result<()> {
        crate::interp::jump::set_line(th, this, v)
    }

    #[pygetter]
    fn f_trace(_: &mut Thread, this: Gc<FrameObject>) -> Option<Value> {
        this.trace.get()
    }

    #[pysetter]
    fn set_f_trace(th: &mut Thread, this: Gc<FrameObject>, v: Option<Value>) -> Result<()> {
        this.trace.set_option(this.header(), th.not_none(v));
        // From the middle of a line, only a new one is an event.
        if this.trace_word.get() == usize::MAX {
            this.trace_word.set(this.word_in(th));
        }
        Ok(())
    }

    #[pygetter]
    fn f_trace_lines(_: &mut Thread, this: Gc<FrameObject>) -> bool {
        this.trace_lines.get()
    }

    #[pysetter]
    fn set_f_trace_lines(th: &mut Thread, this: Gc<FrameObject>, v: Option<Value>) -> Result<()> {
        this.trace_lines.set(flag(th, v)?);
        Ok(())
    }

    #[pygetter]
    fn f_trace_opcodes(_: &mut Thread, this: Gc<FrameObject>) -> bool {
        this.trace_opcodes.get()
    }

    #[pysetter]
    fn set_f_trace_opcodes(th: &mut Thread, this: Gc<FrameObject>, v: Option<Value>) -> Result<()> {
        this.trace_opcodes.set(flag(th, v)?);
        Ok(())
    }

    /// Clear all references held by the frame.
    #[pymethod]
    fn clear(th: &mut Thread, this: Gc<FrameObject>) -> Result<()> {
        if !this.record.get().is_null() {
            return Err(th.runtime_error("cannot clear an executing frame"));
        }
        if let Some(g) = this.suspended_generator() {
            if !g.is_created() {
                return Err(th.runtime_error("cannot clear a suspended frame"));
            }
            crate::types::generator::abandon(th, g);
        }
        this.saved.clear();
        this.extra.clear();
        this.locals.clear();
        Ok(())
    }

    #[pygetter]
    fn f_lasti(th: &mut Thread, this: Gc<FrameObject>) -> i64 {
        if this.trace_event.get() == crate::interp::trace::event::CALL
            && this.trace_line.get() != NO_LINE
        {
            return 0;
        }
        crate::types::code::introspect::offset(this.word_in(th))
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

fn flag(th: &mut Thread, v: Option<Value>) -> Result<bool> {
    match v {
        Some(v) if v.is(th.bool(true)) => Ok(true),
        Some(v) if v.is(th.bool(false)) => Ok(false),
        Some(_) => Err(th.type_error("attribute value type must be bool")),
        None => Err(th.type_error("can't delete numeric/char attribute")),
    }
}
