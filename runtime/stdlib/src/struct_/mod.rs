//! `_struct`: packed binary data.

mod codec;
mod layout;

use std::cell::Cell;

use layout::Layout;
use taipan_vm::call::Args;
use taipan_vm::call::buffer::request;
use taipan_vm::object::{Gc, NativeHeader, Raised};
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::types::{ExceptionClass, T};
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

/// Raises `struct.error`.
#[cold]
fn error(th: &mut Thread, message: &str) -> Raised {
    let class = th.vm().registry.borrow().get("struct.error").copied();
    let Some(class) = class else {
        return th.value_error(message);
    };
    let text = th.new_str(message).value();
    match th.call(class, &[text]) {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}

/// A compiled format.
#[repr(C)]
#[derive(NativeObject)]
pub struct Struct {
    head: NativeHeader,
    format: Gc<Str>,
    #[notrace]
    layout: Layout,
}

/// What `iter_unpack` gives.
#[repr(C)]
#[derive(NativeObject)]
pub struct UnpackIterator {
    head: NativeHeader,
    owner: Gc<Struct>,
    data: Gc<Bytes>,
    #[notrace]
    next: Cell<usize>,
}

fn compile(th: &mut Thread, class: Option<Value>, format: Value) -> Result<Gc<Struct>> {
    let format = if let Some(s) = format.downcast::<Str>() {
        if s.as_ascii().is_none() {
            // The codec's own error.
            let ascii = th.new_str("ascii").value();
            th.call_method_str(format, "encode", &[ascii])?;
        }
        s
    } else if let Some(b) = format.downcast::<Bytes>() {
        th.str_from_latin1(b.as_slice())
    } else {
        let got = th.type_name(format);
        return Err(th.type_error(format!(
            "Struct() argument 1 must be a str or bytes object, not {got}"
        )));
    };
    let layout = match Layout::parse(format.to_string_lossy().as_bytes()) {
        Ok(l) => l,
        Err(message) => return Err(error(th, message)),
    };
    let class = match class {
        Some(c) => th.expect_type(c)?,
        None => th.type_for(&STRUCT_TYPE),
    };
    Ok(th.alloc_native(class, |head| Struct {
        head,
        format,
        layout,
    }))
}

/// Name of the dict of compiled formats in the registry, and most entries of it (as in CPython's
/// Modules/_struct.c).
const CACHE: (&str, usize) = ("struct.cache", 100);

/// A compiled format of the module's functions, which mostly get the same ones again.
fn cached(th: &mut Thread, format: Value) -> Result<Gc<Struct>> {
    if format.downcast::<Str>().is_none() || !th.is_exact(format, T::Str) {
        return compile(th, None, format);
    }
    let kept = th.vm().registry.borrow().get(CACHE.0).copied();
    let cache = match kept.and_then(|d| d.downcast::<Dict>()) {
        Some(d) => d,
        None => {
            let d = th.new_dict();
            let mut registry = th.vm().registry.borrow_mut();
            registry.insert(CACHE.0, d.value());
            d
        }
    };
    if let Some(s) = cache.get(th, format)?.and_then(|s| s.downcast::<Struct>()) {
        return Ok(s);
    }
    let s = compile(th, None, format)?;
    if cache.len() >= CACHE.1 {
        cache.clear();
    }
    cache.set(th, format, s.value())?;
    Ok(s)
}

fn buffer(th: &mut Thread, v: Value) -> Result<Vec<u8>> {
    match th.bytes_like(v)? {
        Some(b) => Ok(b),
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!("a bytes-like object is required, not '{got}'")))
        }
    }
}

/// The start of a run of `size` bytes at `offset` in a buffer of `length`.
fn place(th: &mut Thread, offset: i64, size: usize, length: usize, pack: bool) -> Result<usize> {
    let mut at = offset;
    if offset < 0 {
        if offset + size as i64 > 0 {
            let message = if pack {
                format!("no space to pack {size} bytes at offset {offset}")
            } else {
                format!("not enough data to unpack {size} bytes at offset {offset}")
            };
            return Err(error(th, &message));
        }
        at += length as i64;
        if at < 0 {
            return Err(error(
                th,
                &format!("offset {offset} out of range for {length}-byte buffer"),
            ));
        }
    }
    if (length as i64 - at) < size as i64 {
        let (f, verb) = if pack {
            ("pack_into", "packing")
        } else {
            ("unpack_from", "unpacking")
        };
        let need = at as u64 + size as u64;
        return Err(error(
            th,
            &format!(
                "{f} requires a buffer of at least {need} bytes for {verb} {size} bytes at offset {at} (actual buffer size is {length})"
            ),
        ));
    }
    Ok(at as usize)
}

fn unpack(th: &mut Thread, s: Gc<Struct>, data: Value) -> Result {
    let size = s.layout.size;
    if let Some(b) = data.downcast::<Bytes>() {
        if b.len() != size {
            return Err(error(
                th,
                &format!("unpack requires a buffer of {size} bytes"),
            ));
        }
        return codec::unpack(th, &s.layout, b.as_slice());
    }
    let data = buffer(th, data)?;
    if data.len() != size {
        return Err(error(
            th,
            &format!("unpack requires a buffer of {size} bytes"),
        ));
    }
    codec::unpack(th, &s.layout, &data)
}

fn unpack_from(th: &mut Thread, s: Gc<Struct>, data: Value, offset: Option<i64>) -> Result {
    let size = s.layout.size;
    let offset = offset.unwrap_or(0);
    if let Some(b) = data.downcast::<Bytes>() {
        let at = place(th, offset, size, b.len(), false)?;
        return codec::unpack(th, &s.layout, &b.as_slice()[at..at + size]);
    }
    let data = buffer(th, data)?;
    let at = place(th, offset, size, data.len(), false)?;
    codec::unpack(th, &s.layout, &data[at..at + size])
}

fn pack_into(th: &mut Thread, s: Gc<Struct>, values: &[Value]) -> Result<()> {
    let (target, offset, values) = match values {
        [] => return Err(error(th, "pack_into expected buffer argument")),
        [_] => return Err(error(th, "pack_into expected offset argument")),
        [target, offset, values @ ..] => (*target, *offset, values),
    };
    if values.len() != s.layout.values {
        let (want, got) = (s.layout.values, values.len());
        return Err(error(
            th,
            &format!("pack_into expected {want} items for packing (got {got})"),
        ));
    }
    let view = match th.class_of(target).slots().buffer {
        Some(f) if target.downcast::<Bytes>().is_none() => {
            f(th, target, request::WRITABLE | request::CONTIGUOUS).ok()
        }
        _ => None,
    };
    let Some(view) = view.filter(|v| !v.readonly) else {
        th.clear_pending();
        let got = th.type_name(target);
        return Err(th.type_error(format!(
            "argument must be read-write bytes-like object, not {got}"
        )));
    };
    let offset = th.index_i64(offset, "cannot fit 'int' into an index-sized integer")?;
    let at = place(th, offset, s.layout.size, view.len, true)?;
    let bytes = codec::pack(th, &s.layout, values, "pack_into")?;
    match view.write(at, &bytes) {
        true => Ok(()),
        false => Err(th.buffer_error("memory of this buffer cannot be written here")),
    }
}

fn iter_unpack(th: &mut Thread, s: Gc<Struct>, data: Value) -> Result {
    let size = s.layout.size;
    if size == 0 {
        return Err(error(
            th,
            "cannot iteratively unpack with a struct of length 0",
        ));
    }
    let bytes = buffer(th, data)?;
    if bytes.len() % size != 0 {
        return Err(error(
            th,
            &format!("iterative unpacking requires a buffer of a multiple of {size} bytes"),
        ));
    }
    let data = match data.downcast::<Bytes>() {
        Some(b) => b,
        None => th.new_bytes(&bytes),
    };
    Ok(th
        .new_native(&ITERATOR_TYPE, |head| UnpackIterator {
            head,
            owner: s,
            data,
            next: Cell::new(0),
        })
        .value())
}

/// Create a compiled struct object.
///
/// Return a new Struct object which writes and reads binary data according
/// to the format string.  See help(struct) for more on format strings.
#[pytype(name = "Struct", module = "_struct", flags = BASETYPE | HAS_WEAKREF, table = STRUCT_TYPE)]
impl Struct {
    #[pynew(raw, sig = "(format)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = args.values.first().copied();
        let rest = args.skip_first();
        let format = match (rest.positionals(), rest.keywords().next()) {
            ([f], None) => *f,
            ([], Some((_, f))) if rest.keyword_count() == 1 => f,
            ([], None) => {
                return Err(th.type_error("Struct() missing required argument 'format' (pos 1)"));
            }
            _ => {
                let n = rest.values.len();
                return Err(th.type_error(format!("Struct() takes at most 1 argument ({n} given)")));
            }
        };
        Ok(compile(th, class, format)?.value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let name = th.class_of(this).name_text();
        let Some(s) = this.downcast::<Struct>() else {
            return Err(th.type_error("Struct expected"));
        };
        let format = th.repr(s.format.value())?.to_string_lossy();
        Ok(th.new_str(&format!("{name}({format})")).value())
    }

    /// S.pack(v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing values v1, v2, ... packed according
    /// to the format string S.format.  See help(struct) for more on format
    /// strings.
    #[pymethod(sig = "(*values)")]
    fn pack(
        th: &mut Thread,
        this: Gc<Struct>,
        values: taipan_vm::call::VarArgs,
    ) -> Result<Gc<Bytes>> {
        let bytes = codec::pack(th, &this.layout, values.0.as_slice(), "pack")?;
        Ok(th.new_bytes(&bytes))
    }

    /// S.pack_into(buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string S.format
    /// and write the packed bytes into the writable buffer buf starting at
    /// offset.  Note that the offset is a required argument.  See
    /// help(struct) for more on format strings.
    #[pymethod(sig = "(*values)")]
    fn pack_into(
        th: &mut Thread,
        this: Gc<Struct>,
        values: taipan_vm::call::VarArgs,
    ) -> Result<()> {
        pack_into(th, this, values.0.as_slice())
    }

    /// Return a tuple containing unpacked values.
    #[pymethod]
    fn unpack(th: &mut Thread, this: Gc<Struct>, buffer: Value) -> Result {
        unpack(th, this, buffer)
    }

    /// Return a tuple containing unpacked values.
    #[pymethod(sig = "(buffer, offset=0)")]
    fn unpack_from(
        th: &mut Thread,
        this: Gc<Struct>,
        buffer: Value,
        offset: Option<i64>,
    ) -> Result {
        unpack_from(th, this, buffer, offset)
    }

    /// Return an iterator yielding tuples.
    #[pymethod]
    fn iter_unpack(th: &mut Thread, this: Gc<Struct>, buffer: Value) -> Result {
        iter_unpack(th, this, buffer)
    }

    /// struct format string
    #[pygetter]
    fn format(_: &mut Thread, this: Gc<Struct>) -> Result<Gc<Str>> {
        Ok(this.format)
    }

    /// struct size in bytes
    #[pygetter]
    fn size(_: &mut Thread, this: Gc<Struct>) -> Result<usize> {
        Ok(this.layout.size)
    }
}

#[pytype(name = "unpack_iterator", module = "_struct", flags = NO_INSTANTIATION, table = ITERATOR_TYPE)]
impl UnpackIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(this) = this.downcast::<UnpackIterator>() else {
            return Ok(None);
        };
        let (at, size) = (this.next.get(), this.owner.layout.size);
        let data = this.data;
        let Some(part) = data.as_slice().get(at..at + size) else {
            return Ok(None);
        };
        this.next.set(at + size);
        codec::unpack(th, &this.owner.layout, part).map(Some)
    }

    #[pymethod(sig = "()")]
    fn __length_hint__(_: &mut Thread, this: Gc<UnpackIterator>) -> Result<usize> {
        Ok((this.data.len() - this.next.get()) / this.owner.layout.size.max(1))
    }
}

/// The functions hang here.
pub struct StructModule;

/// Functions to convert between Python values and C structs.
#[pymodule(name = "_struct", types = [STRUCT_TYPE])]
impl StructModule {
    /// Clear the internal cache.
    #[pyfunction]
    fn _clearcache(_: &mut Thread) -> Result<()> {
        // Nothing is cached.
        Ok(())
    }

    /// Return size in bytes of the struct described by the format string.
    #[pyfunction]
    fn calcsize(th: &mut Thread, format: Value) -> Result<usize> {
        Ok(cached(th, format)?.layout.size)
    }

    /// pack(format, v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing the values v1, v2, ... packed according
    /// to the format string.  See help(struct) for more on format strings.
    #[pyfunction(raw, sig = "(format, /, *values)")]
    fn pack(th: &mut Thread, args: Args<'_>) -> Result {
        let Some((format, values)) = args.values.split_first() else {
            return Err(th.type_error("missing format argument"));
        };
        let s = cached(th, *format)?;
        let bytes = codec::pack(th, &s.layout, values, "pack")?;
        Ok(th.new_bytes(&bytes).value())
    }

    /// pack_into(format, buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string and write
    /// the packed bytes into the writable buffer buf starting at offset.  Note
    /// that the offset is a required argument.  See help(struct) for more
    /// on format strings.
    #[pyfunction(raw, sig = "(format, buffer, offset, /, *values)")]
    fn pack_into(th: &mut Thread, args: Args<'_>) -> Result {
        let Some((format, values)) = args.values.split_first() else {
            return Err(th.type_error("missing format argument"));
        };
        let s = cached(th, *format)?;
        pack_into(th, s, values)?;
        Ok(th.none())
    }

    /// Return a tuple containing values unpacked according to the format string.
    #[pyfunction]
    fn unpack(th: &mut Thread, format: Value, buffer: Value) -> Result {
        let s = cached(th, format)?;
        unpack(th, s, buffer)
    }

    /// Return a tuple containing values unpacked according to the format string.
    #[pyfunction(sig = "(format, /, buffer, offset=0)")]
    fn unpack_from(th: &mut Thread, format: Value, buffer: Value, offset: Option<i64>) -> Result {
        let s = cached(th, format)?;
        unpack_from(th, s, buffer, offset)
    }

    /// Return an iterator yielding tuples unpacked from the given bytes.
    #[pyfunction]
    fn iter_unpack(th: &mut Thread, format: Value, buffer: Value) -> Result {
        let s = cached(th, format)?;
        iter_unpack(th, s, buffer)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let base = th.vm().exception_class(ExceptionClass::Exception).value();
        let class = crate::support::exception_class(th, "struct.error", "struct", "error", base)?;
        th.dict_set_text(m.namespace(), "error", class);
        Ok(())
    }
}
