//! The buffer protocol between native types: who lends bytes to whom.
//!
//! A type lends by its slot `buffer`; a class in Python by `__buffer__`. As long as a view lives, the
//! lender must neither move nor free the bytes (a bytearray refuses to be resized): it counts views
//! with [`Exports`]. Modules that only read use [`Thread::with_buffer`] or
//! [`Thread::byte_arg`].

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use crate::Thread;
use crate::call::{Args, MethodDef, MethodKind};
use crate::object::gc::Collection;
use crate::object::trace::{Trace, Tracer};
use crate::object::{Gc, RawBuffer, Result, Value};
use crate::types::T;
use crate::types::builtin_function::Builtin;
use crate::types::bytes::Bytes;
use crate::types::memoryview::{self, MemoryView};
use crate::types::type_::{Type, flags as class_flags};

/// Flags of a request (the subset of PyBUF_* that matters here).
pub mod request {
    /// Plain bytes are enough.
    pub const SIMPLE: u32 = 0;
    /// The borrower will write.
    pub const WRITABLE: u32 = 1;
    /// Must be C-contiguous.
    pub const CONTIGUOUS: u32 = 2;
}

/// Where the lent bytes live.
#[derive(Clone, Copy)]
pub enum BufferSource {
    /// In the cell of a `bytes` object.
    Bytes(Gc<Bytes>),
    /// In a raw buffer cell (bytearray, array, …).
    Raw(Gc<RawBuffer>),
    /// Outside the heap (a mapping); the owner keeps it valid.
    Foreign(*mut u8, usize),
}

/// How often an object's bytes are lent at the moment. The lender has one; every view holds an
/// [`ExportGuard`] of it.
#[derive(Default)]
pub struct Exports(RefCell<Option<Rc<Lent>>>);

#[derive(Default)]
struct Lent {
    /// Number of guards.
    count: Cell<usize>,
    /// Of these, those that the last full collection met in objects that it found by words of the
    /// machine stack and not otherwise.
    uncertain: Cell<usize>,
}

/// Counts one view of an object as long as it lives.
pub struct ExportGuard(Rc<Lent>);

impl Exports {
    /// Counts one more view.
    pub fn guard(&self) -> ExportGuard {
        let lent = self.0.borrow_mut().get_or_insert_default().clone();
        lent.count.set(lent.count.get() + 1);
        ExportGuard(lent)
    }

    /// Number of views.
    pub fn count(&self) -> usize {
        self.0.borrow().as_ref().map_or(0, |l| l.count.get())
    }

    /// Is there a view that somebody still uses? Collects garbage before it says so.
    ///
    /// No view is in use that only a word of the machine stack refers to: a register that compiled
    /// code uses no more would be enough for that, and what it does use, variables, is in frames
    /// whenever Python code may run. Such views are counted no longer, but they may be looked at
    /// after all: whoever moves the bytes leaves the old ones to the collector. A lender that cannot
    /// asks [`Exports::may_be_in_use`].
    pub fn in_use(&self, th: &mut Thread) -> bool {
        if !self.may_be_in_use(th) {
            return false;
        }
        let uncertain = self.0.borrow().as_ref().map_or(0, |l| l.uncertain.get());
        if uncertain < self.count() {
            return true;
        }
        self.0.replace(None);
        false
    }

    /// Is there a view that anything seems to refer to? Collects garbage before it says so.
    #[inline(never)]
    pub fn may_be_in_use(&self, th: &mut Thread) -> bool {
        // Most often it is a view that was made a moment ago for one slice of it.
        for kind in [Collection::Young, Collection::Full] {
            if self.count() == 0 {
                break;
            }
            if let Some(lent) = &*self.0.borrow() {
                lent.uncertain.set(0);
            }
            th.clear_dead_temporaries();
            clear_unused_stack();
            th.collect_garbage(kind, false);
        }
        self.count() > 0
    }
}

impl Trace for ExportGuard {
    fn trace_into(&self, tracer: &mut Tracer) {
        if tracer.is_uncertain() {
            self.0.uncertain.set(self.0.uncertain.get() + 1);
        }
    }
}

/// Overwrites the machine stack behind the caller, where words of calls that are over would become
/// part of the collector's own frames, and be taken for references.
#[inline(never)]
fn clear_unused_stack() {
    std::hint::black_box(&[0u64; 4096]);
}

impl Clone for ExportGuard {
    fn clone(&self) -> Self {
        self.0.count.set(self.0.count.get() + 1);
        ExportGuard(self.0.clone())
    }
}

impl Drop for ExportGuard {
    fn drop(&mut self) {
        self.0.count.set(self.0.count.get().saturating_sub(1));
    }
}

/// A contiguous run of lent bytes, with its item format.
#[derive(Clone)]
pub struct BufferView {
    /// The object that lends.
    pub owner: Value,
    /// Where the bytes are.
    pub source: BufferSource,
    /// First byte within the source.
    pub offset: usize,
    /// Length in bytes.
    pub len: usize,
    /// May they be written?
    pub readonly: bool,
    /// Size of an item.
    pub itemsize: usize,
    /// `struct` format of an item.
    pub format: &'static str,
    /// Keeps the lender from moving the bytes until the view is dropped.
    pub guard: Option<ExportGuard>,
}

impl BufferSource {
    /// All bytes of the source. Nothing that writes to them may run while the slice lives.
    #[allow(unsafe_code)]
    pub fn as_slice(&self) -> &[u8] {
        match self {
            BufferSource::Bytes(b) => b.as_slice(),
            BufferSource::Raw(b) => b.as_slice(),
            // SAFETY: the lender keeps the range valid until the view is released.
            BufferSource::Foreign(p, n) => unsafe { std::slice::from_raw_parts(*p, *n) },
        }
    }

    /// Copies bytes in at an offset; false when they do not fit or the source cannot be written.
    #[allow(unsafe_code)]
    pub fn write(&self, at: usize, data: &[u8]) -> bool {
        let fits = |n: usize| at.checked_add(data.len()).is_some_and(|end| end <= n);
        match self {
            BufferSource::Bytes(_) => false,
            BufferSource::Raw(b) if fits(b.capacity()) => {
                b.write(at, data);
                true
            }
            // SAFETY: the range is within what the lender keeps valid; the source may overlap it.
            BufferSource::Foreign(p, n) if fits(*n) => unsafe {
                std::ptr::copy(data.as_ptr(), p.add(at), data.len());
                true
            },
            _ => false,
        }
    }
}

impl BufferView {
    /// The bytes. Nothing that writes to them may run while the slice lives.
    pub fn as_slice(&self) -> &[u8] {
        self.source
            .as_slice()
            .get(self.offset..self.offset + self.len)
            .unwrap_or(&[])
    }

    /// Copies bytes in at an offset within the view; false when they do not fit or the view is
    /// read-only.
    pub fn write(&self, at: usize, data: &[u8]) -> bool {
        let fits = at
            .checked_add(data.len())
            .is_some_and(|end| end <= self.len);
        fits && !self.readonly && self.source.write(self.offset + at, data)
    }
}

/// Bytes of an argument: a `bytes` object as it is, others copied.
pub enum ByteArg {
    /// A bytes object.
    Bytes(Gc<Bytes>),
    /// A copy of what another object lent.
    Copied(Vec<u8>),
}

impl Deref for ByteArg {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            ByteArg::Bytes(b) => b.as_slice(),
            ByteArg::Copied(v) => v,
        }
    }
}

/// `__buffer__` and `__release_buffer__` of every native type that lends bytes.
pub static METHODS: [MethodDef; 2] = [
    MethodDef {
        name: "__buffer__",
        func: lend,
        kind: MethodKind::Method,
        signature: None,
        text_signature: Some("($self, flags, /)"),
        doc: "Return a buffer object that exposes the underlying memory of the object.",
    },
    MethodDef {
        name: "__release_buffer__",
        func: take_back,
        kind: MethodKind::Method,
        signature: None,
        text_signature: Some("($self, buffer, /)"),
        doc: "Release the buffer object that exposes the underlying memory of the object.",
    },
];

fn one_argument(th: &mut Thread, args: Args<'_>) -> Result<(Value, Value)> {
    match args.values {
        [this, argument] if args.kwnames.is_none() => Ok((*this, *argument)),
        all => {
            let n = all.len().saturating_sub(1);
            Err(th.type_error(format!("expected 1 argument, got {n}")))
        }
    }
}

fn lend(th: &mut Thread, args: Args<'_>) -> Result {
    let (this, bits) = one_argument(th, args)?;
    let bits = th.index_i64(bits, "buffer flags out of range")?;
    if i32::try_from(bits).is_err() {
        return Err(th.overflow_error("buffer flags out of range"));
    }
    if this.downcast::<MemoryView>().is_some() {
        return memoryview::of_object(th, this).map(Gc::value);
    }
    let wanted = bits as u32 & request::WRITABLE;
    let Some(f) = th.class_of(this).slots().buffer else {
        let got = th.type_name(this);
        return Err(th.type_error(format!("a bytes-like object is required, not '{got}'")));
    };
    let view = f(th, this, wanted)?;
    if wanted != 0 && view.readonly {
        return Err(th.buffer_error("Object is not writable."));
    }
    Ok(th.new_memoryview(view).value())
}

fn take_back(th: &mut Thread, args: Args<'_>) -> Result {
    let (_, view) = one_argument(th, args)?;
    if view.downcast::<MemoryView>().is_none() {
        return Err(th.type_error("expected a memoryview object"));
    }
    th.call_method_str(view, "release", &[])
}

impl crate::call::FromArg for ByteArg {
    fn from_arg(th: &mut Thread, c: crate::call::ArgContext, v: Option<Value>) -> Result<Self> {
        let v = Value::from_arg(th, c, v)?;
        th.byte_arg(v)
    }
}

impl Thread {
    /// Does an object lend its bytes?
    pub fn supports_buffer(&mut self, v: Value) -> bool {
        let class = self.class_of(v);
        if class.slots().buffer.is_some() {
            return true;
        }
        let name = self.intern("__buffer__");
        class.lookup(self, name).is_some()
    }

    /// Takes a view of an object's bytes. Raises TypeError for objects that have none, BufferError.
    pub fn buffer(&mut self, v: Value, flags: u32) -> Result<BufferView> {
        let class = self.class_of(v);
        if let Some(f) = class.slots().buffer
            && !(class.has(class_flags::HEAP) && self.has_own_buffer_method(class))
        {
            let view = f(self, v, flags)?;
            if flags & request::WRITABLE != 0 && view.readonly {
                self.release_buffer(view);
                return Err(self.buffer_error("Object is not writable."));
            }
            return Ok(view);
        }
        let name = self.intern("__buffer__");
        let bits = self.int(if flags & request::WRITABLE != 0 {
            1
        } else {
            0x11c
        });
        match self.call_special(v, name, &[bits])? {
            Some(m) if self.is_exact(m, T::MemoryView) => self.buffer(m, flags),
            Some(_) => Err(self.type_error("__buffer__ returned non-memoryview object")),
            None => {
                let got = self.type_name(v);
                Err(self.type_error(format!("a bytes-like object is required, not '{got}'")))
            }
        }
    }

    /// Has a class derived from a native lender a `__buffer__` in Python?
    #[cold]
    fn has_own_buffer_method(&mut self, class: Gc<Type>) -> bool {
        let name = self.names().__buffer__;
        class
            .lookup(self, name)
            .is_some_and(|f| f.downcast::<Builtin>().is_none())
    }

    /// Lets a view go (as dropping it does).
    pub fn release_buffer(&mut self, view: BufferView) {
        drop(view);
    }

    /// Calls `f` with the bytes that an object lends. `f` must not run code that writes to them.
    pub fn with_buffer<R>(
        &mut self,
        v: Value,
        f: impl FnOnce(&mut Thread, &[u8]) -> Result<R>,
    ) -> Result<R> {
        if let Some(b) = v.downcast::<Bytes>() {
            return f(self, b.as_slice());
        }
        let view = self.buffer(v, request::CONTIGUOUS)?;
        let r = f(self, view.as_slice());
        self.release_buffer(view);
        r
    }

    /// Calls `f` with the bytes that an object lends for writing. `f` must not reach them in another
    /// way; it gets a copy that is written back.
    pub fn with_buffer_mut<R>(
        &mut self,
        v: Value,
        f: impl FnOnce(&mut Thread, &mut [u8]) -> Result<R>,
    ) -> Result<R> {
        let view = self.buffer(v, request::WRITABLE | request::CONTIGUOUS)?;
        let mut copy = view.as_slice().to_vec();
        let r = f(self, &mut copy);
        view.write(0, &copy);
        self.release_buffer(view);
        r
    }

    /// The bytes of an argument. Raises TypeError for what has none.
    pub fn byte_arg(&mut self, v: Value) -> Result<ByteArg> {
        if let Some(b) = v.downcast::<Bytes>() {
            return Ok(ByteArg::Bytes(b));
        }
        self.with_buffer(v, |_, b| Ok(ByteArg::Copied(b.to_vec())))
    }
}
