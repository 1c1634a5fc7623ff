//! Builtin functions and classes whose calls are done in place.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::{FloatFunction, ObjectKind, Reason};
use taipan_ssa::graph::Alias;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::feedback::{CacheKind, seen};
use taipan_vm::machine::layout as at;
use taipan_vm::object::Gc;
use taipan_vm::protocol::arith::BinaryOp;
use taipan_vm::types::T;
use taipan_vm::types::type_::Type as Class;
use taipan_vm::{Thread, Value as Object};

use super::call::{Arguments, Called};
use super::state::Abs;
use super::subscript::MAX_LEN;
use super::{Builder, Failure, shape_of};

/// What a builtin is known to return.
pub fn result_type(_: &Thread, o: Object) -> Type {
    let Some((_, name)) = taipan_vm::machine::builtin_name(o) else {
        return Type::ANY;
    };
    match name {
        "len" | "ord" => Type::int(0, MAX_LEN),
        "isinstance" | "issubclass" | "callable" | "hasattr" | "startswith" | "endswith" => {
            Type::BOOL
        }
        "append" | "extend" | "insert" | "sort" | "reverse" | "clear" => Type::of(kinds::NONE),
        _ => Type::ANY,
    }
}

/// Does a builtin of this name, found under another one, read the variables of its caller?
fn looks_into_caller(name: &str, args: &Arguments) -> bool {
    match name {
        "locals" => true,
        "vars" | "dir" => args.values.is_empty(),
        "eval" | "exec" => args.values.len() < 2,
        _ => false,
    }
}

impl Builder<'_> {
    fn arg(&mut self, a: Abs) -> Value {
        match a {
            Abs::V(v) => v,
            a => self.tagged(a),
        }
    }

    /// A builtin function or method descriptor.
    pub fn call_builtin(
        &mut self,
        o: Object,
        args: &Arguments,
        fb: u32,
    ) -> Result<Called, Failure> {
        let Some((owner, name)) = taipan_vm::machine::builtin_name(o) else {
            return Ok(Called::No);
        };
        if owner == "builtins" && looks_into_caller(name, args) {
            if self.state.frames.len() == 1 && self.plan.keep {
                return Ok(Called::No);
            }
            if self.state.frames.len() == 1 {
                self.plan.looks = true;
                self.plan.changed = true;
                return Err(Failure::Again);
            }
            let code = self.code().value().bits();
            self.plan.not_inlined.insert(code);
            self.plan.changed = true;
            return Err(Failure::Again);
        }
        if args.names.is_some() {
            return Ok(Called::No);
        }
        let v = &args.values;
        let r = match (owner, name, v.len()) {
            ("builtins", "len", 1) => {
                let seen = self.argument_shape(fb);
                self.len_of(v[0], seen)
            }
            ("builtins", "abs", 1) => self.abs_of(v[0]),
            ("builtins", "min", 2) => self.least(v[0], v[1], Compare::Lt),
            ("builtins", "max", 2) => self.least(v[0], v[1], Compare::Gt),
            ("builtins", "min", 3..=6) => self.least_of(v, Compare::Lt),
            ("builtins", "max", 3..=6) => self.least_of(v, Compare::Gt),
            ("builtins", "divmod", 2) => return self.quotient_and_rest(v[0], v[1]),
            ("builtins", "ord", 1) => self.code_point(&v[0]),
            ("builtins", "chr", 1) => self.character_of(&v[0]),
            ("str", method, 1) => self.is_of_class(method, &v[0]),
            ("builtins", "isinstance", 2) => self.instance_of(v[0], v[1], fb),
            ("list", "append", 2) => {
                if let Abs::V(l) = v[0]
                    && taipan_vm::machine::derives_from(self.th, self.ty(l).shape, T::List)
                {
                    self.list_append(l, v[1]);
                    let none = self.th.none();
                    Some(self.constant_object(none))
                } else {
                    None
                }
            }
            ("dict", "get", 2 | 3) => self.dict_get(v),
            ("math", "sqrt", 1) => self.float_argument(v[0]).map(|f| {
                let zero = self.constant_float(0.0);
                let ok = self.push(
                    Op::CompareFloat,
                    &[f, zero],
                    Compare::Ge as i64,
                    Rep::Bool,
                    Type::BOOL,
                );
                self.guard_true(ok, Reason::Arithmetic);
                self.push(Op::SqrtFloat, &[f], 0, Rep::Float, Type::FLOAT)
            }),
            ("math", "fabs", 1) => self
                .float_argument(v[0])
                .map(|f| self.push(Op::AbsFloat, &[f], 0, Rep::Float, Type::FLOAT)),
            ("math", "sin", 1) => self.finite_function(v[0], FloatFunction::Sin),
            ("math", "cos", 1) => self.finite_function(v[0], FloatFunction::Cos),
            ("math", "floor", 1) => self.rounded(v[0], Op::FloorFloat),
            ("math", "ceil", 1) => self.rounded(v[0], Op::CeilFloat),
            _ => None,
        };
        Ok(r.map_or(Called::No, |v| Called::Value(Abs::V(v))))
    }

    /// `dict.get` of a dict, or of an object of a class made from it.
    fn dict_get(&mut self, v: &[Abs]) -> Option<Value> {
        let Abs::V(d) = v[0] else { return None };
        if !taipan_vm::machine::derives_from(self.th, self.ty(d).shape, T::Dict) {
            return None;
        }
        let key = self.tagged(v[1]);
        let default = match v.get(2) {
            Some(a) => self.tagged(*a),
            None => {
                let none = self.th.none();
                self.constant_object(none)
            }
        };
        Some(self.call_helper(Helper::dict_get, &[d, key, default], Type::ANY))
    }

    /// An argument that is an int or float, as a float.
    fn float_argument(&mut self, a: Abs) -> Option<Value> {
        let v = self.arg(a);
        let t = self.ty(v);
        if t.is_float() {
            return Some(self.float(v));
        }
        // (Ints are rounded as CPython's are.)
        if t.is_int() {
            let i = self.int(v);
            return Some(self.int_to_float(i));
        }
        if t.may_be(kinds::FLOAT) && t.shape == 0 {
            return Some(self.float(v));
        }
        None
    }

    fn finite_function(&mut self, a: Abs, which: FloatFunction) -> Option<Value> {
        let f = self.float_argument(a)?;
        // Infinity is an error: x - x is 0 for the others.
        let d = self.push(Op::SubFloat, &[f, f], 0, Rep::Float, Type::FLOAT);
        let zero = self.constant_float(0.0);
        let ok = self.push(
            Op::CompareFloat,
            &[d, zero],
            Compare::Eq as i64,
            Rep::Bool,
            Type::BOOL,
        );
        self.guard_true(ok, Reason::Arithmetic);
        let n = self.constant_raw_int(which as i64);
        Some(self.push(
            Op::CallFloat,
            &[n, f],
            Helper::float_function as i64,
            Rep::Float,
            Type::FLOAT,
        ))
    }

    fn rounded(&mut self, a: Abs, op: Op) -> Option<Value> {
        let v = self.arg(a);
        if self.ty(v).is_int() {
            return Some(v);
        }
        let f = self.float_argument(a)?;
        let r = self.push(op, &[f], 0, Rep::Float, Type::FLOAT);
        Some(self.truncate(r))
    }

    /// A float that must be within small ints, truncated.
    fn truncate(&mut self, f: Value) -> Value {
        let a = self.push(Op::AbsFloat, &[f], 0, Rep::Float, Type::FLOAT);
        let limit = self.constant_float((1u64 << 60) as f64);
        let ok = self.push(
            Op::CompareFloat,
            &[a, limit],
            Compare::Lt as i64,
            Rep::Bool,
            Type::BOOL,
        );
        self.guard_true(ok, Reason::Arithmetic);
        self.push(
            Op::TruncFloat,
            &[f],
            0,
            Rep::Int,
            Type::int(-(1 << 60), 1 << 60),
        )
    }

    fn len_of(&mut self, a: Abs, seen: u32) -> Option<Value> {
        if let Abs::O(o) = a
            && self.state.objects[o as usize].kind == ObjectKind::Tuple
        {
            let n = self.state.objects[o as usize].fields.len();
            return Some(self.constant_int(n as i64));
        }
        let mut v = self.arg(a);
        let with_length = [T::List, T::Tuple, T::Str, T::Dict];
        if self.ty(v).shape == 0
            && self.ty(v).may_be(kinds::OBJECT)
            && !self.is_general()
            && (with_length.into_iter().any(|t| shape_of(t) == seen)
                || taipan_vm::machine::inherits(self.th, seen, T::List, "__len__").is_some())
        {
            v = self.shape(v, seen);
        }
        let t = self.ty(v);
        if t.shape == 0 || !t.within(kinds::OBJECT) {
            return None;
        }
        let (offset, alias) = if t.shape == shape_of(T::List) {
            (at::LIST_LEN, Alias::List)
        } else if let Some(assumption) =
            taipan_vm::machine::inherits(self.th, t.shape, T::List, "__len__")
        {
            self.assume(assumption);
            (at::LIST_LEN, Alias::List)
        } else if t.shape == shape_of(T::Tuple) {
            (at::TUPLE_LEN, Alias::Constant)
        } else if t.shape == shape_of(T::Str) {
            (at::STR_LEN, Alias::Constant)
        } else if t.shape == shape_of(T::Dict) {
            (at::DICT_LEN, Alias::Dict)
        } else {
            return None;
        };
        Some(self.load_raw(v, offset, alias, Type::int(0, MAX_LEN)))
    }

    fn abs_of(&mut self, a: Abs) -> Option<Value> {
        let v = self.arg(a);
        let t = self.ty(v);
        if t.is_float() {
            let f = self.float(v);
            return Some(self.push(Op::AbsFloat, &[f], 0, Rep::Float, Type::FLOAT));
        }
        if t.is_int() && t.low > taipan_ssa::types::INT_MIN {
            let i = self.int(v);
            let zero = self.constant_int(0);
            let high = t.high.max(-t.low);
            let n = self.push(Op::Sub, &[zero, i], 0, Rep::Int, Type::int(-t.high, -t.low));
            let negative = self.push(
                Op::CompareInt,
                &[i, zero],
                Compare::Lt as i64,
                Rep::Bool,
                Type::BOOL,
            );
            return Some(self.push(
                Op::Select,
                &[negative, n, i],
                0,
                Rep::Int,
                Type::int(0, high),
            ));
        }
        None
    }

    /// `min` and `max` of two ints or two floats.
    fn least(&mut self, a: Abs, b: Abs, cc: Compare) -> Option<Value> {
        let (x, y) = (self.arg(a), self.arg(b));
        let (tx, ty) = (self.ty(x), self.ty(y));
        if tx.is_int() && ty.is_int() {
            let (x, y) = (self.int(x), self.int(y));
            let second = self.push(Op::CompareInt, &[y, x], cc as i64, Rep::Bool, Type::BOOL);
            let t = if cc == Compare::Lt {
                Type::int(tx.low.min(ty.low), tx.high.min(ty.high))
            } else {
                Type::int(tx.low.max(ty.low), tx.high.max(ty.high))
            };
            return Some(self.push(Op::Select, &[second, y, x], 0, Rep::Int, t));
        }
        if tx.is_float() && ty.is_float() {
            let (x, y) = (self.float(x), self.float(y));
            let second = self.push(Op::CompareFloat, &[y, x], cc as i64, Rep::Bool, Type::BOOL);
            return Some(self.push(Op::Select, &[second, y, x], 0, Rep::Float, Type::FLOAT));
        }
        None
    }

    /// `min` or `max` of some numbers that are known to be all ints or all floats.
    fn least_of(&mut self, v: &[Abs], cc: Compare) -> Option<Value> {
        let mut args = Vec::with_capacity(v.len());
        for a in v {
            args.push(self.arg(*a));
        }
        let all_ints = args.iter().all(|x| self.ty(*x).is_int());
        let all_floats = args.iter().all(|x| self.ty(*x).is_float());
        if !all_ints && !all_floats {
            return None;
        }
        let mut best = *args.first()?;
        for x in &args[1..] {
            best = self.least(Abs::V(best), Abs::V(*x), cc)?;
        }
        Some(best)
    }

    /// `divmod` of two ints: a pair that is not made.
    fn quotient_and_rest(&mut self, x: Abs, y: Abs) -> Result<Called, Failure> {
        let (Abs::V(a), Abs::V(b)) = (x, y) else {
            return Ok(Called::No);
        };
        if !self.ty(a).is_int() || !self.ty(b).is_int() {
            return Ok(Called::No);
        }
        let (Some(q), Some(r)) = (
            self.int_arithmetic(BinaryOp::FloorDiv, a, b, false)?,
            self.int_arithmetic(BinaryOp::Mod, a, b, false)?,
        ) else {
            return Ok(Called::No);
        };
        let fields = vec![q, r];
        Ok(Called::Value(
            self.state.add_object(ObjectKind::Tuple, fields),
        ))
    }

    /// The shape that the first argument of a builtin had; 0 when that is not known.
    pub fn argument_shape(&self, fb: u32) -> u32 {
        let sight = self.sight(fb);
        if sight.kind == CacheKind::Empty && sight.seen & !seen::OTHER == seen::NATIVE {
            self.seen_shape(fb)
        } else {
            0
        }
    }

    /// The same for the second argument, as it was last.
    fn second_argument_shape(&self, fb: u32) -> u32 {
        match self.argument_shape(fb) {
            0 => 0,
            _ => self.slot(fb).version.get(),
        }
    }

    /// Builtin classes: `range`, `int`, `float`.
    pub fn call_builtin_class(
        &mut self,
        class: Gc<Class>,
        args: &Arguments,
        fb: u32,
    ) -> Result<Called, Failure> {
        let seen = self.argument_shape(fb);
        if args.names.is_some() {
            return Ok(Called::No);
        }
        let vm = self.th.vm();
        let v = &args.values;
        if class.is(vm.ty(T::Range)) && (1..=3).contains(&v.len()) {
            let mut ints = Vec::new();
            for a in v {
                match a {
                    Abs::V(x) if self.ty(*x).may_be(kinds::INT) => ints.push(*x),
                    _ => return Ok(Called::No),
                }
            }
            let ints: Vec<Value> = ints.into_iter().map(|x| self.int(x)).collect();
            let (zero, one) = (self.constant_int(0), self.constant_int(1));
            let (start, stop, step) = match ints[..] {
                [stop] => (zero, stop, one),
                [start, stop] => (start, stop, one),
                [start, stop, step] => (start, stop, step),
                _ => return Ok(Called::No),
            };
            let t = self.ty(step);
            let step = match t.low <= 0 && t.high >= 0 {
                false => step,
                true if self.is_general() => return Ok(Called::No),
                true => self.ascending_step(step),
            };
            return Ok(Called::Value(self.state.add_object(
                ObjectKind::Range,
                vec![Abs::V(start), Abs::V(stop), Abs::V(step)],
            )));
        }
        if class.is(vm.ty(T::Enumerate)) && (1..=2).contains(&v.len()) {
            let start = match v.get(1) {
                None => None,
                Some(Abs::V(n)) => match self.known_int(*n) {
                    Some(_) => Some(*n),
                    None => return Ok(Called::No),
                },
                Some(_) => return Ok(Called::No),
            };
            return Ok(Called::Value(self.enumeration(v[0], start, seen)));
        }
        if class.is(vm.ty(T::Zip)) && (2..=4).contains(&v.len()) {
            return Ok(
                match self.zipped(v, [seen, self.second_argument_shape(fb)]) {
                    Some(z) => Called::Value(z),
                    None => Called::No,
                },
            );
        }
        if class.is(vm.ty(T::Type)) && v.len() == 1 {
            return Ok(match self.type_of(v[0], fb) {
                Some(class) => Called::Value(Abs::V(class)),
                None => Called::No,
            });
        }
        if class.is(vm.ty(T::Reversed)) && v.len() == 1 {
            return Ok(match self.reversed(v[0]) {
                Some(it) => Called::Value(it),
                None => Called::No,
            });
        }
        if class.is(vm.ty(T::Int)) && v.len() == 1 {
            let x = self.arg(v[0]);
            let t = self.ty(x);
            if t.is_int() {
                return Ok(Called::Value(Abs::V(x)));
            }
            if t.is_float() {
                let f = self.float(x);
                return Ok(Called::Value(Abs::V(self.truncate(f))));
            }
        }
        if class.is(vm.ty(T::Float)) && v.len() == 1 {
            let x = self.arg(v[0]);
            let t = self.ty(x);
            if t.is_float() {
                return Ok(Called::Value(Abs::V(x)));
            }
            if t.is_int() {
                let i = self.int(x);
                return Ok(Called::Value(Abs::V(self.int_to_float(i))));
            }
        }
        if class.is(vm.ty(T::Bool)) && v.len() == 1 {
            let t = self.truth_of(v[0], None)?;
            return Ok(Called::Value(Abs::V(t)));
        }
        Ok(Called::No)
    }
}
