//! Items of `array.array`: machine numbers in a raw buffer.

use taipan_abi::resume::Reason;
use taipan_ssa::graph::Alias;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::machine::arrays::{Item, NumberArrays, RAW_DATA, item_of};

use super::Builder;
use super::subscript::MAX_LEN;

/// An array at a subscript: the guarded object, buffer, index and kind of item.
struct Place {
    buffer: Value,
    index: Value,
    item: Item,
}

impl Builder<'_> {
    /// The array's layout and kind of item, if that is what a subscript site has met.
    fn array_site(&self, o: Value, k: Value, fb: u32) -> Option<(NumberArrays, u8, Item)> {
        let arrays = self.th.vm().number_arrays.get()?;
        let ty = self.ty(o);
        let slot = self.slot(fb);
        let possible = ty.shape == arrays.shape || (ty.shape == 0 && ty.may_be(kinds::OBJECT));
        if self.is_general()
            || slot.shape.get() != arrays.shape
            || !possible
            || !self.ty(k).may_be(kinds::INT)
        {
            return None;
        }
        let code = slot.slot.get() as u8;
        Some((arrays, code, item_of(code)?))
    }

    fn array_place(&mut self, o: Value, k: Value, fb: u32) -> Option<Place> {
        let (arrays, code, item) = self.array_site(o, k, fb)?;
        let array = self.shape(o, arrays.shape);
        let found = match self.state.fact(array, arrays.code) {
            Some(v) => v,
            None => {
                let v = self.push(
                    Op::LoadByte,
                    &[array],
                    arrays.code as i64,
                    Rep::Int,
                    Type::int(0, 255),
                );
                self.set_alias(Alias::Constant);
                self.state.add_fact(array, arrays.code, Alias::Constant, v);
                let wanted = self.constant_int(code as i64);
                let same = self.push(
                    Op::CompareInt,
                    &[v, wanted],
                    Compare::Eq as i64,
                    Rep::Bool,
                    Type::BOOL,
                );
                self.guard_true(same, Reason::Identity);
                self.state.narrow(v, Type::int(code as i64, code as i64));
                v
            }
        };
        // Another code was tested before: one of the two tests always fails.
        if self.known_int(found) != Some(code as i64) {
            return None;
        }
        let i = self.int(k);
        let len = self.load_raw(array, arrays.len, Alias::Array, Type::int(0, MAX_LEN));
        let index = self.bounded(i, len);
        let buffer = self.load_raw(array, arrays.buffer, Alias::Array, Type::RAW);
        Some(Place {
            buffer,
            index,
            item,
        })
    }

    /// The item of an array, if the site is known to meet arrays.
    pub fn array_item(&mut self, o: Value, k: Value, fb: u32) -> Option<Value> {
        let p = self.array_place(o, k, fb)?;
        let args = [p.buffer, p.index];
        let offset = RAW_DATA as i64;
        Some(match p.item {
            Item::Float => {
                let v = self.push(Op::LoadFloatIndexed, &args, offset, Rep::Float, Type::FLOAT);
                self.set_alias(Alias::Numbers);
                v
            }
            Item::Int(bytes, signed) => {
                let bits = 8 * bytes as u32;
                let ty = match (bytes, signed) {
                    (8, _) => Type {
                        low: i64::MIN,
                        high: i64::MAX,
                        ..Type::INT
                    },
                    (_, true) => Type::int(-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
                    (_, false) => Type::int(0, (1 << bits) - 1),
                };
                let v = self.push(Op::LoadSized, &args, offset, Rep::Int, ty);
                self.set_imm2(if signed {
                    -(bytes as i64)
                } else {
                    bytes as i64
                });
                self.set_alias(Alias::Numbers);
                if bytes == 8 {
                    let s = self.state_here(Reason::Overflow);
                    self.push_state(Op::GuardSmall, &[v], 0, Rep::Int, Type::INT, s)
                } else {
                    v
                }
            }
        })
    }

    /// Sets the item of an array; false when the site is not known to meet arrays that take this.
    pub fn set_array_item(&mut self, o: Value, k: Value, v: Value, fb: u32) -> bool {
        let Some((_, _, item)) = self.array_site(o, k, fb) else {
            return false;
        };
        let t = self.ty(v);
        let fits = match item {
            Item::Float => t.may_be(kinds::FLOAT | kinds::INT),
            Item::Int(..) => t.may_be(kinds::INT) && !t.is_float(),
        };
        if !fits {
            return false;
        }
        // The value is converted first, as the general way does.
        let number = match item {
            Item::Float => self.number(v),
            Item::Int(..) => self.int(v),
        };
        let Some(p) = self.array_place(o, k, fb) else {
            return false;
        };
        let args = [p.buffer, p.index, number];
        let offset = RAW_DATA as i64;
        match item {
            Item::Float => {
                self.push(
                    Op::StoreFloatIndexed,
                    &args,
                    offset,
                    Rep::Float,
                    Type::FLOAT,
                );
            }
            Item::Int(bytes, signed) => {
                if bytes < 8 {
                    let bits = 8 * bytes as u32;
                    let bias = if signed { 1i64 << (bits - 1) } else { 0 };
                    let (bias, limit) = (self.constant_int(bias), self.constant_int(1 << bits));
                    let shifted = self.push(Op::Add, &[number, bias], 0, Rep::Int, Type::RAW);
                    let ok = self.push(
                        Op::LessUnsigned,
                        &[shifted, limit],
                        0,
                        Rep::Bool,
                        Type::BOOL,
                    );
                    self.guard_true(ok, Reason::Arithmetic);
                }
                self.push(Op::StoreSized, &args, offset, Rep::Int, Type::RAW);
                self.set_imm2(bytes as i64);
            }
        }
        self.set_alias(Alias::Numbers);
        self.state.clobber(Alias::Numbers);
        true
    }
}
