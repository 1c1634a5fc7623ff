//! Arithmetic.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::Reason;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::{INT_MAX, INT_MIN, kinds};
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::feedback::seen;
use taipan_vm::protocol::arith::BinaryOp;

use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure};

impl Builder<'_> {
    /// `R[a] = R[b] op R[c]`
    pub fn binary(
        &mut self,
        op: BinaryOp,
        inplace: bool,
        a: usize,
        b: usize,
        c: usize,
        fb: u32,
    ) -> Result<Flow, Failure> {
        let (x, y) = (self.state.get(b), self.state.get(c));
        let r = self.arithmetic(op, inplace, x, y, fb)?;
        match r {
            Some(v) => {
                self.state.set(a, v);
                Ok(Flow::Next)
            }
            None => Ok(Flow::Ended),
        }
    }

    /// `R[a] = R[b] op imm`
    pub fn binary_int(
        &mut self,
        op: BinaryOp,
        inplace: bool,
        a: usize,
        b: usize,
        imm: i64,
        fb: u32,
    ) -> Result<Flow, Failure> {
        let x = self.state.get(b);
        let y = Abs::V(self.constant_int(imm));
        match self.arithmetic(op, inplace, x, y, fb)? {
            Some(v) => {
                self.state.set(a, v);
                Ok(Flow::Next)
            }
            None => Ok(Flow::Ended),
        }
    }

    fn value_of(&mut self, a: Abs) -> Value {
        match a {
            Abs::V(v) => v,
            a => self.tagged(a),
        }
    }

    /// The result of an operator on two values; None when the code ended here.
    pub fn arithmetic(
        &mut self,
        op: BinaryOp,
        inplace: bool,
        x: Abs,
        y: Abs,
        fb: u32,
    ) -> Result<Option<Abs>, Failure> {
        let (x, y) = (self.value_of(x), self.value_of(y));
        let seen_here = self.seen(fb);
        let (tx, ty) = (self.ty(x), self.ty(y));
        let none_yet = seen_here == 0;
        let int_possible = |t: Type| t.may_be(kinds::INT);
        let float_possible = |t: Type| t.may_be(kinds::FLOAT);
        if none_yet && !(tx.is_int() && ty.is_int()) && !(tx.is_float() && ty.is_float()) {
            // Never run.
            if !tx.within(kinds::INT | kinds::FLOAT) || !ty.within(kinds::INT | kinds::FLOAT) {
                self.leave(Reason::Untaken);
                return Ok(None);
            }
        }
        let floats = tx.is_float() || ty.is_float();
        let wants_int =
            seen_here & !(seen::INT | seen::OVERFLOW) == 0 || (tx.is_int() && ty.is_int());
        if wants_int && int_possible(tx) && int_possible(ty) && !floats {
            let overflow = seen_here & seen::OVERFLOW != 0 || self.is_general();
            if let Some(v) = self.int_arithmetic(op, x, y, overflow)? {
                return Ok(Some(v));
            }
            return self.general_arithmetic(op, inplace, x, y).map(Some);
        }
        let only_floats = seen_here & !(seen::FLOAT | seen::MIXED) == 0 && seen_here != 0;
        let number = |t: Type| t.within(kinds::INT | kinds::FLOAT);
        if (floats && (only_floats || (number(tx) && number(ty))))
            || (only_floats
                && float_possible(tx)
                && float_possible(ty)
                && seen_here & seen::MIXED == 0)
            || (only_floats && (tx.is_int() || ty.is_int()) && seen_here == seen::MIXED)
        {
            let possible = |t: Type| t.may_be(kinds::INT | kinds::FLOAT);
            if possible(tx) && possible(ty) {
                if let Some(v) = self.float_arithmetic(op, x, y, seen_here)? {
                    return Ok(Some(v));
                }
                return self.general_arithmetic(op, inplace, x, y).map(Some);
            }
        }
        let numeric = seen::INT | seen::FLOAT | seen::MIXED | seen::OVERFLOW;
        let possible = |t: Type| t.may_be(kinds::INT | kinds::FLOAT);
        if seen_here != 0 && seen_here & !numeric == 0 && possible(tx) && possible(ty) {
            let ints = seen_here & (seen::INT | seen::OVERFLOW) != 0;
            if let Some(v) = self.number_arithmetic(op, x, y, ints, seen_here)? {
                return Ok(Some(v));
            }
        }
        let x = if seen_here == seen::OTHER && !self.is_general() {
            self.instance_operand(x, fb)
        } else {
            x
        };
        self.general_arithmetic(op, inplace, x, y).map(Some)
    }

    /// The left operand with the shape that was seen, where that is one of instances of classes made in
    /// Python.
    fn instance_operand(&mut self, x: Value, fb: u32) -> Value {
        let (t, shape) = (self.ty(x), self.seen_shape(fb));
        let unknown = t.shape == 0 && t.may_be(kinds::OBJECT);
        if unknown && taipan_vm::machine::are_instances(self.th, shape) {
            self.shape(x, shape)
        } else {
            x
        }
    }

    /// Are two values, neither of which is known to be a float, both small ints?
    pub fn both_ints(&mut self, x: Value, y: Value) -> Value {
        let mut all = None;
        for v in [x, y] {
            if self.ty(v).is_int() {
                continue;
            }
            let t = self.tag(v);
            let is = self.push(Op::IsInt, &[t], 0, Rep::Bool, Type::BOOL);
            all = Some(match all {
                None => is,
                Some(c) => {
                    let no = self.constant_bool(false);
                    self.push(Op::Select, &[c, is, no], 0, Rep::Bool, Type::BOOL)
                }
            });
        }
        match all {
            Some(c) => c,
            None => self.constant_bool(true),
        }
    }

    /// Ints and floats in any order. Without `ints` never two ints: then the result is a float.
    fn number_arithmetic(
        &mut self,
        op: BinaryOp,
        x: Value,
        y: Value,
        ints: bool,
        seen_here: u8,
    ) -> Result<Option<Abs>, Failure> {
        let simple = matches!(
            op,
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::TrueDiv
        );
        if !simple {
            return Ok(None);
        }
        if self.ty(x).is_float() || self.ty(y).is_float() {
            return self.float_arithmetic(op, x, y, seen::MIXED);
        }
        let both = self.both_ints(x, y);
        if !ints {
            let no = self.push(Op::Not, &[both], 0, Rep::Bool, Type::BOOL);
            self.guard_true(no, Reason::NotFloat);
            return self.float_arithmetic(op, x, y, seen::MIXED);
        }
        let overflow = seen_here & seen::OVERFLOW != 0;
        let dst = self.destination;
        let r = self.part(
            2,
            dst,
            |_, i| (i == 0).then_some(both),
            |b, i| {
                let r = if i == 0 {
                    let (x, y) = (b.as_int_here(x), b.as_int_here(y));
                    b.int_arithmetic(op, x, y, overflow)?
                } else {
                    b.float_arithmetic(op, x, y, seen::MIXED)?
                };
                match r {
                    Some(v) => Ok(Some(v)),
                    None => b.general_arithmetic(op, false, x, y).map(Some),
                }
            },
        )?;
        Ok(r)
    }

    /// A value that was tested to be a small int.
    fn as_int_here(&mut self, v: Value) -> Value {
        if self.ty(v).is_int() {
            return v;
        }
        let t = self.tag(v);
        self.push(Op::Retype, &[t], 0, Rep::Tagged, Type::INT)
    }

    fn general_arithmetic(
        &mut self,
        op: BinaryOp,
        inplace: bool,
        x: Value,
        y: Value,
    ) -> Result<Abs, Failure> {
        if let Some(v) = self.inline_dunder(op, inplace, x, y)? {
            return Ok(v);
        }
        let (x, y) = (self.tag(x), self.tag(y));
        let n = self.constant_int(op as i64);
        let h = if inplace {
            Helper::inplace
        } else {
            Helper::binary
        };
        // Strings stay strings.
        let str_shape = super::shape_of(taipan_vm::types::T::Str);
        let ty = if op == BinaryOp::Add
            && self.ty(x).shape == str_shape
            && self.ty(y).shape == str_shape
        {
            Type::shape(str_shape)
        } else {
            Type::ANY
        };
        Ok(Abs::V(self.call_helper(h, &[n, x, y], ty)))
    }

    /// The result of an int operation, which fits a small int or the code leaves.
    fn small(&mut self, v: Value, low: i128, high: i128) -> Value {
        if low >= INT_MIN as i128 && high <= INT_MAX as i128 {
            return v;
        }
        let s = self.state_here(Reason::Overflow);
        let ty = Type::int(
            low.max(INT_MIN as i128) as i64,
            high.min(INT_MAX as i128) as i64,
        );
        self.push_state(Op::GuardSmall, &[v], 0, Rep::Int, ty, s)
    }

    fn int_result(&mut self, op: Op, x: Value, y: Value, low: i128, high: i128) -> Value {
        let ty = Type {
            kinds: kinds::INT,
            shape: 0,
            shapes: 0,
            low: low.max(i64::MIN as i128) as i64,
            high: high.min(i64::MAX as i128) as i64,
        };
        self.push(op, &[x, y], 0, Rep::Int, ty)
    }

    /// The result of an operator on two small ints; leaves when they are none, or when the result is none
    /// and was none before (`overflow`: it was). None where the operator is left to a helper.
    pub fn int_arithmetic(
        &mut self,
        op: BinaryOp,
        x: Value,
        y: Value,
        overflow: bool,
    ) -> Result<Option<Abs>, Failure> {
        if matches!(op, BinaryOp::MatMul | BinaryOp::DivMod) {
            return Ok(None);
        }
        if op == BinaryOp::Pow {
            return self.int_power(x, y);
        }
        let (x, y) = (self.int(x), self.int(y));
        let (tx, ty) = (self.ty(x), self.ty(y));
        let (xl, xh, yl, yh) = (
            tx.low as i128,
            tx.high as i128,
            ty.low as i128,
            ty.high as i128,
        );
        if let (Some(i), Some(j)) = (self.known_int(x), self.known_int(y)) {
            let r = match op {
                BinaryOp::Add => Some(i as i128 + j as i128),
                BinaryOp::Sub => Some(i as i128 - j as i128),
                BinaryOp::Mul => Some(i as i128 * j as i128),
                _ => None,
            };
            if let Some(r) = r
                && (INT_MIN as i128..=INT_MAX as i128).contains(&r)
            {
                return Ok(Some(Abs::V(self.constant_int(r as i64))));
            }
        }
        let v = match op {
            BinaryOp::Add | BinaryOp::Sub => {
                let (opcode, low, high) = if op == BinaryOp::Add {
                    (Op::Add, xl + yl, xh + yh)
                } else {
                    (Op::Sub, xl - yh, xh - yl)
                };
                let r = self.int_result(opcode, x, y, low, high);
                if overflow && (low < INT_MIN as i128 || high > INT_MAX as i128) {
                    return Ok(Some(Abs::V(self.push(
                        Op::TagWide,
                        &[r],
                        0,
                        Rep::Tagged,
                        Type::of(kinds::INT | kinds::OBJECT),
                    ))));
                }
                self.small(r, low, high)
            }
            BinaryOp::Mul => {
                let products = [xl * yl, xl * yh, xh * yl, xh * yh];
                let low = products.iter().copied().fold(i128::MAX, i128::min);
                let high = products.iter().copied().fold(i128::MIN, i128::max);
                if low >= INT_MIN as i128 && high <= INT_MAX as i128 {
                    self.int_result(Op::Mul, x, y, low, high)
                } else if overflow {
                    return Ok(None);
                } else {
                    let s = self.state_here(Reason::Overflow);
                    self.push_state(Op::MulChecked, &[x, y], 0, Rep::Int, Type::INT, s)
                }
            }
            BinaryOp::And => {
                let (low, high) = if xl >= 0 || yl >= 0 {
                    let high = match (xl >= 0, yl >= 0) {
                        (true, true) => xh.min(yh),
                        (true, false) => xh,
                        _ => yh,
                    };
                    (0, high)
                } else {
                    (INT_MIN as i128, xh.max(yh).max(-1))
                };
                self.int_result(Op::And, x, y, low, high)
            }
            BinaryOp::Or | BinaryOp::Xor => {
                let opcode = if op == BinaryOp::Or { Op::Or } else { Op::Xor };
                let (low, high) = if xl >= 0 && yl >= 0 {
                    let bits = 64 - (xh.max(yh) as i64).leading_zeros();
                    (0, (1i128 << bits.min(61)) - 1)
                } else {
                    (INT_MIN as i128, INT_MAX as i128)
                };
                self.int_result(opcode, x, y, low, high)
            }
            BinaryOp::LShift => {
                if overflow {
                    return Ok(None);
                }
                if yl < 0 || yh > 61 {
                    let limit = self.constant_int(62);
                    let ok = self.push(Op::LessUnsigned, &[y, limit], 0, Rep::Bool, Type::BOOL);
                    self.guard_true(ok, Reason::Arithmetic);
                }
                let shift = yh.clamp(0, 61) as u32;
                let (low, high) = ((xl << shift).min(xl), (xh << shift).max(xh));
                if low >= INT_MIN as i128 && high <= INT_MAX as i128 {
                    self.int_result(Op::Shl, x, y, low, high)
                } else {
                    // It fits when shifting back gives the same.
                    let r = self.int_result(Op::Shl, x, y, i64::MIN as i128, i64::MAX as i128);
                    let back = self.push(Op::Shr, &[r, y], 0, Rep::Int, Type::RAW);
                    let same = self.push(
                        Op::CompareInt,
                        &[back, x],
                        Compare::Eq as i64,
                        Rep::Bool,
                        Type::BOOL,
                    );
                    self.guard_true(same, Reason::Overflow);
                    self.small(r, i64::MIN as i128, i64::MAX as i128)
                }
            }
            BinaryOp::RShift => {
                if yl < 0 {
                    let zero = self.constant_int(0);
                    let ok = self.push(
                        Op::CompareInt,
                        &[y, zero],
                        Compare::Ge as i64,
                        Rep::Bool,
                        Type::BOOL,
                    );
                    self.guard_true(ok, Reason::Arithmetic);
                }
                let y = if yh > 63 {
                    let limit = self.constant_int(63);
                    let small = self.push(
                        Op::CompareInt,
                        &[y, limit],
                        Compare::Lt as i64,
                        Rep::Bool,
                        Type::BOOL,
                    );
                    self.push(
                        Op::Select,
                        &[small, y, limit],
                        0,
                        Rep::Int,
                        Type::int(0, 63),
                    )
                } else {
                    y
                };
                let shift = yl.clamp(0, 63) as u32;
                let (low, high) = (
                    if xl < 0 { xl >> shift } else { 0 },
                    if xh < 0 { -1 } else { xh >> shift },
                );
                self.int_result(Op::Shr, x, y, low, high)
            }
            BinaryOp::FloorDiv | BinaryOp::Mod => {
                if yl <= 0 && yh >= 0 {
                    let zero = self.constant_int(0);
                    let ok = self.push(
                        Op::CompareInt,
                        &[y, zero],
                        Compare::Ne as i64,
                        Rep::Bool,
                        Type::BOOL,
                    );
                    self.guard_true(ok, Reason::Arithmetic);
                }
                if op == BinaryOp::FloorDiv {
                    // Only the smallest int by -1 does not fit.
                    let (low, high) = if yl > 0 {
                        (xl.min(0), xh.max(0).max(xl))
                    } else {
                        (INT_MIN as i128, INT_MAX as i128 + 1)
                    };
                    let r = self.int_result(Op::FloorDiv, x, y, low.min(-1), high);
                    self.small(r, low.min(-1), high)
                } else {
                    let (low, high) = if yl > 0 {
                        (0, yh - 1)
                    } else if yh < 0 {
                        (yl + 1, 0)
                    } else {
                        (yl.min(0), yh.max(0))
                    };
                    self.int_result(Op::FloorMod, x, y, low, high)
                }
            }
            BinaryOp::TrueDiv => {
                let exact = |l: i128, h: i128| l >= -(1 << 53) && h <= 1 << 53;
                for (v, l, h) in [(x, xl, xh), (y, yl, yh)] {
                    if !exact(l, h) {
                        // |v| ≤ 2^53, by one unsigned comparison.
                        let bias = self.constant_int(1 << 53);
                        let limit = self.constant_int((1 << 54) + 1);
                        let sum = self.push(Op::Add, &[v, bias], 0, Rep::Int, Type::RAW);
                        let ok =
                            self.push(Op::LessUnsigned, &[sum, limit], 0, Rep::Bool, Type::BOOL);
                        self.guard_true(ok, Reason::Arithmetic);
                    }
                }
                if yl <= 0 && yh >= 0 {
                    let zero = self.constant_int(0);
                    let ok = self.push(
                        Op::CompareInt,
                        &[y, zero],
                        Compare::Ne as i64,
                        Rep::Bool,
                        Type::BOOL,
                    );
                    self.guard_true(ok, Reason::Arithmetic);
                }
                let (f, g) = (self.int_to_float(x), self.int_to_float(y));
                self.push(Op::DivFloat, &[f, g], 0, Rep::Float, Type::FLOAT)
            }
            _ => return Ok(None),
        };
        Ok(Some(Abs::V(v)))
    }

    fn int_power(&mut self, x: Value, y: Value) -> Result<Option<Abs>, Failure> {
        if self.known_int(y) == Some(2) {
            let x = self.int(x);
            let s = self.state_here(Reason::Overflow);
            let v = self.push_state(
                Op::MulChecked,
                &[x, x],
                0,
                Rep::Int,
                Type::int(0, INT_MAX),
                s,
            );
            return Ok(Some(Abs::V(v)));
        }
        Ok(None)
    }

    fn float_arithmetic(
        &mut self,
        op: BinaryOp,
        x: Value,
        y: Value,
        seen_here: u8,
    ) -> Result<Option<Abs>, Failure> {
        if matches!(
            op,
            BinaryOp::MatMul
                | BinaryOp::LShift
                | BinaryOp::RShift
                | BinaryOp::And
                | BinaryOp::Or
                | BinaryOp::Xor
                | BinaryOp::DivMod
        ) {
            return Ok(None);
        }
        // One of them must be a float, or the result is none.
        let (tx, ty) = (self.ty(x), self.ty(y));
        let lone = !tx.is_float() && !ty.is_float() && (tx.is_int() || ty.is_int());
        let convert = |b: &mut Self, v: Value| {
            if (seen_here == seen::FLOAT || lone) && !b.ty(v).is_int() {
                b.float(v)
            } else {
                b.number(v)
            }
        };
        if op == BinaryOp::Pow
            && let Some(n) = self.known_int(y)
            && n == 2
        {
            let f = convert(self, x);
            return Ok(Some(Abs::V(self.push(
                Op::MulFloat,
                &[f, f],
                0,
                Rep::Float,
                Type::FLOAT,
            ))));
        }
        let (f, g) = (convert(self, x), convert(self, y));
        let simple = match op {
            BinaryOp::Add => Some(Op::AddFloat),
            BinaryOp::Sub => Some(Op::SubFloat),
            BinaryOp::Mul => Some(Op::MulFloat),
            _ => None,
        };
        if let Some(o) = simple {
            return Ok(Some(Abs::V(self.push(
                o,
                &[f, g],
                0,
                Rep::Float,
                Type::FLOAT,
            ))));
        }
        if op == BinaryOp::Pow {
            let ok = self.push(
                Op::CallNumber,
                &[f, g],
                Helper::float_pow as i64,
                Rep::Int,
                Type::RAW,
            );
            let zero = self.constant_int(0);
            let ok = self.push(
                Op::CompareInt,
                &[ok, zero],
                Compare::Ne as i64,
                Rep::Bool,
                Type::BOOL,
            );
            self.guard_true(ok, Reason::Arithmetic);
            return Ok(Some(Abs::V(self.push(
                Op::SecondFloat,
                &[],
                0,
                Rep::Float,
                Type::FLOAT,
            ))));
        }
        // Division by zero raises.
        let known = self
            .graph
            .definition(g)
            .and_then(|i| (i.op == Op::ConstFloat).then(|| f64::from_bits(i.imm as u64)));
        if known.is_none_or(|k| k == 0.0) {
            let zero = self.constant_float(0.0);
            let ok = self.push(
                Op::CompareFloat,
                &[g, zero],
                Compare::Ne as i64,
                Rep::Bool,
                Type::BOOL,
            );
            self.guard_true(ok, Reason::Arithmetic);
        }
        let v = match op {
            BinaryOp::TrueDiv => self.push(Op::DivFloat, &[f, g], 0, Rep::Float, Type::FLOAT),
            BinaryOp::FloorDiv | BinaryOp::Mod => {
                let h = if op == BinaryOp::Mod {
                    Helper::float_mod
                } else {
                    Helper::float_floor_div
                };
                self.push(Op::CallFloat, &[f, g], h as i64, Rep::Float, Type::FLOAT)
            }
            _ => return Ok(None),
        };
        Ok(Some(Abs::V(v)))
    }

    /// `R[a] = -R[b]`
    pub fn negate(&mut self, a: usize, b: usize, fb: Option<u32>) -> Result<Flow, Failure> {
        let x = self.state.get(b);
        let x = self.value_of(x);
        let seen_here = fb.map_or(0, |f| self.seen(f));
        let ty = self.ty(x);
        let v = if ty.is_float() || (seen_here == seen::FLOAT && ty.may_be(kinds::FLOAT)) {
            let f = self.float(x);
            self.push(Op::NegFloat, &[f], 0, Rep::Float, Type::FLOAT)
        } else if ty.is_int() || (seen_here == seen::INT && ty.may_be(kinds::INT)) {
            let i = self.int(x);
            let t = self.ty(i);
            let zero = self.constant_int(0);
            let (low, high) = (-(t.high as i128), -(t.low as i128));
            let r = self.int_result(Op::Sub, zero, i, low, high);
            self.small(r, low, high)
        } else {
            let t = self.tag(x);
            let which = self.constant_int(0);
            self.call_helper(Helper::unary, &[which, t], Type::ANY)
        };
        self.state.set(a, Abs::V(v));
        Ok(Flow::Next)
    }

    /// `R[a] = +R[b]`
    pub fn unary_plus(&mut self, a: usize, b: usize) -> Result<Flow, Failure> {
        let x = self.state.get(b);
        let x = self.value_of(x);
        let ty = self.ty(x);
        let v = if ty.is_int() || ty.is_float() {
            x
        } else {
            let t = self.tag(x);
            let which = self.constant_int(1);
            self.call_helper(Helper::unary, &[which, t], Type::ANY)
        };
        self.state.set(a, Abs::V(v));
        Ok(Flow::Next)
    }

    /// `R[a] = ~R[b]`
    pub fn invert(&mut self, a: usize, b: usize) -> Result<Flow, Failure> {
        let x = self.state.get(b);
        let x = self.value_of(x);
        let v = if self.ty(x).is_int() {
            let i = self.int(x);
            let ones = self.constant_int(-1);
            self.push(Op::Xor, &[i, ones], 0, Rep::Int, Type::INT)
        } else {
            let t = self.tag(x);
            let which = self.constant_int(2);
            self.call_helper(Helper::unary, &[which, t], Type::ANY)
        };
        self.state.set(a, Abs::V(v));
        Ok(Flow::Next)
    }

    /// `not` of a truth.
    pub fn not(&mut self, t: Value) -> Value {
        match self.known_truth(t) {
            Some(b) => self.constant_bool(!b),
            None => self.push(Op::Not, &[t], 0, Rep::Bool, Type::BOOL),
        }
    }
}
