//! `str(…)`, `encode` and what is left: pickling, size.

use super::Str;
use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

/// `str.__new__`
pub(super) fn new(
    th: &mut Thread,
    class: Gc<Type>,
    object: Option<Value>,
    encoding: Option<Gc<Str>>,
    errors: Option<Gc<Str>>,
) -> Result {
    let s = match object {
        None => th.empty_str(),
        Some(v) if encoding.is_none() && errors.is_none() => th.str(v)?,
        Some(v) => {
            if v.downcast::<Str>().is_some() {
                return Err(th.type_error("decoding str is not supported"));
            }
            if !th.supports_buffer(v) {
                let got = th.type_name(v);
                return Err(th.type_error(format!(
                    "decoding to str: need a bytes-like object, {got} found"
                )));
            }
            crate::codecs::decode_value(th, v, encoding, errors)?
        }
    };
    if class.is(th.vm().ty(crate::types::T::Str)) {
        return Ok(s.value());
    }
    match th.str_of_class(class, s) {
        Some(s) => Ok(s.value()),
        None => Err(th.memory_error()),
    }
}

#[pymethods(table = METHODS)]
impl Str {
    /// Encode the string using the codec registered for encoding.
    ///
    ///   encoding
    ///     The encoding in which to encode the string.
    ///   errors
    ///     The error handling scheme to use for encoding errors.
    ///     The default is 'strict' meaning that encoding errors raise a
    ///     UnicodeEncodeError.  Other possible values are 'ignore', 'replace' and
    ///     'xmlcharrefreplace' as well as any other name registered with
    ///     codecs.register_error that can handle UnicodeEncodeErrors.
    #[pymethod(sig = "(encoding='utf-8', errors='strict')")]
    fn encode(
        th: &mut Thread,
        this: Gc<Str>,
        encoding: Option<Gc<Str>>,
        errors: Option<Gc<Str>>,
    ) -> Result {
        crate::codecs::encode_str(th, this, encoding, errors)
    }

    #[pymethod]
    fn __getnewargs__(th: &mut Thread, this: Gc<Str>) -> Gc<Tuple> {
        let s = th.str_from_raw(this.width(), this.len(), this.raw_bytes());
        th.new_tuple(&[s.value()])
    }

    /// Return the size of the string in memory, in bytes.
    #[pymethod]
    fn __sizeof__(_: &mut Thread, this: Gc<Str>) -> usize {
        size_of::<Str>() + this.raw_bytes().len()
    }
}
