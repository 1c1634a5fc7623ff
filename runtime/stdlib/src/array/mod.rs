//! `array`: numbers and characters in a raw buffer, item after item.
//!
//! The items begin at the first byte of the buffer and have one size, so compiled code can index
//! it with the code as a constant. While a view of the array is lent its size cannot change.

mod codes;
mod edit;
mod machine;
mod reduce;

use std::cell::Cell;

use codes::Code;
use taipan_vm::call::Args;
use taipan_vm::call::buffer::{BufferSource, BufferView, Exports};
use taipan_vm::machine::arrays::NumberArrays;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, GcSlot, NativeHeader, Raised, RawBuffer};
use taipan_vm::types::bytearray::ByteArray;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::list::List;
use taipan_vm::types::module::Module;
use taipan_vm::types::sequence::{self, wrap_index};
use taipan_vm::types::slice::Slice;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::type_::Type;
use taipan_vm::types::{ExceptionClass, Named};
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

/// An array.
#[repr(C)]
#[derive(NativeObject)]
pub struct Array {
    head: NativeHeader,
    buffer: GcSlot<RawBuffer>,
    /// Number of items.
    #[notrace]
    len: Cell<usize>,
    #[notrace]
    code: Code,
    #[notrace]
    exports: Exports,
}

impl Named for Array {
    const NAME: &'static str = "array.array";
}

/// Iterator over an array.
#[repr(C)]
#[derive(NativeObject)]
pub struct ArrayIterator {
    head: NativeHeader,
    array: GcSlot<Array>,
    #[notrace]
    index: Cell<usize>,
}

impl Array {
    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The kind of its items.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The item at an index. Raises ValueError for a character out of range.
    #[inline]
    fn get(&self, th: &mut Thread, i: usize) -> Result<Option<Value>> {
        if i >= self.len() {
            return Ok(None);
        }
        let size = self.code.size();
        match self.buffer.get() {
            Some(b) => match b.as_slice().get(i * size..(i + 1) * size) {
                Some(item) => codes::load(th, self.code, item).map(Some),
                None => Ok(None),
            },
            None => Ok(None),
        }
    }

    /// The bytes of all items, copied.
    fn bytes(&self) -> Vec<u8> {
        let n = self.len() * self.code.size();
        match self.buffer.get() {
            Some(b) => b.as_slice().get(..n).unwrap_or(&[]).to_vec(),
            None => Vec::new(),
        }
    }
}

/// An empty array of a class.
fn empty(th: &mut Thread, class: Gc<Type>, code: Code) -> Gc<Array> {
    th.alloc_native(class, |head| Array {
        head,
        buffer: GcSlot::empty(),
        len: Cell::new(0),
        code,
        exports: Exports::default(),
    })
}

/// An array of the exact class with these items' bytes. Raises MemoryError.
fn with_bytes(th: &mut Thread, code: Code, bytes: &[u8]) -> Result<Gc<Array>> {
    let class = th.type_for(&ARRAY_TYPE);
    let a = empty(th, class, code);
    a.splice(th, 0, 0, bytes)?;
    Ok(a)
}

#[cold]
fn no_array(th: &mut Thread, what: &str, v: Value, rest: &str) -> Raised {
    let got = th.type_name(v);
    th.type_error(format!("can only {what} array (not \"{got}\"){rest}"))
}

#[cold]
fn other_kind(th: &mut Thread) -> Raised {
    th.type_error("bad argument type for built-in operation")
}

/// The index of a subscript that is no slice.
fn subscript(th: &mut Thread, key: Value) -> Result<i64> {
    if !key.is_int() && th.class_of(key).slots().index.is_none() {
        return Err(th.type_error("array indices must be integers"));
    }
    sequence::subscript_index(th, key, "array")
}

fn code_argument(th: &mut Thread, v: Value) -> Result<u32> {
    match v.downcast::<Str>() {
        Some(s) => match s.at(0) {
            Some(c) if s.len() == 1 => Ok(c),
            _ => {
                let n = s.len();
                Err(th.type_error(format!(
                    "array() argument 1 must be a unicode character, not a string of length {n}"
                )))
            }
        },
        None => {
            let got = th.type_name_for_error(v);
            Err(th.type_error(format!(
                "array() argument 1 must be a unicode character, not {got}"
            )))
        }
    }
}

fn check_initial(th: &mut Thread, code: Code, initial: Value) -> Result<()> {
    if code.is_text() {
        return Ok(());
    }
    let what = if initial.downcast::<Str>().is_some() {
        "str"
    } else if initial
        .downcast::<Array>()
        .is_some_and(|a| a.code.is_text())
    {
        "unicode array"
    } else {
        return Ok(());
    };
    let article = if what == "str" {
        "a str"
    } else {
        "a unicode array"
    };
    let c = code.char();
    Err(th.type_error(format!(
        "cannot use {article} to initialize an array with typecode '{c}'"
    )))
}

fn fill(th: &mut Thread, a: Gc<Array>, initial: Value) -> Result<()> {
    if let Some(s) = initial.downcast::<Str>() {
        return a.push_text(th, s);
    }
    if let Some(b) = initial.downcast::<Bytes>() {
        return a.push_bytes(th, b.as_slice());
    }
    if let Some(b) = initial.downcast::<ByteArray>() {
        let copy = b.as_slice().to_vec();
        return a.push_bytes(th, &copy);
    }
    if let Some(other) = initial.downcast::<Array>()
        && other.code == a.code
    {
        let bytes = other.bytes();
        return a.splice(th, 0, 0, &bytes);
    }
    if let Some(l) = initial.downcast::<List>() {
        a.reserve(th, l.items.len())?;
    } else if let Some(t) = initial.downcast::<Tuple>() {
        a.reserve(th, t.len())?;
    }
    th.for_each(initial, |th, v| a.push(th, v))
}

/// array(typecode [, initializer]) -> array
///
/// Return a new array whose items are restricted by typecode, and
/// initialized from the optional initializer value, which must be a list,
/// string or iterable over elements of the appropriate type.
///
/// Arrays behave like lists, except that the type of their items is
/// constrained: it is given by the type code, a single character.
///
///     Type code   C Type             Size in bytes
///     'b'         signed integer     1
///     'B'         unsigned integer   1
///     'u'         wchar_t            4
///     'w'         Py_UCS4            4
///     'h'         signed integer     2
///     'H'         unsigned integer   2
///     'i'         signed integer     4
///     'I'         unsigned integer   4
///     'l'         signed integer     8
///     'L'         unsigned integer   8
///     'q'         signed integer     8
///     'Q'         unsigned integer   8
///     'f'         floating-point     4
///     'd'         floating-point     8
#[pytype(
    name = "array",
    module = "array",
    flags = BASETYPE | SEQUENCE | HAS_WEAKREF,
    more = [&edit::METHODS, &machine::METHODS, &reduce::METHODS],
    table = ARRAY_TYPE
)]
impl Array {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let exact = class.is(th.type_for(&ARRAY_TYPE));
        let rest = args.skip_first();
        if exact && rest.keyword_count() > 0 {
            return Err(th.type_error("array.array() takes no keyword arguments"));
        }
        let (code, initial) = match *rest.positionals() {
            [c] => (c, None),
            [c, initial] => (c, Some(initial)),
            ref other => {
                let n = other.len();
                let bound = if n == 0 {
                    "least 1 argument"
                } else {
                    "most 2 arguments"
                };
                return Err(th.type_error(format!("array() takes at {bound} ({n} given)")));
            }
        };
        let c = code_argument(th, code)?;
        if c == u32::from(b'u') {
            taipan_vm::exceptions::warn(
                th,
                ExceptionClass::DeprecationWarning,
                "The 'u' type code is deprecated and will be removed in Python 3.16",
                1,
            )?;
        }
        let code = Code::of(c);
        if let (Some(code), Some(initial)) = (code, initial) {
            check_initial(th, code, initial)?;
        }
        let Some(code) = code else {
            return Err(
                th.value_error("bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)")
            );
        };
        let a = empty(th, class, code);
        if let Some(initial) = initial {
            fill(th, a, initial)?;
        }
        Ok(a.value())
    }

    /// the typecode character used to create the array
    #[pygetter]
    fn typecode(th: &mut Thread, this: Gc<Array>) -> Value {
        th.str_from_char(this.code as u32).value()
    }

    /// the size, in bytes, of one array item
    #[pygetter]
    fn itemsize(_: &mut Thread, this: Gc<Array>) -> usize {
        this.code.size()
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        taipan_vm::builtins::generic_alias(th, class, item)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let a = th.expect::<Array>(this)?;
        let name = th.class_of(this).name_text();
        let mut out = taipan_vm::types::sequence::TextParts::new();
        out.push_str(&format!("{name}('{}'", a.code.char()));
        if !a.is_empty() {
            out.push_str(", ");
            let contents = if a.code.is_text() {
                a.text(th)?
            } else {
                a.list(th)?
            };
            out.push_repr(th, contents)?;
        }
        out.push_str(")");
        Ok(out.finish(th))
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Array>(this)?.len())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let a = th.expect::<Array>(this)?;
        Ok(th
            .new_native(&ITERATOR_TYPE, |head| ArrayIterator {
                head,
                array: GcSlot::new(a),
                index: Cell::new(0),
            })
            .value())
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let a = th.expect::<Array>(this)?;
        Ok(a.find(th, v, 0, usize::MAX)?.is_some())
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let a = th.expect::<Array>(this)?;
        if let Some(i) = key.as_int()
            && let Some(i) = wrap_index(i, a.len())
            && let Some(v) = a.get(th, i)?
        {
            return Ok(v);
        }
        if let Some(s) = key.downcast::<Slice>() {
            let b = s.bounds(th, a.len())?;
            let (size, all) = (a.code.size(), a.bytes());
            let mut out = Vec::with_capacity(b.count * size);
            for i in 0..b.count as isize {
                let at = (b.start + i * b.step) as usize * size;
                out.extend_from_slice(&all[at..at + size]);
            }
            return Ok(with_bytes(th, a.code, &out)?.value());
        }
        let i = subscript(th, key)?;
        if let Some(i) = wrap_index(i, a.len())
            && let Some(v) = a.get(th, i)?
        {
            return Ok(v);
        }
        Err(th.index_error("array index out of range"))
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let a = th.expect::<Array>(this)?;
        edit::set_item(th, a, key, v)
    }

    #[pyslot]
    fn concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let a = th.expect::<Array>(this)?;
        let Some(b) = other.downcast::<Array>() else {
            return Err(no_array(th, "append", other, " to array"));
        };
        if a.code != b.code {
            return Err(other_kind(th));
        }
        let mut bytes = a.bytes();
        bytes.extend(b.bytes());
        Ok(with_bytes(th, a.code, &bytes)?.value())
    }

    #[pyslot]
    fn inplace_concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let a = th.expect::<Array>(this)?;
        if other.downcast::<Array>().is_none() {
            let got = th.type_name(other);
            return Err(th.type_error(format!("can only extend array with array (not \"{got}\")")));
        }
        a.extend(th, other)?;
        Ok(this)
    }

    #[pyslot]
    fn repeat(th: &mut Thread, this: Value, n: isize) -> Result {
        let a = th.expect::<Array>(this)?;
        let bytes = a.repeated(th, n)?;
        Ok(with_bytes(th, a.code, &bytes)?.value())
    }

    #[pyslot]
    fn inplace_repeat(th: &mut Thread, this: Value, n: isize) -> Result {
        let a = th.expect::<Array>(this)?;
        let bytes = a.repeated(th, n)?;
        let len = a.len();
        a.splice(th, 0, len, &bytes)?;
        Ok(this)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (this.downcast::<Array>(), other.downcast::<Array>()) else {
            return Ok(th.not_implemented());
        };
        let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        if equality && a.len() != b.len() {
            return Ok(th.bool(op == CompareOp::Ne));
        }
        if equality && a.code == b.code && !matches!(a.code, Code::F32 | Code::F64) {
            return Ok(th.bool((a.bytes() == b.bytes()) == (op == CompareOp::Eq)));
        }
        let mut i = 0;
        while let (Some(x), Some(y)) = (a.get(th, i)?, b.get(th, i)?) {
            if !th.compare_bool(x, y, CompareOp::Eq)? {
                return match op {
                    CompareOp::Eq => Ok(th.bool(false)),
                    CompareOp::Ne => Ok(th.bool(true)),
                    _ => th.compare(x, y, op),
                };
            }
            i += 1;
        }
        Ok(th.bool(op.test(a.len().cmp(&b.len()))))
    }

    #[pyslot]
    fn buffer(th: &mut Thread, this: Value, _: u32) -> Result<BufferView> {
        let a = th.expect::<Array>(this)?;
        let buffer = a.storage(th)?;
        Ok(BufferView {
            owner: this,
            source: BufferSource::Raw(buffer),
            offset: 0,
            len: a.len() * a.code.size(),
            readonly: false,
            itemsize: a.code.size(),
            format: a.code.format(),
            guard: Some(a.exports.guard()),
        })
    }
}

#[pytype(name = "arrayiterator", module = "array", flags = NO_INSTANTIATION, table = ITERATOR_TYPE)]
impl ArrayIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<ArrayIterator>() else {
            return Ok(None);
        };
        let Some(a) = it.array.get() else {
            return Ok(None);
        };
        let i = it.index.get();
        match a.get(th, i)? {
            Some(v) => {
                it.index.set(i + 1);
                Ok(Some(v))
            }
            None => {
                it.array.clear();
                Ok(None)
            }
        }
    }

    /// Return state information for pickling.
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<ArrayIterator>) -> Result {
        let iter = th.builtin("iter")?;
        match this.array.get() {
            Some(a) => {
                let args = th.new_tuple(&[a.value()]).value();
                let index = th.int(this.index.get() as i64);
                Ok(th.new_tuple(&[iter, args, index]).value())
            }
            None => {
                let nothing = th.empty_tuple().value();
                let args = th.new_tuple(&[nothing]).value();
                Ok(th.new_tuple(&[iter, args]).value())
            }
        }
    }

    /// Set state information for unpickling.
    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<ArrayIterator>, state: Value) -> Result<()> {
        let i = th.index_i64(state, "Python int too large to convert to C ssize_t")?;
        if let Some(a) = this.array.get() {
            this.index.set((i.max(0) as usize).min(a.len()));
        }
        Ok(())
    }
}

/// The functions hang here.
pub struct ArrayModule;

/// This module defines an object type which can efficiently represent
/// an array of basic values: characters, integers, floating-point
/// numbers.  Arrays are sequence types and behave very much like lists,
/// except that the type of objects stored in them is constrained.
#[pymodule(name = "array", types = [ARRAY_TYPE])]
impl ArrayModule {
    /// Internal. Used for pickling support.
    #[pyfunction]
    fn _array_reconstructor(
        th: &mut Thread,
        arraytype: Value,
        typecode: Value,
        mformat_code: Value,
        items: Value,
    ) -> Result {
        reduce::reconstruct(th, arraytype, typecode, mformat_code, items)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let class = th.type_for(&ARRAY_TYPE);
        th.vm().number_arrays.set(Some(NumberArrays {
            shape: class.instance_shape().0,
            buffer: std::mem::offset_of!(Array, buffer) as i32,
            len: std::mem::offset_of!(Array, len) as i32,
            code: std::mem::offset_of!(Array, code) as i32,
        }));
        let codes = th.new_str(codes::ALL).value();
        let dict = m.namespace();
        th.dict_set_text(dict, "ArrayType", class.value());
        th.dict_set_text(dict, "typecodes", codes);
        let abc = crate::support::import(th, "collections.abc")?;
        let sequence = th.get_attr_str(abc, "MutableSequence")?;
        th.call_method_str(sequence, "register", &[class.value()])?;
        Ok(())
    }
}
