//! Items of `bytes` and `bytearray`.

use taipan_abi::resume::Reason;
use taipan_ssa::graph::Alias;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::feedback::seen;
use taipan_vm::machine::arrays::RAW_DATA;
use taipan_vm::machine::layout as at;
use taipan_vm::types::T;

use super::subscript::MAX_LEN;
use super::{Builder, shape_of};

/// A byte of a bytearray: its buffer and the index there.
struct Place {
    buffer: Value,
    index: Value,
}

impl Builder<'_> {
    /// Is this the only kind of container that a subscript site has met?
    fn meets(&self, o: Value, k: Value, fb: u32, t: T) -> bool {
        let (ty, shape) = (self.ty(o), shape_of(t));
        !self.is_general()
            && ty.may_be(kinds::OBJECT)
            && self.ty(k).may_be(kinds::INT)
            && (ty.shape == shape
                || (ty.shape == 0 && self.seen(fb) == seen::OTHER && self.seen_shape(fb) == shape))
    }

    fn bytearray_place(&mut self, o: Value, k: Value) -> Place {
        let array = self.builtin_shape(o, T::ByteArray);
        let i = self.int(k);
        let size = Type::int(0, MAX_LEN);
        let len = self.load_raw(array, at::BYTEARRAY_LEN, Alias::Array, size);
        let i = self.bounded(i, len);
        let start = self.load_raw(array, at::BYTEARRAY_START, Alias::Array, size);
        let index = self.push(Op::Add, &[start, i], 0, Rep::Int, Type::RAW);
        let buffer = self.load_raw(array, at::BYTEARRAY_BUFFER, Alias::Array, Type::RAW);
        Place { buffer, index }
    }

    /// The item of a `bytes` or `bytearray`, if the site is known to meet one of them.
    pub fn byte_item(&mut self, o: Value, k: Value, fb: u32) -> Option<Value> {
        let (args, offset, alias) = if self.meets(o, k, fb, T::Bytes) {
            let b = self.builtin_shape(o, T::Bytes);
            let i = self.int(k);
            let size = Type::int(0, MAX_LEN);
            let len = self.load_raw(b, at::BYTES_LEN, Alias::Constant, size);
            let i = self.bounded(i, len);
            ([b, i], at::BYTES_DATA, Alias::Constant)
        } else if self.meets(o, k, fb, T::ByteArray) {
            let p = self.bytearray_place(o, k);
            ([p.buffer, p.index], RAW_DATA, Alias::Numbers)
        } else {
            return None;
        };
        let ty = Type::int(0, 255);
        let v = self.push(Op::LoadSized, &args, offset as i64, Rep::Int, ty);
        self.set_imm2(1);
        self.set_alias(alias);
        Some(v)
    }

    /// Sets the item of a `bytearray`; false when the site is not known to meet them.
    pub fn set_byte_item(&mut self, o: Value, k: Value, v: Value, fb: u32) -> bool {
        if !self.ty(v).may_be(kinds::INT) || !self.meets(o, k, fb, T::ByteArray) {
            return false;
        }
        let number = self.int(v);
        let p = self.bytearray_place(o, k);
        let ty = self.ty(number);
        if ty.low < 0 || ty.high > 255 {
            let limit = self.constant_int(256);
            let (args, t) = ([number, limit], Type::BOOL);
            let fits = self.push(Op::LessUnsigned, &args, 0, Rep::Bool, t);
            self.guard_true(fits, Reason::Arithmetic);
        }
        let args = [p.buffer, p.index, number];
        self.push(Op::StoreSized, &args, RAW_DATA as i64, Rep::Int, Type::RAW);
        self.set_imm2(1);
        self.set_alias(Alias::Numbers);
        self.state.clobber(Alias::Numbers);
        true
    }
}
