//! Methods and attributes of `memoryview`.

use super::{Layout, MemoryView, items, new_view, strides_of};
use crate::Thread;
use crate::call::VarArgs;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

fn numbers(th: &mut Thread, all: impl Iterator<Item = i64>) -> Gc<Tuple> {
    let all: Vec<i64> = all.collect();
    let list = crate::object::ValueVec::new();
    for n in all {
        let v = th.int(n);
        if th.push(&list, v).is_err() {
            th.clear_pending();
            th.request_memory_error();
        }
    }
    th.new_tuple(list.as_slice())
}

fn shape_of(th: &mut Thread, v: Value) -> Result<Vec<usize>> {
    if v.downcast::<Tuple>().is_none() && v.downcast::<crate::types::list::List>().is_none() {
        return Err(th.type_error("shape must be a list or a tuple"));
    }
    let mut shape = Vec::new();
    th.for_each(v, |th, x| {
        if !crate::types::int::is_int(x) {
            return Err(th.type_error("memoryview.cast(): elements of shape must be integers"));
        }
        match crate::types::int::to_i64(x).filter(|n| *n > 0) {
            Some(n) => {
                shape.push(n as usize);
                Ok(())
            }
            None => {
                Err(th.value_error("memoryview.cast(): elements of shape must be integers > 0"))
            }
        }
    })?;
    Ok(shape)
}

#[pymethods(table = METHODS, getsets = GETSETS)]
impl MemoryView {
    /// Cast a memoryview to a new format or shape.
    #[pymethod(sig = "(format, shape=<unrepresentable>)")]
    fn cast(
        th: &mut Thread,
        this: Gc<MemoryView>,
        format: Value,
        shape: Option<Value>,
    ) -> Result<Gc<MemoryView>> {
        let l = this.layout(th)?.clone();
        let Some(format) = format.downcast::<Str>() else {
            let got = th.type_name_for_error(format);
            return Err(th.type_error(format!("cast() argument 'format' must be str, not {got}")));
        };
        if !l.is_contiguous() {
            return Err(th.type_error("memoryview: casts are restricted to C-contiguous views"));
        }
        let shape = match shape {
            Some(v) => Some(shape_of(th, v)?),
            None => None,
        };
        if l.shape.len() != 1 && shape.as_ref().is_some_and(|s| s.len() != 1) {
            return Err(th.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
        }
        let Some((format, itemsize)) = items::native(&format.to_string_lossy()) else {
            return Err(th.value_error(
                "memoryview: destination format must be a native single character format prefixed with an optional '@'",
            ));
        };
        let is_byte = |f: &str| matches!(f, "B" | "b" | "c");
        if items::native(l.format).is_none() {
            return Err(th.value_error(
                "memoryview: source format must be a native single character format prefixed with an optional '@'",
            ));
        }
        if !is_byte(l.format) && !is_byte(format) {
            return Err(th.type_error("memoryview: cannot cast between two non-byte formats"));
        }
        let size = l.size();
        if size % itemsize != 0 {
            return Err(th.type_error("memoryview: length is not a multiple of itemsize"));
        }
        let shape = shape.unwrap_or_else(|| vec![size / itemsize]);
        let product = shape.iter().try_fold(itemsize, |n, x| n.checked_mul(*x));
        if product != Some(size) {
            return Err(th.type_error("memoryview: product(shape) * itemsize != buffer size"));
        }
        let strides = strides_of(&shape, itemsize);
        Ok(new_view(
            th,
            Layout {
                format,
                itemsize,
                shape,
                strides,
                ..l
            },
        ))
    }

    /// Return the data in the buffer as a byte string.
    #[pymethod(sig = "(order='C')")]
    fn tobytes(th: &mut Thread, this: Gc<MemoryView>, order: Option<Value>) -> Result {
        let order = match th.not_none(order) {
            Some(v) => match v.downcast::<Str>() {
                Some(s) => s.to_string_lossy(),
                None => {
                    let got = th.type_name(v);
                    return Err(th.type_error(format!(
                        "tobytes() argument 'order' must be str or None, not {got}"
                    )));
                }
            },
            None => "C".into(),
        };
        let l = this.layout(th)?.clone();
        let bytes = match order.as_str() {
            "C" | "A" => l.contents(),
            "F" => {
                let mut turned = l.clone();
                turned.shape.reverse();
                turned.strides.reverse();
                turned.contents()
            }
            _ => return Err(th.value_error("order must be 'C', 'F' or 'A'")),
        };
        Ok(th.new_bytes(&bytes).value())
    }

    /// Return the data in the buffer as a list of elements.
    #[pymethod]
    fn tolist(th: &mut Thread, this: Gc<MemoryView>) -> Result {
        let l = this.layout(th)?.clone();
        this.nested_list(th, &l, 0, l.offset)
    }

    /// Release the underlying buffer exposed by the memoryview object.
    #[pymethod]
    fn release(th: &mut Thread, this: Gc<MemoryView>) -> Result<()> {
        if this.layout.borrow().is_none() {
            return Ok(());
        }
        if this.exports.in_use(th) {
            let n = this.exports.count();
            let s = if n == 1 { "" } else { "s" };
            return Err(th.buffer_error(format!("memoryview has {n} exported buffer{s}")));
        }
        this.layout.replace(None);
        this.owner.clear();
        Ok(())
    }

    #[pymethod]
    fn __enter__(th: &mut Thread, this: Gc<MemoryView>) -> Result<Gc<MemoryView>> {
        this.layout(th)?;
        Ok(this)
    }

    #[pymethod(sig = "(*exc_info)")]
    fn __exit__(th: &mut Thread, this: Gc<MemoryView>, exc_info: VarArgs) -> Result<()> {
        let _ = exc_info;
        MemoryView::release(th, this)
    }

    /// Return a readonly version of the memoryview.
    #[pymethod]
    fn toreadonly(th: &mut Thread, this: Gc<MemoryView>) -> Result<Gc<MemoryView>> {
        let mut l = this.layout(th)?.clone();
        l.readonly = true;
        Ok(new_view(th, l))
    }

    /// Return the data in the buffer as a str of hexadecimal numbers.
    #[pymethod(sig = "(sep=<unrepresentable>, bytes_per_sep=1)")]
    fn hex(
        th: &mut Thread,
        this: Gc<MemoryView>,
        sep: Option<Value>,
        bytes_per_sep: Option<i32>,
    ) -> Result<Gc<Str>> {
        let b = this.contents(th)?;
        // A separator's `__len__` may release the view.
        let lent = this.exports.guard();
        let separator = match sep {
            Some(s) => th.len(s).map(|_| ()),
            None => Ok(()),
        };
        drop(lent);
        separator?;
        crate::types::bytes::shared::hex(th, &b, sep, bytes_per_sep)
    }

    /// Count the number of occurrences of a value.
    #[pymethod]
    fn count(th: &mut Thread, this: Gc<MemoryView>, value: Value) -> Result<usize> {
        let mut n = 0;
        th.for_each(this.value(), |th, x| {
            if th.equal(x, value)? {
                n += 1;
            }
            Ok(())
        })?;
        Ok(n)
    }

    /// Return the index of the first occurrence of a value.
    #[pymethod(sig = "(value, start=0, stop=sys.maxsize, /)")]
    fn index(
        th: &mut Thread,
        this: Gc<MemoryView>,
        value: Value,
        start: crate::call::Bound,
        stop: crate::call::Bound,
    ) -> Result<usize> {
        let (l, n) = {
            let l = this.layout(th)?;
            (l.clone(), l.shape.first().copied().unwrap_or(0))
        };
        if l.shape.len() != 1 {
            return Err(th.not_implemented_error("multi-dimensional lookup is not implemented"));
        }
        let (start, stop) = crate::types::search::clamp(start.0, stop.0, n);
        let step = l.strides.first().copied().unwrap_or(0);
        for i in start..stop {
            let x = items::unpack(th, l.format, l.item(l.offset + i as isize * step))?;
            if th.equal(x, value)? {
                return Ok(i);
            }
        }
        Err(th.value_error("memoryview.index(x): x not found"))
    }

    /// The underlying object of the memoryview.
    #[pygetter]
    fn obj(th: &mut Thread, this: Gc<MemoryView>) -> Result {
        let l = this.layout(th)?;
        let owner = l.view.owner;
        // The object at the bottom, as CPython has it.
        match owner.downcast::<MemoryView>() {
            Some(m) => MemoryView::obj(th, m),
            None => Ok(owner),
        }
    }

    /// The amount of space in bytes that the array would use in a contiguous representation.
    #[pygetter]
    fn nbytes(th: &mut Thread, this: Gc<MemoryView>) -> Result<usize> {
        Ok(this.layout(th)?.size())
    }

    /// A bool indicating whether the memory is read only.
    #[pygetter]
    fn readonly(th: &mut Thread, this: Gc<MemoryView>) -> Result<bool> {
        Ok(this.layout(th)?.readonly)
    }

    /// The size in bytes of each element of the memoryview.
    #[pygetter]
    fn itemsize(th: &mut Thread, this: Gc<MemoryView>) -> Result<usize> {
        Ok(this.layout(th)?.itemsize)
    }

    /// A string containing the format (in struct module style) for each element in the view.
    #[pygetter]
    fn format(th: &mut Thread, this: Gc<MemoryView>) -> Result {
        let f = this.layout(th)?.format;
        Ok(th.new_str(f).value())
    }

    /// An integer indicating how many dimensions of a multi-dimensional array the memory represents.
    #[pygetter]
    fn ndim(th: &mut Thread, this: Gc<MemoryView>) -> Result<usize> {
        Ok(this.layout(th)?.shape.len())
    }

    /// A tuple of ndim integers giving the shape of the memory as an N-dimensional array.
    #[pygetter]
    fn shape(th: &mut Thread, this: Gc<MemoryView>) -> Result<Gc<Tuple>> {
        let l = this.layout(th)?.clone();
        Ok(numbers(th, l.shape.iter().map(|n| *n as i64)))
    }

    /// A tuple of ndim integers giving the size in bytes to access each element for each dimension of the array.
    #[pygetter]
    fn strides(th: &mut Thread, this: Gc<MemoryView>) -> Result<Gc<Tuple>> {
        let l = this.layout(th)?.clone();
        Ok(numbers(th, l.strides.iter().map(|n| *n as i64)))
    }

    /// A tuple of integers used internally for PIL-style arrays.
    #[pygetter]
    fn suboffsets(th: &mut Thread, this: Gc<MemoryView>) -> Result<Gc<Tuple>> {
        this.layout(th)?;
        Ok(th.empty_tuple())
    }

    /// A bool indicating whether the memory is C contiguous.
    #[pygetter]
    fn c_contiguous(th: &mut Thread, this: Gc<MemoryView>) -> Result<bool> {
        Ok(this.layout(th)?.is_contiguous())
    }

    /// A bool indicating whether the memory is Fortran contiguous.
    #[pygetter]
    fn f_contiguous(th: &mut Thread, this: Gc<MemoryView>) -> Result<bool> {
        Ok(this.layout(th)?.is_fortran())
    }

    /// A bool indicating whether the memory is contiguous.
    #[pygetter]
    fn contiguous(th: &mut Thread, this: Gc<MemoryView>) -> Result<bool> {
        let l = this.layout(th)?;
        Ok(l.is_contiguous() || l.is_fortran())
    }
}
