//! The methods that `bytearray` shares with `bytes`.

use super::ByteArray;
use crate::Thread;
use crate::call::Bound;
use crate::call::buffer::ByteArg;
use crate::object::{Gc, Result, Value};
use crate::types::bytes::shared::{self, ByteString, byte_methods};
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

impl ByteString for ByteArray {
    fn bytes(&self) -> &[u8] {
        let start = self.start.get();
        match self.buffer.untyped().get() {
            Some(_) => self.range(start, self.len.get()),
            None => &[],
        }
    }

    fn make(th: &mut Thread, bytes: &[u8]) -> Result<Gc<ByteArray>> {
        th.new_bytearray(bytes)
    }

    fn same(th: &mut Thread, this: Gc<ByteArray>) -> Result<Gc<ByteArray>> {
        th.new_bytearray(this.bytes())
    }
}

byte_methods!(ByteArray, METHODS);
