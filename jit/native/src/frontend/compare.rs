//! Comparisons and truth.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::Reason;
use taipan_bytecode::encode::Operands;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Terminator, Type, Value};
use taipan_vm::feedback::seen;
use taipan_vm::machine::layout as at;
use taipan_vm::types::T;

use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure, shape_of};

/// A comparison's truth, and the ints it compares.
pub type Compared = (Value, Option<(Compare, Value, Value)>);

impl Builder<'_> {
    /// `R[a] = R[b] op R[c]`
    pub fn compare(
        &mut self,
        cc: Compare,
        a: usize,
        b: usize,
        c: usize,
        fb: u32,
    ) -> Result<Flow, Failure> {
        let (x, y) = (self.state.get(b), self.state.get(c));
        // A comparison of anything may give anything.
        match self.compare_fast(cc, x, y, fb) {
            Some((t, _)) => self.state.set(a, Abs::V(t)),
            None => {
                if let Some(v) = self.inline_compare(cc, x, y)? {
                    self.state.set(a, v);
                    return Ok(Flow::Next);
                }
                let (x, y) = (self.tagged(x), self.tagged(y));
                let n = self.constant_int(cc as i64);
                let v = self.call_helper(Helper::compare, &[n, x, y], Type::ANY);
                self.state.set(a, Abs::V(v));
            }
        }
        Ok(Flow::Next)
    }

    /// `JumpLt` and its like.
    pub fn jump_compare(
        &mut self,
        cc: Compare,
        a: usize,
        imm: Option<i64>,
        x: &Operands,
    ) -> Result<Flow, Failure> {
        let left = self.state.get(a);
        let right = match imm {
            Some(n) => Abs::V(self.constant_int(n)),
            None => self.state.get(x.b as usize),
        };
        if self.seen(x.e) == 0 && !self.statically(left, right) {
            self.leave(Reason::Untaken);
            return Ok(Flow::Ended);
        }
        let (condition, compared) = match self.compare_fast(cc, left, right, x.e) {
            Some(c) => c,
            None => {
                if let Some(v) = self.inline_compare(cc, left, right)? {
                    let t = self.truth_of(v, None)?;
                    (t, None)
                } else {
                    let (l, r) = (self.tagged(left), self.tagged(right));
                    let n = self.constant_int(cc as i64);
                    let v = self.call_helper(Helper::compare_truth, &[n, l, r], Type::RAW);
                    (self.is_two(v), None)
                }
            }
        };
        Ok(Flow::Branch {
            condition,
            sense: x.c != 0,
            target: x.d,
            compared,
        })
    }

    fn statically(&self, x: Abs, y: Abs) -> bool {
        match (x, y) {
            (Abs::V(x), Abs::V(y)) => {
                let (tx, ty) = (self.ty(x), self.ty(y));
                tx.within(kinds::INT | kinds::FLOAT) && ty.within(kinds::INT | kinds::FLOAT)
            }
            _ => false,
        }
    }

    /// Is a helper's answer "true" (2)?
    fn is_two(&mut self, v: Value) -> Value {
        let two = self.constant_raw(2);
        self.push(Op::Same, &[v, two], 0, Rep::Bool, Type::BOOL)
    }

    /// A raw word as a tagged constant, to compare helpers' answers with.
    pub fn constant_raw(&mut self, n: i64) -> Value {
        self.push(Op::Const, &[], n, Rep::Tagged, Type::RAW)
    }

    fn compare_fast(&mut self, cc: Compare, x: Abs, y: Abs, fb: u32) -> Option<Compared> {
        let (Abs::V(x), Abs::V(y)) = (x, y) else {
            return None;
        };
        let seen_here = self.seen(fb);
        let (tx, ty) = (self.ty(x), self.ty(y));
        let number = |t: Type| t.within(kinds::INT | kinds::FLOAT);
        let ints = tx.is_int() && ty.is_int();
        if ints
            || (seen_here == seen::INT
                && tx.may_be(kinds::INT)
                && ty.may_be(kinds::INT)
                && !tx.is_float()
                && !ty.is_float())
        {
            let (x, y) = (self.int(x), self.int(y));
            return Some(self.compare_ints(cc, x, y));
        }
        let floats = (tx.is_float() && number(ty)) || (ty.is_float() && number(tx));
        if floats
            || (seen_here == seen::FLOAT && tx.may_be(kinds::FLOAT) && ty.may_be(kinds::FLOAT))
        {
            // An int beyond 2^53 compares exactly with a float, so only small constants convert.
            let convertible = |b: &Self, v: Value| {
                let t = b.ty(v);
                t.is_float()
                    || (t.is_int() && t.low >= -(1 << 53) && t.high <= 1 << 53)
                    || !t.is_int()
            };
            if convertible(self, x) && convertible(self, y) {
                let conv = |b: &mut Self, v: Value| {
                    if b.ty(v).is_int() {
                        b.number(v)
                    } else {
                        b.float(v)
                    }
                };
                let (f, g) = (conv(self, x), conv(self, y));
                let t = self.push(Op::CompareFloat, &[f, g], cc as i64, Rep::Bool, Type::BOOL);
                return Some((t, None));
            }
        }
        let numeric = seen::INT | seen::FLOAT | seen::MIXED;
        let possible = |t: Type| t.may_be(kinds::INT | kinds::FLOAT);
        if seen_here != 0 && seen_here & !numeric == 0 && possible(tx) && possible(ty) {
            return Some((self.compare_numbers(cc, x, y), None));
        }
        if let Some(c) = self.compare_characters(cc, x, y) {
            return Some(c);
        }
        let str_shape = shape_of(T::Str);
        let strings = seen_here == seen::STR || (tx.shape == str_shape && ty.shape == str_shape);
        if matches!(cc, Compare::Eq | Compare::Ne) && strings {
            let (x, y) = (self.builtin_shape(x, T::Str), self.builtin_shape(y, T::Str));
            let v = self.push(
                Op::CallNumber,
                &[x, y],
                Helper::same_text as i64,
                Rep::Int,
                Type::RAW,
            );
            let zero = self.constant_int(0);
            let cc = if cc == Compare::Eq {
                Compare::Ne
            } else {
                Compare::Eq
            };
            let t = self.push(Op::CompareInt, &[v, zero], cc as i64, Rep::Bool, Type::BOOL);
            return Some((t, None));
        }
        None
    }

    /// Compares ints and floats in any order.
    fn compare_numbers(&mut self, cc: Compare, x: Value, y: Value) -> Value {
        let mixed = |b: &mut Self| {
            let (f, g) = (b.exact_float(x), b.exact_float(y));
            b.push(Op::CompareFloat, &[f, g], cc as i64, Rep::Bool, Type::BOOL)
        };
        if self.ty(x).is_float() || self.ty(y).is_float() {
            return mixed(self);
        }
        let both = self.both_ints(x, y);
        let before = self.state.clone();
        let (yes, no, after) = (
            self.graph.new_block(),
            self.graph.new_block(),
            self.graph.new_block(),
        );
        let (x, y) = (self.tag(x), self.tag(y));
        self.end(Terminator::Branch(both, yes, no));
        self.block = yes;
        let i = self.push(Op::UntagInt, &[x], 0, Rep::Int, Type::INT);
        let j = self.push(Op::UntagInt, &[y], 0, Rep::Int, Type::INT);
        let t = self.push(Op::CompareInt, &[i, j], cc as i64, Rep::Bool, Type::BOOL);
        self.end(Terminator::Jump(after, vec![t]));
        self.block = no;
        let t = mixed(self);
        self.end(Terminator::Jump(after, vec![t]));
        self.block = after;
        self.state = before;
        self.graph.parameter(after, Rep::Bool, Type::BOOL)
    }

    /// A number as a float that compares as the number does; leaves when it is none, or an int that a
    /// float cannot hold.
    fn exact_float(&mut self, v: Value) -> Value {
        let t = self.ty(v);
        let f = self.number(v);
        let small = t.is_int() && t.low >= -(1 << 53) && t.high <= 1 << 53;
        if t.is_float() || small {
            return f;
        }
        let size = self.push(Op::AbsFloat, &[f], 0, Rep::Float, Type::FLOAT);
        let limit = self.constant_float((1u64 << 53) as f64);
        // (The int behind it became the float at it.)
        let cc = Compare::Lt as i64;
        let mut ok = self.push(Op::CompareFloat, &[size, limit], cc, Rep::Bool, Type::BOOL);
        if !t.is_int() {
            let tagged = self.tag(v);
            let int = self.push(Op::IsInt, &[tagged], 0, Rep::Bool, Type::BOOL);
            let yes = self.constant_bool(true);
            ok = self.push(Op::Select, &[int, ok, yes], 0, Rep::Bool, Type::BOOL);
        }
        self.guard_true(ok, Reason::Arithmetic);
        f
    }

    /// Compares two untagged ints.
    pub fn compare_ints(&mut self, cc: Compare, x: Value, y: Value) -> Compared {
        let (tx, ty) = (self.ty(x), self.ty(y));
        let known = match cc {
            Compare::Lt if tx.high < ty.low => Some(true),
            Compare::Lt if tx.low >= ty.high => Some(false),
            Compare::Le if tx.high <= ty.low => Some(true),
            Compare::Le if tx.low > ty.high => Some(false),
            Compare::Gt if tx.low > ty.high => Some(true),
            Compare::Gt if tx.high <= ty.low => Some(false),
            Compare::Ge if tx.low >= ty.high => Some(true),
            Compare::Ge if tx.high < ty.low => Some(false),
            Compare::Eq if tx.low == tx.high && tx.low == ty.low && ty.low == ty.high => Some(true),
            Compare::Eq if tx.high < ty.low || ty.high < tx.low => Some(false),
            Compare::Ne if tx.high < ty.low || ty.high < tx.low => Some(true),
            _ => None,
        };
        if let Some(b) = known {
            return (self.constant_bool(b), None);
        }
        let t = self.push(Op::CompareInt, &[x, y], cc as i64, Rep::Bool, Type::BOOL);
        (t, Some((cc, x, y)))
    }

    /// `R[b] is R[c]`
    pub fn is(&mut self, b: usize, c: usize) -> Value {
        let (x, y) = (self.state.get(b), self.state.get(c));
        if let Some(o) = self.known_abs(y) {
            return self.is_object(x, o);
        }
        if let Some(o) = self.known_abs(x) {
            return self.is_object(y, o);
        }
        match (x, y) {
            (Abs::O(a), Abs::O(b)) => self.constant_bool(a == b),
            (Abs::O(_), _) | (_, Abs::O(_)) => self.constant_bool(false),
            (x, y) if x == y => self.constant_bool(true),
            _ => {
                let (x, y) = (self.tagged(x), self.tagged(y));
                self.push(Op::Same, &[x, y], 0, Rep::Bool, Type::BOOL)
            }
        }
    }

    /// `R[b] in R[c]`
    pub fn contains(&mut self, b: usize, c: usize, _fb: u32) -> Result<Value, Failure> {
        let (x, y) = (self.state.get(b), self.state.get(c));
        let (x, y) = (self.tagged(x), self.tagged(y));
        if let Some(v) = self.is_one_of(x, y) {
            return Ok(v);
        }
        let v = self.call_helper(Helper::contains, &[x, y], Type::RAW);
        Ok(self.is_two(v))
    }

    /// The truth of a value. `fb`: the slot of the jump, which knows whether it was ever something
    /// else than a bool or None.
    pub fn truth_of(&mut self, a: Abs, fb: Option<u32>) -> Result<Value, Failure> {
        let v = match a {
            Abs::Unbound => self.tagged(a),
            Abs::O(o) => {
                use taipan_abi::resume::ObjectKind;
                match self.state.objects[o as usize].kind {
                    ObjectKind::Tuple => {
                        let n = self.state.objects[o as usize].fields.len();
                        return Ok(self.constant_bool(n > 0));
                    }
                    ObjectKind::BoundMethod => return Ok(self.constant_bool(true)),
                    _ => self.materialize(o),
                }
            }
            Abs::V(v) => v,
        };
        if let Some(o) = self.known(v) {
            let th = &self.th;
            if o.is(th.bool(true)) {
                return Ok(self.constant_bool(true));
            }
            if o.is(th.bool(false)) || o.is(th.none()) {
                return Ok(self.constant_bool(false));
            }
        }
        let ty = self.ty(v);
        match self.graph.rep(v) {
            Rep::Bool => return Ok(v),
            Rep::Int => {
                let zero = self.constant_int(0);
                return Ok(self.compare_ints(Compare::Ne, v, zero).0);
            }
            Rep::Float => {
                let zero = self.constant_float(0.0);
                return Ok(self.push(
                    Op::CompareFloat,
                    &[v, zero],
                    Compare::Ne as i64,
                    Rep::Bool,
                    Type::BOOL,
                ));
            }
            Rep::Tagged => {}
        }
        if ty.is_int() {
            let i = self.int(v);
            let zero = self.constant_int(0);
            return Ok(self.compare_ints(Compare::Ne, i, zero).0);
        }
        if ty.is_float() {
            let f = self.float(v);
            return self.truth_of(Abs::V(f), fb);
        }
        if ty.within(kinds::BOOL) {
            return Ok(self.push(Op::UntagBool, &[v], 0, Rep::Bool, Type::BOOL));
        }
        if ty.within(kinds::NONE) {
            return Ok(self.constant_bool(false));
        }
        let seen_here = fb.map(|f| (self.seen(f), self.seen_shape(f)));
        if let Some((0, _)) = seen_here {
            // Only bools and None were seen.
            let yes = self.th.bool(true);
            let t = self.is_object(Abs::V(v), yes);
            let (no, none) = (self.th.bool(false), self.th.none());
            let (f, n) = (
                self.is_object(Abs::V(v), no),
                self.is_object(Abs::V(v), none),
            );
            let any = self.push(Op::Or, &[t, f], 0, Rep::Bool, Type::BOOL);
            let any = self.push(Op::Or, &[any, n], 0, Rep::Bool, Type::BOOL);
            self.guard_true(any, Reason::Shape);
            return Ok(t);
        }
        let int_shape = shape_of(T::Int);
        if let Some((_, shape)) = seen_here
            && shape != 0
            && shape != u32::MAX
        {
            if shape == int_shape && ty.may_be(kinds::INT) {
                return Ok(self.truth_of_plain(v));
            }
            if shape == shape_of(T::Float) && ty.may_be(kinds::FLOAT) {
                let f = self.float(v);
                return self.truth_of(Abs::V(f), fb);
            }
            let length = if shape == shape_of(T::List) {
                Some((at::LIST_LEN, taipan_ssa::graph::Alias::List))
            } else if shape == shape_of(T::Tuple) {
                Some((at::TUPLE_LEN, taipan_ssa::graph::Alias::Constant))
            } else if shape == shape_of(T::Str) {
                Some((at::STR_LEN, taipan_ssa::graph::Alias::Constant))
            } else if shape == shape_of(T::Dict) {
                Some((at::DICT_LEN, taipan_ssa::graph::Alias::Dict))
            } else {
                None
            };
            if let Some((offset, alias)) = length
                && ty.may_be(kinds::OBJECT)
            {
                let o = self.shape(v, shape);
                let n = self.load_raw(o, offset, alias, Type::int(0, 1 << 48));
                let zero = self.constant_int(0);
                return Ok(self.compare_ints(Compare::Ne, n, zero).0);
            }
            if ty.may_be(kinds::OBJECT)
                && taipan_vm::machine::always_true(self.th, shape)
                && let Some(a) = taipan_vm::machine::class_assumption(self.th, shape)
            {
                {
                    self.assume(a);
                    if !ty.may_be(kinds::NONE | kinds::BOOL | kinds::INT | kinds::FLOAT) {
                        self.shape(v, shape);
                        return Ok(self.constant_bool(true));
                    }
                    // None or False, or an object of this shape.
                    let (none, no) = (self.th.none(), self.th.bool(false));
                    let n = self.is_object(Abs::V(v), none);
                    let f = self.is_object(Abs::V(v), no);
                    let n = self.push(Op::Or, &[n, f], 0, Rep::Bool, Type::BOOL);
                    let t = self.tag(v);
                    let fits = self.push(Op::HasShape, &[t], shape as i64, Rep::Bool, Type::BOOL);
                    self.set_alias(taipan_ssa::graph::Alias::Shape);
                    let any = self.push(Op::Or, &[n, fits], 0, Rep::Bool, Type::BOOL);
                    self.guard_true(any, Reason::Shape);
                    return Ok(fits);
                }
            }
        }
        let v = self.tag(v);
        let r = self.call_helper(Helper::truth, &[v], Type::RAW);
        Ok(self.is_two(r))
    }

    /// The truth of a small int, bool or None; leaves when it is something else.
    fn truth_of_plain(&mut self, v: Value) -> Value {
        let t = self.tag(v);
        let int = self.push(Op::IsInt, &[t], 0, Rep::Bool, Type::BOOL);
        let (yes, no, none) = (self.th.bool(true), self.th.bool(false), self.th.none());
        let zero = taipan_vm::Value::try_int(0).unwrap_or(none);
        let is = |b: &mut Self, o: taipan_vm::Value| b.is_object(Abs::V(t), o);
        let (yes, no, none, zero) = (is(self, yes), is(self, no), is(self, none), is(self, zero));
        let or = |b: &mut Self, x, y| b.push(Op::Or, &[x, y], 0, Rep::Bool, Type::BOOL);
        let nothing = or(self, no, none);
        let bools = or(self, nothing, yes);
        let any = or(self, bools, int);
        self.guard_true(any, Reason::NotInt);
        let empty = or(self, nothing, zero);
        self.not(empty)
    }
}
