//! Characters of strings, and loops over strings and bytes.
//!
//! # Theory
//! The units of a string never change, nor does their address. Where they are bytes (ASCII and Latin-1),
//! the item at an index is a string from the table of one-character strings, by its byte; so what
//! is asked of such an item (`c == "x"`, `c in "xyz"`, `ord(c)`, `c.isdigit()`) is answered by the
//! byte, which [`Builder::bytes_of`] remembers for each.
//!
//! Deliberately absent: strings with wider units. They are told by a guard, and left to helpers in
//! the general form.

use taipan_abi::resume::{ObjectKind, Reason};
use taipan_ssa::graph::Alias;
use taipan_ssa::insts::Compare;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::machine::CharacterClass;
use taipan_vm::machine::layout as at;
use taipan_vm::types::T;
use taipan_vm::types::str_::Str;

use super::compare::Compared;
use super::state::Abs;
use super::subscript::MAX_LEN;
use super::{Builder, shape_of};

/// Characters of a constant string, up to which `in` compares with each.
const FEW: usize = 8;

impl Builder<'_> {
    /// An exact string whose units are bytes; leaves unless it is one.
    fn narrow_text(&mut self, v: Value) -> Value {
        let s = self.builtin_shape(v, T::Str);
        let (two, ty) = (self.constant_int(2), Type::int(0, 3));
        let width = self.push(Op::LoadByte, &[s], at::STR_WIDTH as i64, Rep::Int, ty);
        self.set_alias(Alias::Constant);
        let (args, ty) = ([width, two], Type::BOOL);
        let ok = self.push(Op::LessUnsigned, &args, 0, Rep::Bool, ty);
        self.guard_true(ok, Reason::Arithmetic);
        s
    }

    /// An iterator over a string, not made; leaves when its units are no bytes.
    pub fn text_iterator(&mut self, v: Value) -> Abs {
        let s = self.narrow_text(v);
        let zero = self.constant_int(0);
        let fields = vec![Abs::V(s), Abs::V(zero)];
        self.state.add_object(ObjectKind::StrIterator, fields)
    }

    /// An iterator over a bytes object, not made.
    pub fn bytes_iterator(&mut self, v: Value) -> Abs {
        let b = self.builtin_shape(v, T::Bytes);
        let zero = self.constant_int(0);
        let fields = vec![Abs::V(b), Abs::V(zero)];
        self.state.add_object(ObjectKind::BytesIterator, fields)
    }

    /// Number of characters of a string.
    pub fn text_len(&mut self, s: Value) -> Value {
        self.load_raw(s, at::STR_LEN, Alias::Constant, Type::int(0, MAX_LEN))
    }

    /// Number of bytes of a bytes object.
    pub fn bytes_len(&mut self, b: Value) -> Value {
        self.load_raw(b, at::BYTES_LEN, Alias::Constant, Type::int(0, MAX_LEN))
    }

    /// The character at an untagged index that is in range, of a string whose units are bytes.
    pub fn text_item(&mut self, s: Value, index: Value) -> Value {
        let units = self.load_raw(s, at::STR_DATA, Alias::Constant, Type::RAW);
        let byte = self.byte_at(units, index, 0);
        self.character(byte)
    }

    /// The byte at an untagged index that is in range.
    pub fn bytes_item(&mut self, b: Value, index: Value) -> Value {
        self.byte_at(b, index, at::BYTES_DATA as i64)
    }

    fn byte_at(&mut self, base: Value, index: Value, offset: i64) -> Value {
        let (args, ty) = ([base, index], Type::int(0, 255));
        let byte = self.push(Op::LoadSized, &args, offset, Rep::Int, ty);
        self.set_imm2(1);
        self.set_alias(Alias::Constant);
        byte
    }

    /// The string of a character below 256.
    fn character(&mut self, byte: Value) -> Value {
        let table = taipan_vm::machine::characters(self.th);
        let table = self.constant_raw_int(table as i64);
        let (args, ty) = ([table, byte], Type::shape(shape_of(T::Str)));
        let c = self.push(Op::LoadIndexed, &args, 0, Rep::Tagged, ty);
        self.set_alias(Alias::Constant);
        self.bytes_of.insert(c, byte);
        c
    }

    /// `s[k]` of an exact string; leaves when the index is out of range or the units are no bytes.
    pub fn text_subscript(&mut self, s: Value, k: Value) -> Value {
        let s = self.narrow_text(s);
        let i = self.int(k);
        let len = self.text_len(s);
        let i = self.bounded(i, len);
        self.text_item(s, i)
    }

    /// The code of a string that is known to have one character below 256.
    fn code_of(&mut self, v: Value) -> Option<Value> {
        if let Some(b) = self.bytes_of.get(&v) {
            return Some(*b);
        }
        let s = self.known(v)?.downcast::<Str>()?;
        match s.len() {
            1 if self.is_shape(v, T::Str) => {
                let c = s.at(0).filter(|c| *c < 256)?;
                Some(self.constant_int(c.into()))
            }
            _ => None,
        }
    }

    /// Compares two strings of one character each, one of which at least is an item; None when they
    /// are not known to be that.
    pub fn compare_characters(&mut self, cc: Compare, x: Value, y: Value) -> Option<Compared> {
        if !self.bytes_of.contains_key(&x) && !self.bytes_of.contains_key(&y) {
            return None;
        }
        let (x, y) = (self.code_of(x)?, self.code_of(y)?);
        Some((self.compare_ints(cc, x, y).0, None))
    }

    /// `c in s` for an item and a short constant string; None for others.
    pub fn is_one_of(&mut self, c: Value, s: Value) -> Option<Value> {
        let byte = *self.bytes_of.get(&c)?;
        let text = self.known(s).filter(|_| self.is_shape(s, T::Str))?;
        let text = text.downcast::<Str>()?;
        if text.len() > FEW {
            return None;
        }
        let mut any = self.constant_bool(false);
        for code in text.code_points().filter(|c| *c < 256) {
            let code = self.constant_int(code.into());
            let (same, _) = self.compare_ints(Compare::Eq, byte, code);
            any = match self.known_truth(any) {
                Some(false) => same,
                _ => self.push(Op::Or, &[any, same], 0, Rep::Bool, Type::BOOL),
            };
        }
        Some(any)
    }

    /// `ord(c)` of a string of one character; None when that is not known.
    pub fn code_point(&mut self, c: &Abs) -> Option<Value> {
        match c {
            Abs::V(c) => self.code_of(*c),
            _ => None,
        }
    }

    /// `chr(i)`; leaves when it is not below 256. None when it is no int, or the general form is wanted.
    pub fn character_of(&mut self, i: &Abs) -> Option<Value> {
        let Abs::V(i) = *i else { return None };
        if self.is_general() || !self.ty(i).is_int() {
            return None;
        }
        let i = self.int(i);
        let ty = self.ty(i);
        if ty.low < 0 || ty.high > 255 {
            let limit = self.constant_int(256);
            let fits = self.push(Op::LessUnsigned, &[i, limit], 0, Rep::Bool, Type::BOOL);
            self.guard_true(fits, Reason::Arithmetic);
        }
        // So that the table is not left even where the guard has not been yet.
        let (last, ty) = (self.constant_int(255), Type::int(0, 255));
        let i = self.push(Op::And, &[i, last], 0, Rep::Int, ty);
        Some(self.character(i))
    }

    /// `c.isdigit()` and its like, of an item; None for others.
    pub fn is_of_class(&mut self, method: &str, c: &Abs) -> Option<Value> {
        let class = CharacterClass::of(method)?;
        let Abs::V(c) = c else { return None };
        let byte = *self.bytes_of.get(c)?;
        let table = taipan_vm::machine::character_classes(self.th);
        let table = self.constant_raw_int(table as i64);
        let classes = self.byte_at(table, byte, 0);
        let (bit, ty) = (self.constant_int(class as i64), Type::int(0, 255));
        let has = self.push(Op::And, &[classes, bit], 0, Rep::Int, ty);
        let zero = self.constant_int(0);
        let (is, _) = self.compare_ints(Compare::Ne, has, zero);
        Some(self.push(Op::TagBool, &[is], 0, Rep::Tagged, Type::BOOL))
    }
}
