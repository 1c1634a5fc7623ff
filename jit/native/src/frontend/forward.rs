//! Arguments that are handed on: `f(*args, **kwargs)`.
//!
//! The tuple and the dict that a call collects for `*args` and `**kwargs` are not made when the
//! callee is walked into; where it only hands them on, the call behind has its arguments as if they
//! stood there. So a decorator's wrapper costs nothing. A dict that is not made
//! ([`ObjectKind::Dict`]) has constant strings as its keys, all different, and whoever does
//! anything else with it makes it.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::ObjectKind;
use taipan_bytecode::access::for_each_access;
use taipan_bytecode::encode::{Operands, decode};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::flags;
use taipan_ssa::Type;
use taipan_vm::object::Gc;
use taipan_vm::types::T;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;

use super::call::{Arguments, Called};
use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure, shape_of};

/// Pairs of the largest dict that is not made.
const MAX_PAIRS: usize = 16;
/// Instructions in which the arguments of a call are collected.
const MAX_COLLECTING: usize = 40;

impl Builder<'_> {
    /// The fields of an object that was not made, if it is of this kind.
    fn removed(&self, a: Abs, kind: ObjectKind) -> Option<Vec<Abs>> {
        let Abs::O(o) = a else { return None };
        let object = &self.state.objects[o as usize];
        (object.kind == kind).then(|| object.fields.clone())
    }

    /// A dict with these keys and values that is not made; None if the keys are not known to be
    /// different strings.
    pub fn removed_dict(&mut self, fields: Vec<Abs>) -> Option<Abs> {
        let mut keys: Vec<Gc<Str>> = Vec::new();
        for key in fields.iter().step_by(2) {
            let key = self.known_abs(*key)?;
            if !self.th.is_exact(key, T::Str) {
                return None;
            }
            let key = key.downcast::<Str>()?;
            if keys.iter().any(|k| k.same_text(&key)) {
                return None;
            }
            keys.push(key);
        }
        (keys.len() <= MAX_PAIRS).then(|| self.state.add_object(ObjectKind::Dict, fields))
    }

    /// `DictMerge`, where neither dict was made.
    pub fn merge_removed(&mut self, a: usize, b: usize) -> bool {
        let (into, from) = (self.state.get(a), self.state.get(b));
        let (Some(mut fields), Some(more)) = (
            self.removed(into, ObjectKind::Dict),
            self.removed(from, ObjectKind::Dict),
        ) else {
            return false;
        };
        fields.extend(more);
        match self.removed_dict(fields) {
            Some(d) => {
                self.state.set(a, d);
                true
            }
            None => false,
        }
    }

    /// Is the list or dict that the instruction being walked begins only a step to a call's
    /// arguments?
    pub fn becomes_arguments(&self, of: u16) -> bool {
        let words = &self.code().data.code;
        let mut at = self.next_pc as usize;
        for _ in 0..MAX_COLLECTING {
            let Some((op, x, next)) = decode(words, at) else {
                return false;
            };
            let mut reads = false;
            for_each_access(op, &x, |access| {
                let run = access.first..access.first + access.count;
                reads |= run.contains(&(of as u32));
            });
            match op {
                Opcode::ListToTuple if x.b == of => return true,
                Opcode::CallEx if x.b + 2 == of => return true,
                Opcode::ListAppend | Opcode::ListExtend | Opcode::DictMerge if x.a == of => {}
                _ if reads || op.info().flags & flags::JUMPS != 0 => return false,
                _ => {}
            }
            at = next;
        }
        false
    }

    /// Adds to a list that is not made what an iterable has, if that is a tuple that is not made,
    /// or a constant one.
    pub fn extend_removed(&mut self, a: usize, b: usize) -> bool {
        let (list, from) = (self.state.get(a), self.state.get(b));
        let Some(mut fields) = self.removed(list, ObjectKind::List) else {
            return false;
        };
        let Some(more) = self.positional(from) else {
            return false;
        };
        fields.extend(more);
        let list = self.state.add_object(ObjectKind::List, fields);
        self.state.set(a, list);
        true
    }

    /// Adds a value to a list that is not made.
    pub fn append_removed(&mut self, a: usize, b: usize) -> bool {
        let (list, v) = (self.state.get(a), self.state.get(b));
        let Some(mut fields) = self.removed(list, ObjectKind::List) else {
            return false;
        };
        fields.push(v);
        let list = self.state.add_object(ObjectKind::List, fields);
        self.state.set(a, list);
        true
    }

    /// `ListToTuple`
    pub fn list_to_tuple(&mut self, a: usize, b: usize) {
        let list = self.state.get(b);
        let t = match self.removed(list, ObjectKind::List) {
            Some(fields) => self.state.add_object(ObjectKind::Tuple, fields),
            None => {
                let list = self.tagged(list);
                let ty = Type::shape(shape_of(T::Tuple));
                Abs::V(self.call_quiet(Helper::list_to_tuple, &[list], ty))
            }
        };
        self.state.set(a, t);
    }

    /// The items of a tuple that was not made, or of a constant one.
    fn positional(&mut self, a: Abs) -> Option<Vec<Abs>> {
        if let Some(fields) = self.removed(a, ObjectKind::Tuple) {
            return Some(fields);
        }
        let known = self.known_abs(a)?;
        if !self.th.is_exact(known, T::Tuple) {
            return None;
        }
        let items = known.downcast::<Tuple>()?.as_slice().to_vec();
        let constant = |x| Abs::V(self.constant_object(x));
        Some(items.into_iter().map(constant).collect())
    }

    /// Names and values of keyword arguments in a dict that was not made, or in none.
    fn keywords(&mut self, a: Abs) -> Option<(Option<Gc<Tuple>>, Vec<Abs>)> {
        if a == Abs::Unbound {
            return Some((None, Vec::new()));
        }
        let fields = self.removed(a, ObjectKind::Dict)?;
        if fields.is_empty() {
            return Some((None, Vec::new()));
        }
        let mut names = Vec::new();
        for key in fields.iter().step_by(2) {
            names.push(self.known_abs(*key)?);
        }
        let names = self.th.new_tuple(&names);
        self.roots.push(names.value());
        let values = fields.into_iter().skip(1).step_by(2).collect();
        Some((Some(names), values))
    }

    /// `CallEx`
    pub fn call_ex(&mut self, op: Opcode, x: &Operands) -> Result<Flow, Failure> {
        let (dst, base) = (x.a as usize, x.b as usize);
        let callee = self.state.get(base);
        let (args, map) = (self.state.get(base + 1), self.state.get(base + 2));
        let Some(mut values) = self.positional(args) else {
            return self.step(op, x);
        };
        let Some((names, more)) = self.keywords(map) else {
            return self.step(op, x);
        };
        values.extend(more);
        let args = Arguments { values, names };
        match self.call_value(callee, args, x.a, x.d)? {
            Called::Value(v) => {
                self.state.set(dst, v);
                Ok(Flow::Next)
            }
            Called::Ended | Called::No => Ok(Flow::Ended),
        }
    }
}
