//! The method table of `bytes`.

use super::shared::{self, ByteString, byte_methods};
use super::{Bytes, construct};
use crate::Thread;
use crate::call::Bound;
use crate::call::buffer::ByteArg;
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

impl ByteString for Bytes {
    fn bytes(&self) -> &[u8] {
        self.as_slice()
    }

    fn make(th: &mut Thread, bytes: &[u8]) -> Result<Gc<Bytes>> {
        construct::exact(th, bytes)
    }

    fn build(th: &mut Thread, len: usize, fill: impl FnOnce(&mut [u8])) -> Result<Gc<Bytes>> {
        if len == 0 {
            return construct::exact(th, &[]);
        }
        match th.bytes_build(len, fill) {
            Some(b) => Ok(b),
            None => Err(th.memory_error()),
        }
    }

    fn same(th: &mut Thread, this: Gc<Bytes>) -> Result<Gc<Bytes>> {
        if th.is_exact(this.value(), T::Bytes) {
            return Ok(this);
        }
        construct::exact(th, this.as_slice())
    }
}

byte_methods!(Bytes, METHODS);
