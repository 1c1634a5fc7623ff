//! `memoryview`: items of a lent buffer, by shape and strides.
//!
//! A view of a view holds the root's buffer itself, so releasing one says nothing about the other.
//! Suboffsets do not exist here: nothing lends indirect memory.

mod items;
mod methods;

use std::cell::{Cell, Ref, RefCell};

use crate::call::buffer::{BufferSource, BufferView, Exports, request};
use crate::object::slots::CompareOp;
use crate::object::trace::{Trace, Tracer};
use crate::object::{Gc, GcSlot, NativeHeader, Result, Slot, Value};
use crate::types::slice::Slice;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;
use crate::types::{ExceptionClass, T};
use crate::{NativeObject, Thread, pytype};

/// A memoryview.
#[repr(C)]
#[derive(NativeObject)]
pub struct MemoryView {
    head: NativeHeader,
    /// The lender; keeps the buffer alive.
    owner: Slot,
    layout: RefCell<Option<Layout>>,
    #[notrace]
    hash: Cell<i64>,
    #[notrace]
    exports: Exports,
}

impl super::Named for MemoryView {
    const NAME: &'static str = "memoryview";
}

/// Which items of a buffer a view shows.
#[derive(Clone)]
struct Layout {
    view: BufferView,
    /// Byte of the first item within the view.
    offset: isize,
    format: &'static str,
    itemsize: usize,
    readonly: bool,
    shape: Vec<usize>,
    strides: Vec<isize>,
}

impl Trace for Layout {
    fn trace_into(&self, tracer: &mut Tracer) {
        // The buffer is the owner's, which the view refers to.
        self.view.guard.trace_into(tracer);
    }
}

/// Iterator over a memoryview.
#[repr(C)]
#[derive(NativeObject)]
pub struct MemoryIterator {
    head: NativeHeader,
    view: GcSlot<MemoryView>,
    #[notrace]
    index: Cell<usize>,
}

/// C-contiguous strides of a shape.
fn strides_of(shape: &[usize], itemsize: usize) -> Vec<isize> {
    let mut strides = vec![0; shape.len()];
    let mut step = itemsize as isize;
    for (s, n) in strides.iter_mut().zip(shape).rev() {
        *s = step;
        step = step.saturating_mul(*n as isize);
    }
    strides
}

impl Layout {
    fn of_view(view: BufferView) -> Layout {
        let itemsize = view.itemsize.max(1);
        let shape = vec![view.len / itemsize];
        Layout {
            offset: 0,
            format: view.format,
            itemsize,
            readonly: view.readonly,
            strides: strides_of(&shape, itemsize),
            shape,
            view,
        }
    }

    fn count(&self) -> usize {
        self.shape.iter().product()
    }

    fn size(&self) -> usize {
        self.count() * self.itemsize
    }

    fn is_contiguous(&self) -> bool {
        self.count() == 0
            || strides_of(&self.shape, self.itemsize)
                .iter()
                .zip(&self.strides)
                .zip(&self.shape)
                .all(|((want, got), n)| *n == 1 || want == got)
    }

    fn is_fortran(&self) -> bool {
        let mut step = self.itemsize as isize;
        self.count() == 0
            || self.strides.iter().zip(&self.shape).all(|(s, n)| {
                let ok = *n == 1 || *s == step;
                step *= *n as isize;
                ok
            })
    }

    /// The bytes of the item at an offset.
    fn item(&self, at: isize) -> &[u8] {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let bytes = self.view.as_slice();
        at.checked_add(self.itemsize)
            .and_then(|end| bytes.get(at..end))
            .unwrap_or(&[])
    }

    /// Offsets of all items in C order.
    fn offsets(&self) -> Vec<isize> {
        let mut all = vec![self.offset];
        for (n, step) in self.shape.iter().zip(&self.strides) {
            all = all
                .iter()
                .flat_map(|base| (0..*n as isize).map(move |i| base + i * step))
                .collect();
        }
        all
    }

    /// All bytes in C order.
    fn contents(&self) -> Vec<u8> {
        if self.is_contiguous() {
            let start = usize::try_from(self.offset).unwrap_or(0);
            let end = start + self.size();
            return self.view.as_slice().get(start..end).unwrap_or(&[]).to_vec();
        }
        let mut out = Vec::with_capacity(self.size());
        for at in self.offsets() {
            out.extend_from_slice(self.item(at));
        }
        out
    }
}

impl MemoryView {
    /// The layout. Raises ValueError for a released view.
    fn layout(&self, th: &mut Thread) -> Result<Ref<'_, Layout>> {
        match Ref::filter_map(self.layout.borrow(), |l| l.as_ref()) {
            Ok(l) => Ok(l),
            Err(_) => Err(th.value_error("operation forbidden on released memoryview object")),
        }
    }

    /// All bytes in C order, whatever the strides. Raises ValueError for a released view.
    pub fn contents(&self, th: &mut Thread) -> Result<Vec<u8>> {
        Ok(self.layout(th)?.contents())
    }

    fn nested_list(&self, th: &mut Thread, l: &Layout, dim: usize, at: isize) -> Result {
        let (Some(n), Some(step)) = (l.shape.get(dim), l.strides.get(dim)) else {
            return items::unpack(th, l.format, l.item(at));
        };
        let list = th.new_list();
        for i in 0..*n as isize {
            let v = self.nested_list(th, l, dim + 1, at + i * step)?;
            th.list_append(list, v)?;
        }
        Ok(list.value())
    }
}

fn new_view(th: &mut Thread, layout: Layout) -> Gc<MemoryView> {
    let head = th.native_header::<MemoryView>(T::MemoryView);
    let owner = Slot::new(layout.view.owner);
    th.alloc(MemoryView {
        head,
        owner,
        layout: RefCell::new(Some(layout)),
        hash: Cell::new(0),
        exports: Exports::default(),
    })
}

/// `memoryview(v)`. Raises TypeError for what lends no bytes.
pub fn of_object(th: &mut Thread, v: Value) -> Result<Gc<MemoryView>> {
    if let Some(m) = v.downcast::<MemoryView>() {
        let l = m.layout(th)?.clone();
        return Ok(new_view(th, l));
    }
    if !th.supports_buffer(v) {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "memoryview: a bytes-like object is required, not '{got}'"
        )));
    }
    let view = th.buffer(v, request::SIMPLE)?;
    Ok(new_view(th, Layout::of_view(view)))
}

impl Thread {
    /// A memoryview of a lent buffer.
    pub fn new_memoryview(&mut self, view: BufferView) -> Gc<MemoryView> {
        new_view(self, Layout::of_view(view))
    }
}

/// The offset of an item, by an index for each dimension.
fn locate(th: &mut Thread, l: &Layout, indices: &[Value]) -> Result<isize> {
    let mut at = l.offset;
    for (dim, v) in indices.iter().enumerate() {
        let i = th.item_index(*v)?;
        let n = l.shape.get(dim).copied().unwrap_or(0) as i64;
        let j = if i < 0 { i + n } else { i };
        if j < 0 || j >= n {
            let d = dim + 1;
            return Err(th.index_error(format!("index out of bounds on dimension {d}")));
        }
        at += j as isize * l.strides.get(dim).copied().unwrap_or(0);
    }
    Ok(at)
}

/// What a subscript means.
enum Key {
    Item(isize),
    Slice(Gc<Slice>),
}

fn is_index(th: &Thread, v: Value) -> bool {
    v.is_int() || th.class_of(v).slots().index.is_some()
}

fn key_of(th: &mut Thread, l: &Layout, key: Value) -> Result<Key> {
    if is_index(th, key) {
        return match l.shape.len() {
            0 => Err(th.type_error("invalid indexing of 0-dim memory")),
            1 => locate(th, l, &[key]).map(Key::Item),
            _ => Err(th.not_implemented_error("multi-dimensional sub-views are not implemented")),
        };
    }
    if let Some(s) = key.downcast::<Slice>() {
        if l.shape.is_empty() {
            return Err(th.type_error("invalid indexing of 0-dim memory"));
        }
        return Ok(Key::Slice(s));
    }
    if let Some(t) = key.downcast::<Tuple>() {
        let all = t.as_slice();
        if all.iter().all(|v| is_index(th, *v)) {
            let (n, dims) = (all.len(), l.shape.len());
            if n < dims {
                return Err(th.not_implemented_error("sub-views are not implemented"));
            }
            if n > dims {
                return Err(th.type_error(format!(
                    "cannot index {dims}-dimension view with {n}-element tuple"
                )));
            }
            return locate(th, l, all).map(Key::Item);
        }
        if all.iter().all(|v| v.downcast::<Slice>().is_some()) {
            return Err(th.not_implemented_error("multi-dimensional slicing is not implemented"));
        }
    }
    Err(th.type_error("memoryview: invalid slice key"))
}

fn sliced(th: &mut Thread, l: &Layout, s: Gc<Slice>) -> Result<Layout> {
    let mut new = l.clone();
    let n = l.shape.first().copied().unwrap_or(0);
    let b = s.bounds(th, n)?;
    if let (Some(shape), Some(stride)) = (new.shape.first_mut(), new.strides.first_mut()) {
        new.offset += b.start * *stride;
        *shape = b.count;
        *stride = stride.saturating_mul(b.step);
    }
    Ok(new)
}

/// Create a new memoryview object which references the given object.
#[pytype(name = "memoryview", flags = SEQUENCE | HAS_WEAKREF, more = [&methods::METHODS], more_getsets = &methods::GETSETS)]
impl MemoryView {
    #[pynew(sig = "(object)")]
    fn new(th: &mut Thread, _class: Gc<Type>, object: Value) -> Result<Gc<MemoryView>> {
        of_object(th, object)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let m = th.expect::<MemoryView>(this)?;
        let state = if m.layout.borrow().is_some() {
            "memory"
        } else {
            "released memory"
        };
        let address = this.bits();
        Ok(th.new_str(&format!("<{state} at {address:#x}>")).value())
    }

    #[pyslot]
    fn slot_hash(th: &mut Thread, this: Value) -> Result<i64> {
        let m = th.expect::<MemoryView>(this)?;
        if m.hash.get() != 0 {
            return Ok(m.hash.get());
        }
        let (bytes, owner) = {
            let l = m.layout(th)?;
            if !l.readonly {
                return Err(th.value_error("cannot hash writable memoryview object"));
            }
            if !matches!(l.format, "B" | "b" | "c") {
                return Err(
                    th.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'")
                );
            }
            (l.contents(), l.view.owner)
        };
        // The owner's hash may run code; the view must not be released meanwhile.
        let lent = m.exports.guard();
        let hashed = th.hash(owner);
        drop(lent);
        hashed?;
        let h = crate::types::str_::hash_bytes(th.vm().hash_key, &bytes);
        m.hash.set(h);
        Ok(h)
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        let m = th.expect::<MemoryView>(this)?;
        let first = m.layout(th)?.shape.first().copied();
        match first {
            Some(n) => Ok(n),
            None => Err(th.type_error("0-dim memory has no length")),
        }
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let m = th.expect::<MemoryView>(this)?;
        let dims = m.layout(th)?.shape.len();
        if dims != 1 {
            return Err(if dims == 0 {
                th.type_error("invalid indexing of 0-dim memory")
            } else {
                th.not_implemented_error("multi-dimensional sub-views are not implemented")
            });
        }
        let head = th.native_header::<MemoryIterator>(T::MemoryIterator);
        let it = th.alloc(MemoryIterator {
            head,
            view: GcSlot::new(m),
            index: Cell::new(0),
        });
        Ok(it.value())
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let m = th.expect::<MemoryView>(this)?;
        let l = m.layout(th)?.clone();
        if l.shape.is_empty() {
            let empty = key.downcast::<Tuple>().is_some_and(|t| t.is_empty());
            if empty {
                return items::unpack(th, l.format, l.item(l.offset));
            }
            if key.is(th.ellipsis()) {
                return Ok(this);
            }
        }
        match key_of(th, &l, key)? {
            Key::Item(at) => items::unpack(th, l.format, l.item(at)),
            Key::Slice(s) => {
                let l = sliced(th, &l, s)?;
                Ok(new_view(th, l).value())
            }
        }
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let m = th.expect::<MemoryView>(this)?;
        let l = m.layout(th)?.clone();
        if l.readonly {
            return Err(th.type_error("cannot modify read-only memory"));
        }
        let Some(v) = v else {
            return Err(th.type_error("cannot delete memory"));
        };
        let at = match key_of(th, &l, key)? {
            Key::Item(at) => at,
            Key::Slice(s) => return assign_slice(th, &l, s, v),
        };
        let packed = items::pack(th, l.format, v)?;
        // Conversion may have run code that released the view.
        m.layout(th)?;
        l.view
            .write(usize::try_from(at).unwrap_or(usize::MAX), &packed);
        Ok(())
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(th.not_implemented());
        }
        let Some(m) = this.downcast::<MemoryView>() else {
            return Ok(th.not_implemented());
        };
        let same = equal(th, m, other)?;
        Ok(match same {
            Some(same) => th.bool(same == (op == CompareOp::Eq)),
            None => th.not_implemented(),
        })
    }

    #[pyslot]
    fn buffer(th: &mut Thread, this: Value, _: u32) -> Result<BufferView> {
        let m = th.expect::<MemoryView>(this)?;
        let l = m.layout(th)?.clone();
        if !l.is_contiguous() {
            return Err(th.buffer_error("memoryview: underlying buffer is not C-contiguous"));
        }
        let source: BufferSource = l.view.source;
        Ok(BufferView {
            owner: this,
            source,
            offset: l.view.offset + usize::try_from(l.offset).unwrap_or(0),
            len: l.size(),
            readonly: l.readonly,
            itemsize: l.itemsize,
            format: l.format,
            guard: Some(m.exports.guard()),
        })
    }
}

fn assign_slice(th: &mut Thread, l: &Layout, s: Gc<Slice>, v: Value) -> Result<()> {
    if l.shape.len() != 1 {
        return Err(th.not_implemented_error(
            "memoryview slice assignments are currently restricted to ndim = 1",
        ));
    }
    let target = sliced(th, l, s)?;
    let source = of_object(th, v)?;
    let source = source.layout(th)?.clone();
    if source.format != target.format || source.shape != target.shape {
        return Err(
            th.value_error("memoryview assignment: lvalue and rvalue have different structures")
        );
    }
    // Copied first: the two may overlap.
    let data = source.contents();
    for (at, item) in target.offsets().iter().zip(data.chunks(target.itemsize)) {
        target
            .view
            .write(usize::try_from(*at).unwrap_or(usize::MAX), item);
    }
    Ok(())
}

/// Are the items equal? None when the other object lends no bytes.
fn equal(th: &mut Thread, m: Gc<MemoryView>, other: Value) -> Result<Option<bool>> {
    let Some(a) = m.layout.borrow().clone() else {
        return Ok(Some(m.value().is(other)));
    };
    let b = match other.downcast::<MemoryView>() {
        Some(o) => match o.layout.borrow().clone() {
            Some(l) => l,
            None => return Ok(Some(m.value().is(other))),
        },
        None => {
            if !th.supports_buffer(other) {
                return Ok(None);
            }
            match th.buffer(other, request::SIMPLE) {
                Ok(v) => Layout::of_view(v),
                Err(_) => {
                    th.clear_pending();
                    return Ok(None);
                }
            }
        }
    };
    if a.shape != b.shape {
        return Ok(Some(false));
    }
    let plain = |f: &str| !matches!(f, "f" | "d" | "e" | "?") && items::native(f).is_some();
    if a.format == b.format && plain(a.format) {
        return Ok(Some(a.contents() == b.contents()));
    }
    for (x, y) in a.offsets().iter().zip(b.offsets()) {
        let x = items::unpack(th, a.format, a.item(*x));
        let y = items::unpack(th, b.format, b.item(y));
        let (Ok(x), Ok(y)) = (x, y) else {
            if th.pending_matches(ExceptionClass::NotImplementedError) {
                th.clear_pending();
                return Ok(Some(false));
            }
            return Err(crate::object::Raised);
        };
        if !th.compare_bool(x, y, CompareOp::Eq)? {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

#[pytype(name = "memory_iterator", table = MEMORY_ITERATOR_TYPE)]
impl MemoryIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<MemoryIterator>() else {
            return Ok(None);
        };
        let Some(m) = it.view.get() else {
            return Ok(None);
        };
        let i = it.index.get();
        let l = m.layout(th)?;
        if i >= l.shape.first().copied().unwrap_or(0) {
            it.view.clear();
            return Ok(None);
        }
        it.index.set(i + 1);
        let step = l.strides.first().copied().unwrap_or(0);
        items::unpack(th, l.format, l.item(l.offset + i as isize * step)).map(Some)
    }
}
