//! Items of lists, tuples, strings and dicts.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_ssa::graph::Alias;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::feedback::seen;
use taipan_vm::machine::layout as at;
use taipan_vm::types::T;

use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure, shape_of};

/// Lengths are below this.
pub const MAX_LEN: i64 = 1 << 48;

impl Builder<'_> {
    /// Is it known to be an exact instance of a builtin type?
    pub fn is_shape(&self, v: Value, t: T) -> bool {
        let ty = self.ty(v);
        ty.shape == shape_of(t) && ty.within(kinds::OBJECT)
    }

    /// An index within a length: negative ones count from the end; leaves when out of range.
    pub fn bounded(&mut self, i: Value, len: Value) -> Value {
        let t = self.ty(i);
        let index = if t.low >= 0 {
            i
        } else {
            let sum = self.push(Op::Add, &[i, len], 0, Rep::Int, Type::RAW);
            if t.high < 0 {
                sum
            } else {
                let zero = self.constant_int(0);
                let negative = self.push(
                    Op::CompareInt,
                    &[i, zero],
                    Compare::Lt as i64,
                    Rep::Bool,
                    Type::BOOL,
                );
                self.push(Op::Select, &[negative, sum, i], 0, Rep::Int, Type::RAW)
            }
        };
        let ok = self.push(Op::LessUnsigned, &[index, len], 0, Rep::Bool, Type::BOOL);
        self.guard_true(ok, Reason::Index);
        index
    }

    /// Number of items of a list.
    pub fn list_len(&mut self, list: Value) -> Value {
        self.load_raw(list, at::LIST_LEN, Alias::List, Type::int(0, MAX_LEN))
    }

    /// The item of a list at an untagged index that is in range.
    pub fn list_item(&mut self, list: Value, index: Value) -> Value {
        let buffer = self.load_raw(list, at::LIST_BUFFER, Alias::List, Type::RAW);
        let v = self.push(
            Op::LoadIndexed,
            &[buffer, index],
            at::BUFFER_DATA as i64,
            Rep::Tagged,
            Type::ANY,
        );
        self.set_alias(Alias::Items);
        v
    }

    /// `R[a] = R[b][k]`
    pub fn load_subscript(&mut self, a: usize, b: usize, k: Abs, fb: u32) -> Result<Flow, Failure> {
        let v = self.state.get(b);
        let seen_here = self.seen(fb);
        if let (Abs::O(o), Abs::V(k)) = (v, k)
            && self.state.objects[o as usize].kind == ObjectKind::Tuple
            && let Some(i) = self.known_int(k)
        {
            let n = self.state.objects[o as usize].fields.len() as i64;
            let i = if i < 0 { i + n } else { i };
            if (0..n).contains(&i) {
                let f = self.state.objects[o as usize].fields[i as usize];
                self.state.set(a, f);
                return Ok(Flow::Next);
            }
        }
        let o = match v {
            Abs::V(v) => v,
            v => self.tagged(v),
        };
        let key = k;
        // A tuple that was not made is no key for what follows but Python's own `__getitem__`.
        let k = match k {
            Abs::V(k) => k,
            _ => self.constant_unbound(),
        };
        let int_key = self.ty(k).may_be(kinds::INT);
        let may_be_object = self.ty(o).may_be(kinds::OBJECT);
        if seen_here == 0 && self.ty(o).shape == 0 {
            self.leave(Reason::Untaken);
            return Ok(Flow::Ended);
        }
        if !self.is_general()
            && int_key
            && may_be_object
            && (self.is_shape(o, T::List) || seen_here == seen::LIST)
        {
            let list = self.builtin_shape(o, T::List);
            let i = self.int(k);
            let len = self.list_len(list);
            let i = self.bounded(i, len);
            let item = self.list_item(list, i);
            self.state.set(a, Abs::V(item));
            return Ok(Flow::Next);
        }
        if !self.is_general()
            && int_key
            && may_be_object
            && (self.is_shape(o, T::Tuple) || seen_here == seen::TUPLE)
        {
            let t = self.builtin_shape(o, T::Tuple);
            let i = self.int(k);
            let len = self.load_raw(t, at::TUPLE_LEN, Alias::Constant, Type::int(0, MAX_LEN));
            let known = self.known_int(i);
            let i = self.bounded(i, len);
            let item = match known {
                Some(n) if (0..4096).contains(&n) => {
                    let offset = at::TUPLE_ITEMS + 8 * n as i32;
                    match self.state.fact(t, offset) {
                        Some(v) => v,
                        None => {
                            let v =
                                self.push(Op::Load, &[t], offset as i64, Rep::Tagged, Type::ANY);
                            self.set_imm2(1);
                            self.set_alias(Alias::Constant);
                            self.state.add_fact(t, offset, Alias::Constant, v);
                            v
                        }
                    }
                }
                _ => {
                    let v = self.push(
                        Op::LoadIndexed,
                        &[t, i],
                        at::TUPLE_ITEMS as i64,
                        Rep::Tagged,
                        Type::ANY,
                    );
                    self.set_alias(Alias::Constant);
                    v
                }
            };
            self.state.set(a, Abs::V(item));
            return Ok(Flow::Next);
        }
        if !self.is_general()
            && int_key
            && may_be_object
            && (self.is_shape(o, T::Str) || seen_here == seen::STR)
        {
            let c = self.text_subscript(o, k);
            self.state.set(a, Abs::V(c));
            return Ok(Flow::Next);
        }
        if may_be_object && (self.is_shape(o, T::Dict) || seen_here == seen::DICT) {
            let d = self.builtin_shape(o, T::Dict);
            let k = self.tagged(key);
            let r = self.call_helper(Helper::dict_get_item, &[d, k], Type::ANY);
            self.state.set(a, Abs::V(r));
            return Ok(Flow::Next);
        }
        if let Some(item) = self.byte_item(o, k, fb) {
            self.state.set(a, Abs::V(item));
            return Ok(Flow::Next);
        }
        if let Some(item) = self.array_item(o, k, fb) {
            self.state.set(a, Abs::V(item));
            return Ok(Flow::Next);
        }
        let o = self.container_shape(o, fb);
        let key = match key {
            Abs::O(_) => key,
            _ => Abs::V(k),
        };
        if let Some(r) = self.inline_method(o, "__getitem__", &[key])? {
            self.state.set(a, r);
            return Ok(Flow::Next);
        }
        let o = self.tag(o);
        let k = self.tagged(key);
        let r = self.call_helper(Helper::get_item, &[o, k], Type::ANY);
        self.state.set(a, Abs::V(r));
        Ok(Flow::Next)
    }

    /// `R[a][R[b]] = R[c]`
    pub fn store_subscript(
        &mut self,
        a: usize,
        b: usize,
        c: usize,
        fb: u32,
    ) -> Result<Flow, Failure> {
        let (o, k, v) = (self.state.get(a), self.state.get(b), self.state.get(c));
        let seen_here = self.seen(fb);
        let v = match v {
            Abs::V(v) => v,
            v => self.tagged(v),
        };
        let o = match o {
            Abs::V(v) => v,
            v => self.tagged(v),
        };
        let key = self.state.get(b);
        let k = match k {
            Abs::V(k) => k,
            _ => self.constant_unbound(),
        };
        if seen_here == 0 && self.ty(o).shape == 0 {
            self.leave(Reason::Untaken);
            return Ok(Flow::Ended);
        }
        if !self.is_general()
            && self.ty(k).may_be(kinds::INT)
            && self.ty(o).may_be(kinds::OBJECT)
            && (self.is_shape(o, T::List) || seen_here == seen::LIST)
        {
            let list = self.builtin_shape(o, T::List);
            let v = self.tag(v);
            let i = self.int(k);
            let len = self.list_len(list);
            let i = self.bounded(i, len);
            let buffer = self.load_raw(list, at::LIST_BUFFER, Alias::List, Type::RAW);
            self.push(
                Op::StoreIndexed,
                &[buffer, i, v],
                at::BUFFER_DATA as i64,
                Rep::Tagged,
                Type::ANY,
            );
            self.set_alias(Alias::Items);
            self.state.clobber(Alias::Items);
            self.barrier(buffer, v);
            return Ok(Flow::Next);
        }
        if self.ty(o).may_be(kinds::OBJECT)
            && (self.is_shape(o, T::Dict) || seen_here == seen::DICT)
        {
            let d = self.builtin_shape(o, T::Dict);
            let (k, v) = (self.tagged(key), self.tag(v));
            self.call_helper(Helper::dict_set_item, &[d, k, v], Type::RAW);
            return Ok(Flow::Next);
        }
        if self.set_byte_item(o, k, v, fb) || self.set_array_item(o, k, v, fb) {
            return Ok(Flow::Next);
        }
        let o = self.container_shape(o, fb);
        if self.inline_set_item(o, key, Abs::V(v))? {
            return Ok(Flow::Next);
        }
        let (o, k, v) = (self.tag(o), self.tagged(key), self.tag(v));
        self.call_helper(Helper::set_item, &[o, k, v], Type::RAW);
        Ok(Flow::Next)
    }

    /// Where a subscript site saw one shape of objects with `__getitem__` or `__setitem__` in Python,
    /// the container with that shape.
    fn container_shape(&mut self, o: Value, fb: u32) -> Value {
        let ty = self.ty(o);
        let shape = self.seen_shape(fb);
        let instances = taipan_vm::machine::are_instances(self.th, shape);
        if shape == 0
            || ty.shape != 0
            || !ty.may_be(kinds::OBJECT)
            || self.is_general()
            || self.seen(fb) != seen::OTHER
            || !instances
        {
            return o;
        }
        self.shape(o, shape)
    }

    /// `R[a] = R[b][R[c]:R[c+1]]`, or with `R[c+2]` for the step
    pub fn load_slice(
        &mut self,
        a: usize,
        b: usize,
        c: usize,
        stepped: bool,
    ) -> Result<Flow, Failure> {
        let [o, x, y] = [b, c, c + 1].map(|r| self.tagged_register(r));
        let ty = self.ty(o);
        let kept = [T::Str, T::Tuple, T::List, T::Bytes]
            .iter()
            .any(|t| self.is_shape(o, *t));
        let ty = if kept {
            Type::shape(ty.shape)
        } else {
            Type::ANY
        };
        let r = if stepped {
            let z = self.tagged_register(c + 2);
            self.call_helper(Helper::get_stepped_slice, &[o, x, y, z], ty)
        } else {
            self.call_helper(Helper::get_slice, &[o, x, y], ty)
        };
        self.state.set(a, Abs::V(r));
        Ok(Flow::Next)
    }

    /// Unpacks `R[b]` into `count` registers at `a`.
    pub fn unpack(
        &mut self,
        a: usize,
        b: usize,
        count: usize,
        op: taipan_bytecode::opcode::Opcode,
        x: &taipan_bytecode::encode::Operands,
    ) -> Result<Flow, Failure> {
        match self.state.get(b) {
            Abs::O(o)
                if self.state.objects[o as usize].kind == ObjectKind::Tuple
                    && self.state.objects[o as usize].fields.len() == count =>
            {
                for i in 0..count {
                    let f = self.state.objects[o as usize].fields[i];
                    self.state.set(a + i, f);
                }
                return Ok(Flow::Next);
            }
            Abs::V(v) => {
                let shape = match self.ty(v).shape {
                    0 => self.iterated_shape(x.d),
                    s => s,
                };
                if shape == shape_of(T::Tuple) && self.ty(v).may_be(kinds::OBJECT) {
                    let t = self.builtin_shape(v, T::Tuple);
                    let len =
                        self.load_raw(t, at::TUPLE_LEN, Alias::Constant, Type::int(0, MAX_LEN));
                    self.guard_length(len, count);
                    for i in 0..count {
                        let offset = at::TUPLE_ITEMS + 8 * i as i32;
                        let item = match self.state.fact(t, offset) {
                            Some(v) => v,
                            None => {
                                let v = self.push(
                                    Op::Load,
                                    &[t],
                                    offset as i64,
                                    Rep::Tagged,
                                    Type::ANY,
                                );
                                self.set_imm2(1);
                                self.set_alias(Alias::Constant);
                                self.state.add_fact(t, offset, Alias::Constant, v);
                                v
                            }
                        };
                        self.state.set(a + i, Abs::V(item));
                    }
                    return Ok(Flow::Next);
                }
                if shape == shape_of(T::List) && self.ty(v).may_be(kinds::OBJECT) {
                    let l = self.builtin_shape(v, T::List);
                    let len = self.list_len(l);
                    self.guard_length(len, count);
                    let mut items = Vec::with_capacity(count);
                    for i in 0..count {
                        let i = self.constant_int(i as i64);
                        items.push(self.list_item(l, i));
                    }
                    for (i, item) in items.into_iter().enumerate() {
                        self.state.set(a + i, Abs::V(item));
                    }
                    return Ok(Flow::Next);
                }
            }
            _ => {}
        }
        self.step(op, x)
    }

    fn guard_length(&mut self, len: Value, count: usize) {
        let n = self.constant_int(count as i64);
        let ok = self.push(
            Op::CompareInt,
            &[len, n],
            Compare::Eq as i64,
            Rep::Bool,
            Type::BOOL,
        );
        self.guard_true(ok, Reason::Index);
    }
}
