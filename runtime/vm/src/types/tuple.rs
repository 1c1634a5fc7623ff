//! `tuple`: items behind the header.

use crate::Thread;
use crate::call::{Args, Index};
use crate::object::slots::CompareOp;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Tracer, Value};
use crate::pytype;
use crate::types::T;
use crate::types::sequence::{self, TextParts, guarded_repr, wrap_index};
use crate::types::slice::Slice;
use crate::types::type_::Type;

/// In a tuple's `aux` byte: a word behind the last item is for its hash (0: not computed yet).
const KEEPS_HASH: u8 = 1;

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
    /// Where the number of items is, for compiled code.
    pub const LEN_OFFSET: usize = std::mem::offset_of!(Tuple, len);
    /// Where the items begin, for compiled code.
    pub const ITEMS_OFFSET: usize = std::mem::offset_of!(Tuple, items);

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

    /// The word that keeps the hash, if there is one.
    #[inline(always)]
    #[allow(unsafe_code)]
    fn kept_hash(&self) -> Option<&std::cell::Cell<i64>> {
        if self.head.aux.get() & KEEPS_HASH == 0 {
            return None;
        }
        // SAFETY: the flag says that the cell was made with one word more than its items.
        Some(unsafe { &*(self.items.as_ptr().add(self.len) as *const std::cell::Cell<i64>) })
    }

    /// Size of a cell with `len` items.
    pub fn size_for(len: usize) -> usize {
        size_of::<Tuple>() + 8 * len
    }
}

/// `a == b` for tuples whose classes compare as `tuple` does.
pub fn equal(th: &mut Thread, a: Gc<Tuple>, b: Gc<Tuple>) -> Result<bool> {
    th.check_native_stack(" in comparison")?;
    for (x, y) in a.as_slice().iter().zip(b.as_slice()) {
        if !th.equal(*x, *y)? {
            return Ok(false);
        }
    }
    Ok(a.len() == b.len())
}

impl Thread {
    /// A tuple. None when memory is exhausted.
    #[inline]
    #[allow(unsafe_code)]
    pub fn try_new_tuple(&mut self, items: &[Value]) -> Option<Gc<Tuple>> {
        let head = Header::new(Kind::Tuple, T::Tuple.shape());
        head.aux.set(KEEPS_HASH);
        let g = self.alloc_variable(
            Tuple {
                head,
                len: items.len(),
                items: [],
            },
            8 * items.len() + 8,
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
        // The word behind the items is for a `__dict__`, or for the hash.
        let with_dict = class.has_instance_dict();
        let extra = 8;
        if !with_dict {
            head.aux.set(KEEPS_HASH);
        }
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
        if with_dict {
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
        self.note_finalizer(class, g.value());
        g
    }
}

/// Built-in immutable sequence.
///
/// If no argument is given, the constructor returns an empty tuple.
/// If iterable is specified the tuple is initialized from iterable's items.
///
/// If the argument is a tuple, the return value is the same object.
#[pytype(name = "tuple", flags = BASETYPE | SEQUENCE | MATCH_SELF)]
impl Tuple {
    #[pynew(raw, sig = "(iterable=(), /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let exact = class.is(th.vm().ty(T::Tuple));
        if args.keyword_count() > 0 && sequence::has_init_of(th, class, T::Tuple) {
            return Err(sequence::no_keywords(th, "tuple"));
        }
        let items = match args.positionals() {
            [_] => th.empty_tuple(),
            [_, v] => th.to_tuple(*v)?,
            more => {
                return Err(sequence::too_many(
                    th,
                    "tuple",
                    1,
                    more.len().saturating_sub(1),
                ));
            }
        };
        if exact {
            return Ok(items.value());
        }
        Ok(th.tuple_of_class(class, items.as_slice()).value())
    }

    /// Return number of occurrences of value.
    #[pymethod]
    fn count(th: &mut Thread, this: Gc<Tuple>, value: Value) -> Result<usize> {
        let mut n = 0;
        for x in this.as_slice() {
            n += th.equal(*x, value)? as usize;
        }
        Ok(n)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[pymethod(sig = "(value, start=0, stop=sys.maxsize, /)")]
    fn index(
        th: &mut Thread,
        this: Gc<Tuple>,
        value: Value,
        start: Option<Index>,
        stop: Option<Index>,
    ) -> Result<usize> {
        let n = this.len() as isize;
        let wrap = |i: isize| if i < 0 { (i + n).max(0) } else { i.min(n) } as usize;
        let from = wrap(start.map_or(0, |i| i.0));
        let to = wrap(stop.map_or(isize::MAX, |i| i.0));
        for i in from..to {
            if let Some(x) = this.get(i)
                && th.equal(x, value)?
            {
                return Ok(i);
            }
        }
        Err(th.value_error("tuple.index(x): x not in tuple"))
    }

    #[pymethod]
    fn __getnewargs__(th: &mut Thread, this: Gc<Tuple>) -> Value {
        let copy = th.new_tuple(this.as_slice()).value();
        th.new_tuple(&[copy]).value()
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        crate::builtins::generic_alias(th, class, item)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<Tuple>(this)?;
        guarded_repr(th, this, "(...)", |th| {
            let mut out = TextParts::new();
            out.push_str("(");
            for (i, v) in t.as_slice().iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                out.push_repr(th, *v)?;
            }
            out.push_str(if t.len() == 1 { ",)" } else { ")" });
            Ok(out.finish(th))
        })
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Tuple>(this)?.len)
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let t = th.expect::<Tuple>(this)?;
        for x in t.as_slice() {
            if th.equal(*x, v)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let t = th.expect::<Tuple>(this)?;
        if let Some(s) = key.downcast::<Slice>() {
            let b = s.bounds(th, t.len())?;
            if b.step == 1 {
                if b.count == t.len() && th.is_exact(this, T::Tuple) {
                    return Ok(this);
                }
                let from = b.start as usize;
                let items = t.as_slice().get(from..from + b.count).unwrap_or(&[]);
                return Ok(th.new_tuple(items).value());
            }
            let items =
                (0..b.count).filter_map(|k| t.get((b.start + k as isize * b.step) as usize));
            return Ok(th.tuple_from_iter(items).value());
        }
        let i = sequence::subscript_index(th, key, "tuple")?;
        match wrap_index(i, t.len()).and_then(|i| t.get(i)) {
            Some(v) => Ok(v),
            None => Err(th.index_error("tuple index out of range")),
        }
    }

    #[pyslot]
    fn concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let t = th.expect::<Tuple>(this)?;
        let Some(o) = other.downcast::<Tuple>() else {
            let got = th.type_name(other);
            return Err(th.type_error(format!(
                "can only concatenate tuple (not \"{got}\") to tuple"
            )));
        };
        if t.is_empty() && th.is_exact(other, T::Tuple) {
            return Ok(other);
        }
        if o.is_empty() && th.is_exact(this, T::Tuple) {
            return Ok(this);
        }
        let all = th.value_vec(t.as_slice())?;
        th.push_all(&all, o.as_slice())?;
        Ok(th.new_tuple(all.as_slice()).value())
    }

    #[pyslot]
    fn repeat(th: &mut Thread, this: Value, count: isize) -> Result {
        let t = th.expect::<Tuple>(this)?;
        if (count == 1 || t.is_empty()) && th.is_exact(this, T::Tuple) {
            return Ok(this);
        }
        let all = crate::types::list::methods::repeated(th, t.as_slice(), count)?;
        match th.try_new_tuple(all.as_slice()) {
            Some(t) if !t.is_empty() => Ok(t.value()),
            Some(_) => Ok(th.empty_tuple().value()),
            None => Err(th.memory_error()),
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
        let kept = t.kept_hash();
        if let Some(word) = kept
            && word.get() != 0
        {
            return Ok(word.get());
        }
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
        let hash = if acc == u64::MAX {
            1546275796
        } else {
            acc as i64
        };
        if let Some(word) = kept {
            word.set(hash);
        }
        Ok(hash)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (this.downcast::<Tuple>(), other.downcast::<Tuple>()) else {
            return Ok(th.not_implemented());
        };
        if a.len() != b.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            // The reference compares items first; only their side effects could tell.
            let n = a.len().min(b.len());
            if a.as_slice()[..n].iter().all(|v| !v.is_pointer()) {
                return Ok(th.bool(op == CompareOp::Ne));
            }
        }
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
