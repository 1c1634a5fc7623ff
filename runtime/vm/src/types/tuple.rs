//! `tuple`: items behind the header.

use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Tracer, Value};
use crate::pytype;
use crate::types::T;
use crate::types::type_::Type;

/// A tuple.
#[repr(C)]
pub struct Tuple {
    head: Header,
    len: usize,
    items: [Value; 0],
}

// SAFETY: repr(C), header first; all items are reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for Tuple {
    const KIND: Kind = Kind::Tuple;
    const VARIABLE: bool = true;
    fn trace(&self, t: &mut Tracer) {
        for v in self.as_slice() {
            t.value(*v);
        }
    }
}

impl super::Named for Tuple {
    const NAME: &'static str = "tuple";
}

impl Tuple {
    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The items.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn as_slice(&self) -> &[Value] {
        // SAFETY: the cell holds `len` items behind the struct; they never change.
        unsafe { std::slice::from_raw_parts(self.items.as_ptr(), self.len) }
    }

    /// The item at an index.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<Value> {
        self.as_slice().get(i).copied()
    }

    /// Size of a cell with `len` items.
    pub fn size_for(len: usize) -> usize {
        size_of::<Tuple>() + 8 * len
    }
}

impl Thread {
    /// A tuple. None when memory is exhausted.
    #[inline]
    #[allow(unsafe_code)]
    pub fn try_new_tuple(&mut self, items: &[Value]) -> Option<Gc<Tuple>> {
        let head = Header::new(Kind::Tuple, T::Tuple.shape());
        let g = self.alloc_variable(
            Tuple {
                head,
                len: items.len(),
                items: [],
            },
            8 * items.len(),
        )?;
        // SAFETY: the cell was made with room for the items.
        unsafe {
            std::ptr::copy_nonoverlapping(
                items.as_ptr(),
                g.items.as_ptr() as *mut Value,
                items.len(),
            )
        };
        Some(g)
    }

    /// A tuple.
    #[inline]
    pub fn new_tuple(&mut self, items: &[Value]) -> Gc<Tuple> {
        if items.is_empty() {
            return self.empty_tuple();
        }
        match self.try_new_tuple(items) {
            Some(t) => t,
            None => {
                self.request_memory_error();
                self.empty_tuple()
            }
        }
    }

    /// An instance of a subclass of tuple with these items.
    #[allow(unsafe_code)]
    pub fn tuple_of_class(&mut self, class: Gc<Type>, items: &[Value]) -> Gc<Tuple> {
        if class.is(self.vm().ty(T::Tuple)) {
            return self.new_tuple(items);
        }
        let head = Header::new(Kind::Tuple, class.instance_shape());
        let extra = if class.has_instance_dict() { 8 } else { 0 };
        let Some(g) = self.alloc_variable(
            Tuple {
                head,
                len: items.len(),
                items: [],
            },
            8 * items.len() + extra,
        ) else {
            self.request_memory_error();
            return self.empty_tuple();
        };
        if extra > 0 {
            g.header().set_flag(crate::object::HeaderFlags::ATTRIBUTES);
        }
        // SAFETY: the cell was made with room for the items (and the dict word behind them).
        unsafe {
            std::ptr::copy_nonoverlapping(
                items.as_ptr(),
                g.items.as_ptr() as *mut Value,
                items.len(),
            )
        };
        g
    }
}

/// Built-in immutable sequence.
#[pytype(name = "tuple", flags = BASETYPE | SEQUENCE | MATCH_SELF)]
impl Tuple {
    #[pynew(sig = "(iterable=(), /)")]
    fn new(th: &mut Thread, class: Gc<Type>, iterable: Option<Value>) -> Result {
        let items = match iterable {
            Some(v) => th.to_tuple(v)?,
            None => th.empty_tuple(),
        };
        Ok(th.tuple_of_class(class, items.as_slice()).value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<Tuple>(this)?;
        let mut out = String::from("(");
        for (i, v) in t.as_slice().iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            out.push_str(&th.repr(*v)?.to_string_lossy());
        }
        out.push_str(if t.len() == 1 { ",)" } else { ")" });
        Ok(th.new_str(&out).value())
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Tuple>(this)?.len)
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let t = th.expect::<Tuple>(this)?;
        let i = th.index_i64(key, "cannot fit 'int' into an index-sized integer")?;
        let i = if i < 0 { i + t.len() as i64 } else { i };
        match usize::try_from(i).ok().and_then(|i| t.get(i)) {
            Some(v) => Ok(v),
            None => Err(th.index_error("tuple index out of range")),
        }
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<Tuple>(this)?;
        Ok(crate::types::iterators::tuple_iterator(th, t))
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let t = th.expect::<Tuple>(this)?;
        // xxHash64's lanes, as in CPython's Objects/tupleobject.c.
        let mut acc: u64 = 0x27D4_EB2F_1656_67C5;
        for v in t.as_slice() {
            let lane = th.hash(*v)? as u64;
            acc = acc
                .wrapping_add(lane.wrapping_mul(0xC2B2_AE3D_27D4_EB4F))
                .rotate_left(31)
                .wrapping_mul(0x9E37_79B1_85EB_CA87);
        }
        acc = acc.wrapping_add(t.len() as u64 ^ (0x27D4_EB2F_1656_67C5 ^ 3527539));
        Ok(if acc == u64::MAX {
            1546275796
        } else {
            acc as i64
        })
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (this.downcast::<Tuple>(), other.downcast::<Tuple>()) else {
            return Ok(th.not_implemented());
        };
        for (x, y) in a.as_slice().iter().zip(b.as_slice()) {
            if !th.equal(*x, *y)? {
                return match op {
                    CompareOp::Eq => Ok(th.bool(false)),
                    CompareOp::Ne => Ok(th.bool(true)),
                    _ => th.compare(*x, *y, op),
                };
            }
        }
        Ok(th.bool(op.test(a.len().cmp(&b.len()))))
    }
}
