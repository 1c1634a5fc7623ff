//! Emitting instructions: constants, conversions between representations, guards, loads, stores.

use taipan_abi::resume::Reason;
use taipan_ssa::graph::{Alias, Definition, Place};
use taipan_ssa::types::{INT_MAX, INT_MIN, kinds};
use taipan_ssa::{Block, Op, Rep, StateId, Type, Value};
use taipan_vm::Value as Object;

use super::plan::Want;
use super::state::Abs;
use super::{Builder, shape_of};

impl Builder<'_> {
    /// Appends an instruction without state.
    pub fn push(&mut self, op: Op, args: &[Value], imm: i64, rep: Rep, ty: Type) -> Value {
        let v = self.graph.push(self.block, op, args, imm, rep, ty);
        self.note_place();
        v
    }

    /// Notes where the instruction that was appended last comes from, if that is wanted.
    fn note_place(&mut self) {
        if self.plan.places
            && let Some(f) = self.state.frames.last()
        {
            let place = Place {
                frame: f.activation as u32,
                pc: self.pc,
            };
            self.graph.places.resize(self.graph.insts.len(), place);
        }
    }

    /// Appends an instruction with a state.
    pub fn push_state(
        &mut self,
        op: Op,
        args: &[Value],
        imm: i64,
        rep: Rep,
        ty: Type,
        state: StateId,
    ) -> Value {
        let v = self.graph.push(self.block, op, args, imm, rep, ty);
        self.note_place();
        if let Some(i) = self.graph.last_inst() {
            i.state = Some(state);
        }
        v
    }

    /// The second immediate of the instruction that was appended last.
    pub fn set_imm2(&mut self, imm2: i64) {
        if let Some(i) = self.graph.last_inst() {
            i.imm2 = imm2;
        }
    }

    fn constant(&mut self, op: Op, imm: i64, rep: Rep, ty: Type) -> Value {
        if let Some(v) = self.constants.get(&(op, imm)) {
            return *v;
        }
        let v = self.graph.push(Block(0), op, &[], imm, rep, ty);
        self.constants.insert((op, imm), v);
        v
    }

    /// An object (or tagged number) as a constant.
    pub fn constant_object(&mut self, o: Object) -> Value {
        let ty = self.type_of_object(o);
        if o.is_pointer() {
            self.roots.push(o);
        }
        self.constant(Op::Const, o.bits() as i64, Rep::Tagged, ty)
    }

    /// The type of a value that is known.
    pub fn type_of_object(&self, o: Object) -> Type {
        if let Some(i) = o.as_int() {
            return Type::int(i, i);
        }
        if o.is_tagged_float() {
            return Type::FLOAT;
        }
        let th = &self.th;
        if o.is(th.none()) {
            return Type::of(kinds::NONE);
        }
        if o.is(th.bool(true)) || o.is(th.bool(false)) {
            return Type::BOOL;
        }
        // Only what cannot change its shape.
        let h = o.header().map_or(0, |h| h.shape().0);
        let fixed = o.kind() != taipan_vm::object::Kind::Instance;
        if fixed {
            Type::shape(h)
        } else {
            Type::of(kinds::OBJECT)
        }
    }

    /// "Unbound" as a constant.
    pub fn constant_unbound(&mut self) -> Value {
        self.constant(Op::Const, 0, Rep::Tagged, Type::of(kinds::UNBOUND))
    }

    /// An untagged int.
    pub fn constant_int(&mut self, n: i64) -> Value {
        self.constant(Op::ConstInt, n, Rep::Int, Type::int(n, n))
    }

    /// A float.
    pub fn constant_float(&mut self, f: f64) -> Value {
        self.constant(Op::ConstFloat, f.to_bits() as i64, Rep::Float, Type::FLOAT)
    }

    /// A truth.
    pub fn constant_bool(&mut self, b: bool) -> Value {
        self.constant(Op::ConstBool, b as i64, Rep::Bool, Type::BOOL)
    }

    /// What a value can be here.
    pub fn ty(&self, v: Value) -> Type {
        match self.state.narrowed.iter().find(|(x, _)| *x == v) {
            Some((_, t)) => *t,
            None => self.graph.ty(v),
        }
    }

    /// The object that a value is, if it is a constant.
    pub fn known(&self, v: Value) -> Option<Object> {
        let inst = self.graph.definition(v)?;
        match inst.op {
            Op::Const => Object::from_bits(inst.imm as u64),
            Op::GuardIs => Object::from_bits(inst.imm as u64),
            _ => None,
        }
    }

    /// The object that a register holds, if it is a constant.
    pub fn known_abs(&self, a: Abs) -> Option<Object> {
        match a {
            Abs::V(v) => self.known(v),
            _ => None,
        }
    }

    /// The int that a value is, if it is a constant.
    pub fn known_int(&self, v: Value) -> Option<i64> {
        let t = self.ty(v);
        if t.is_int() && t.low == t.high {
            return Some(t.low);
        }
        self.known(v).and_then(|o| o.as_int())
    }

    /// A register's content as a tagged value; makes objects that were not made.
    pub fn tagged(&mut self, a: Abs) -> Value {
        match a {
            Abs::Unbound => self.constant_unbound(),
            Abs::O(o) => self.materialize(o),
            Abs::V(v) => self.tag(v),
        }
    }

    /// A value, tagged.
    pub fn tag(&mut self, v: Value) -> Value {
        let ty = self.ty(v);
        let source = match self.graph.value(v).def {
            Definition::Inst(i) => {
                let inst = &self.graph.insts[i as usize];
                Some((inst.op, inst.args.first().copied(), inst.imm))
            }
            Definition::Parameter(..) => None,
        };
        match self.graph.rep(v) {
            Rep::Tagged => v,
            Rep::Int => match source {
                Some((Op::UntagInt, Some(t), _)) => t,
                Some((Op::ConstInt, _, n)) if (INT_MIN..=INT_MAX).contains(&n) => {
                    match Object::try_int(n) {
                        Some(o) => self.constant_object(o),
                        None => self.push(Op::TagWide, &[v], 0, Rep::Tagged, Type::ANY),
                    }
                }
                _ if ty.kinds != 0 && ty.low >= INT_MIN && ty.high <= INT_MAX => {
                    self.push(Op::TagInt, &[v], 0, Rep::Tagged, ty)
                }
                _ => self.push(
                    Op::TagWide,
                    &[v],
                    0,
                    Rep::Tagged,
                    Type::of(kinds::INT | kinds::OBJECT),
                ),
            },
            Rep::Float => match source {
                Some((Op::UntagFloat, Some(t), _)) => t,
                Some((Op::ConstFloat, _, bits)) => {
                    match Object::try_float(f64::from_bits(bits as u64)) {
                        Some(o) => self.constant_object(o),
                        None => self.push(
                            Op::TagFloat,
                            &[v],
                            0,
                            Rep::Tagged,
                            Type::of(kinds::FLOAT | kinds::OBJECT),
                        ),
                    }
                }
                // A rare exponent makes it an object.
                _ => self.push(
                    Op::TagFloat,
                    &[v],
                    0,
                    Rep::Tagged,
                    Type::of(kinds::FLOAT | kinds::OBJECT),
                ),
            },
            Rep::Bool => self.push(Op::TagBool, &[v], 0, Rep::Tagged, Type::BOOL),
        }
    }

    /// A guard's place in front of a loop is asked for when the value is the loop's.
    pub fn want(&mut self, v: Value, want: Want) {
        for l in &self.loops {
            if let Some((_, path)) = l.names.iter().find(|(x, _)| *x == v) {
                let path = path.clone();
                let key = l.key;
                self.plan.want(key, path, want);
                return;
            }
        }
    }

    /// An untagged int; leaves unless it is a small int.
    pub fn int(&mut self, v: Value) -> Value {
        match self.graph.rep(v) {
            Rep::Int => v,
            _ => {
                let mut t = self.tag(v);
                if !self.ty(t).is_int() {
                    self.want(v, Want::Int);
                    let state = self.state_here(Reason::NotInt);
                    let ty = self.ty(t);
                    let g = self.push_state(
                        Op::GuardInt,
                        &[t],
                        0,
                        Rep::Tagged,
                        Type::int(ty.low.max(INT_MIN), ty.high.min(INT_MAX)),
                        state,
                    );
                    self.state.replace(t, g);
                    t = g;
                }
                if let Some(n) = self.known_int(t) {
                    return self.constant_int(n);
                }
                let ty = self.ty(t);
                let u = self.push(Op::UntagInt, &[t], 0, Rep::Int, ty);
                self.state.replace(t, u);
                u
            }
        }
    }

    /// An untagged float; leaves unless it is a float in the word.
    pub fn float(&mut self, v: Value) -> Value {
        match self.graph.rep(v) {
            Rep::Float => v,
            _ => {
                let mut t = self.tag(v);
                if !self.ty(t).is_float() {
                    self.want(v, Want::Float);
                    let state = self.state_here(Reason::NotFloat);
                    let g =
                        self.push_state(Op::GuardFloat, &[t], 0, Rep::Tagged, Type::FLOAT, state);
                    self.state.replace(t, g);
                    t = g;
                }
                if let Some(f) = self.known(t).and_then(|o| o.as_tagged_float()) {
                    return self.constant_float(f);
                }
                let u = self.push(Op::UntagFloat, &[t], 0, Rep::Float, Type::FLOAT);
                self.state.replace(t, u);
                u
            }
        }
    }

    /// A float from an int or float; leaves unless it is one.
    pub fn number(&mut self, v: Value) -> Value {
        match self.graph.rep(v) {
            Rep::Float => v,
            Rep::Int => self.int_to_float(v),
            _ => {
                let ty = self.ty(v);
                if ty.is_int() {
                    let i = self.int(v);
                    return self.int_to_float(i);
                }
                if ty.is_float() {
                    return self.float(v);
                }
                let t = self.tag(v);
                let state = self.state_here(Reason::NotNumber);
                self.push_state(Op::NumberToFloat, &[t], 0, Rep::Float, Type::FLOAT, state)
            }
        }
    }

    /// An untagged int as a float.
    pub fn int_to_float(&mut self, v: Value) -> Value {
        match self.known_int(v) {
            Some(n) => self.constant_float(n as f64),
            None => self.push(Op::IntToFloat, &[v], 0, Rep::Float, Type::FLOAT),
        }
    }

    /// A tagged value that is an object of a shape; leaves unless it is.
    pub fn shape(&mut self, v: Value, shape: u32) -> Value {
        let t = self.tag(v);
        if self.ty(t).shape == shape && self.ty(t).within(kinds::OBJECT) {
            return t;
        }
        self.want(t, Want::Shape(shape));
        let state = self.state_here(Reason::Shape);
        let g = self.push_state(
            Op::GuardShape,
            &[t],
            shape as i64,
            Rep::Tagged,
            Type::shape(shape),
            state,
        );
        self.state.replace(t, g);
        g
    }

    /// As [`Builder::shape`] for a builtin type.
    pub fn builtin_shape(&mut self, v: Value, t: taipan_vm::types::T) -> Value {
        self.shape(v, shape_of(t))
    }

    /// Leaves unless the value is this object; gives the constant.
    pub fn identity(&mut self, v: Value, o: Object) -> Value {
        if self.known(v).is_some_and(|k| k.is(o)) {
            return v;
        }
        let t = self.tag(v);
        self.want(t, Want::Is(o.bits()));
        let state = self.state_here(Reason::Identity);
        let ty = self.type_of_object(o);
        self.roots.push(o);
        self.push_state(Op::GuardIs, &[t], o.bits() as i64, Rep::Tagged, ty, state);
        let c = self.constant_object(o);
        self.state.replace(t, c);
        c
    }

    /// Leaves unless a truth holds.
    pub fn guard_true(&mut self, c: Value, reason: Reason) {
        if let Some(i) = self.graph.definition(c)
            && i.op == Op::ConstBool
            && i.imm == 1
        {
            return;
        }
        let state = self.state_here(reason);
        self.push_state(Op::GuardTrue, &[c], 0, Rep::Bool, Type::BOOL, state);
    }

    /// Loads a word that is a value.
    pub fn load(&mut self, base: Value, offset: i32, alias: Alias, ty: Type) -> Value {
        if let Some(v) = self.state.fact(base, offset) {
            return v;
        }
        let v = self.push(Op::Load, &[base], offset as i64, Rep::Tagged, ty);
        self.set_alias(alias);
        self.state.add_fact(base, offset, alias, v);
        v
    }

    /// Loads an untagged word.
    pub fn load_raw(&mut self, base: Value, offset: i32, alias: Alias, ty: Type) -> Value {
        if let Some(v) = self.state.fact(base, offset)
            && self.graph.rep(v) == Rep::Int
        {
            return v;
        }
        let v = self.push(Op::LoadRaw, &[base], offset as i64, Rep::Int, ty);
        self.set_alias(alias);
        self.state.add_fact(base, offset, alias, v);
        v
    }

    /// Stores a value in an object, with the barrier.
    pub fn store(&mut self, base: Value, offset: i32, alias: Alias, v: Value) {
        let t = self.tag(v);
        self.push(Op::Store, &[base, t], offset as i64, Rep::Tagged, Type::ANY);
        self.set_alias(alias);
        // Other objects may be this one.
        self.state.clobber(alias);
        self.state.add_fact(base, offset, alias, v);
        self.barrier(base, t);
    }

    /// The write barrier for storing `v` in `owner`.
    pub fn barrier(&mut self, owner: Value, v: Value) {
        let ty = self.ty(v);
        if ty.within(kinds::INT | kinds::FLOAT | kinds::BOOL | kinds::NONE)
            || self.known(v).is_some_and(|o| !o.is_pointer())
        {
            return;
        }
        self.push(Op::Barrier, &[owner, v], 0, Rep::Tagged, Type::ANY);
    }

    /// The memory class of the instruction that was appended last.
    pub fn set_alias(&mut self, alias: Alias) {
        if let Some(i) = self.graph.last_inst() {
            i.alias = alias;
        }
    }

    /// A value in another representation, which its type allows.
    pub fn to_rep(&mut self, a: Abs, rep: Rep) -> Value {
        match (a, rep) {
            (Abs::V(v), Rep::Int) => self.int(v),
            (Abs::V(v), Rep::Float) => self.float(v),
            (Abs::V(v), Rep::Bool) if self.graph.rep(v) == Rep::Bool => v,
            (a, _) => self.tagged(a),
        }
    }
}
