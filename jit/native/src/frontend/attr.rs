//! Attributes and methods.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_bytecode::encode::Operands;
use taipan_bytecode::opcode::Opcode;
use taipan_ssa::graph::Alias;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::Value as Object;
use taipan_vm::machine::AttributePlace;
use taipan_vm::object::Gc;
use taipan_vm::types::str_::Str;

use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure};

impl Builder<'_> {
    /// The shape of an object at an attribute site: known, or as the interpreter saw it.
    fn site_shape(&self, v: Abs, fb: u32) -> Option<u32> {
        match v {
            Abs::O(o) => match self.state.objects[o as usize].kind {
                ObjectKind::Instance(shape, _) => Some(shape),
                _ => None,
            },
            Abs::V(v) => {
                let t = self.ty(v);
                if t.shape != 0 && t.within(kinds::OBJECT) {
                    return Some(t.shape);
                }
                if let Some(o) = self.known(v) {
                    return o.header().map(|h| h.shape().0);
                }
                if !t.may_be(kinds::OBJECT) || self.is_general() {
                    return None;
                }
                match self.slot(fb).shape.get() {
                    0 => None,
                    s => Some(s),
                }
            }
            Abs::Unbound => None,
        }
    }

    fn never_run(&self, v: Abs, fb: u32) -> bool {
        let s = self.slot(fb);
        !self.is_general()
            && s.kind.get() == taipan_vm::feedback::CacheKind::Empty
            && s.shape.get() == 0
            && s.seen.get() == 0
            && !matches!(v, Abs::O(_))
            && !matches!(v, Abs::V(x) if self.ty(x).shape != 0 || self.known(x).is_some())
    }

    /// Guards an object's shape; a constant of known shape may have changed it.
    fn guard_shape(&mut self, v: Value, shape: u32) -> Value {
        self.shape(v, shape)
    }

    /// `R[a] = R[b].name`
    pub fn load_attr(&mut self, a: usize, b: usize, name: u32, fb: u32) -> Result<Flow, Failure> {
        let v = self.state.get(b);
        let (n, n_value) = self.name(name);
        if let Some(shape) = self.site_shape(v, fb) {
            let place = taipan_vm::machine::find_attribute(self.th, shape, n);
            if let Some(r) = self.load_place(v, shape, place, n)? {
                self.state.set(a, r);
                return Ok(Flow::Next);
            }
            if let Some(m) = self.known_abs(v)
                && let Some(r) = self.module_attribute(m, n)
            {
                self.state.set(a, Abs::V(r));
                return Ok(Flow::Next);
            }
        }
        let o = self.tagged(v);
        let slot = self.slot_address(fb);
        let r = self.call_helper(Helper::load_attr, &[slot, o, n_value], Type::ANY);
        self.state.set(a, Abs::V(r));
        Ok(Flow::Next)
    }

    /// An attribute of a module or class that is known, as a constant.
    fn module_attribute(&mut self, m: Object, n: Gc<Str>) -> Option<Value> {
        let (value, assumption, owner) = taipan_vm::machine::module_attribute(self.th, m, n)?;
        if self.th.vm().assumptions.is_unstable(assumption) {
            return None;
        }
        self.assume(assumption);
        self.roots.push(owner);
        Some(self.constant_object(value))
    }

    fn load_place(
        &mut self,
        v: Abs,
        shape: u32,
        place: AttributePlace,
        n: Gc<Str>,
    ) -> Result<Option<Abs>, Failure> {
        match place {
            AttributePlace::Slot(index, offset, assumption) => {
                if let Some(a) = assumption {
                    self.assume(a);
                }
                match v {
                    Abs::O(o) => {
                        let f = self.state.objects[o as usize]
                            .fields
                            .get(index as usize)
                            .copied();
                        match f {
                            None | Some(Abs::Unbound) => Ok(None),
                            Some(Abs::V(x)) if self.ty(x).may_be(kinds::UNBOUND) => {
                                let s = self.state_here(Reason::Unbound);
                                let ty = Type {
                                    kinds: self.ty(x).kinds & !kinds::UNBOUND,
                                    ..self.ty(x)
                                };
                                let g =
                                    self.push_state(Op::GuardBound, &[x], 0, Rep::Tagged, ty, s);
                                self.state.replace(x, g);
                                Ok(Some(Abs::V(g)))
                            }
                            Some(f) => Ok(Some(f)),
                        }
                    }
                    Abs::V(x) => {
                        let x = self.guard_shape(x, shape);
                        if let Some(f) = self.state.fact(x, offset) {
                            return Ok(Some(Abs::V(f)));
                        }
                        let l = self.push(
                            Op::Load,
                            &[x],
                            offset as i64,
                            Rep::Tagged,
                            Type::ANY_OR_UNBOUND,
                        );
                        self.set_alias(Alias::Slot(offset as u16));
                        let s = self.state_here(Reason::Unbound);
                        let g = self.push_state(Op::GuardBound, &[l], 0, Rep::Tagged, Type::ANY, s);
                        self.state
                            .add_fact(x, offset, Alias::Slot(offset as u16), g);
                        Ok(Some(Abs::V(g)))
                    }
                    Abs::Unbound => Ok(None),
                }
            }
            AttributePlace::Class(value, assumption) => {
                self.assume(assumption);
                if let Abs::V(x) = v {
                    self.guard_shape(x, shape);
                }
                Ok(Some(Abs::V(self.constant_object(value))))
            }
            AttributePlace::Method(f, assumption) => {
                self.assume(assumption);
                let receiver = match v {
                    Abs::V(x) => Abs::V(self.guard_shape(x, shape)),
                    v => v,
                };
                let f = self.constant_object(f);
                Ok(Some(self.state.add_object(
                    ObjectKind::BoundMethod,
                    vec![Abs::V(f), receiver],
                )))
            }
            AttributePlace::Property(getter, assumption) => {
                self.assume(assumption);
                let receiver = match v {
                    Abs::V(x) => Abs::V(self.guard_shape(x, shape)),
                    v => v,
                };
                self.call_known(getter, &[receiver]).map(Some)
            }
            AttributePlace::Unknown => {
                let _ = n;
                Ok(None)
            }
        }
    }

    /// `R[a].name = R[b]`
    pub fn store_attr(&mut self, a: usize, b: usize, name: u32, fb: u32) -> Result<Flow, Failure> {
        let o = self.state.get(a);
        let v = self.state.get(b);
        let (n, n_value) = self.name(name);
        if let Some(shape) = self.site_shape(o, fb) {
            let place = taipan_vm::machine::find_store(self.th, shape, n);
            if let Some((index, offset, after, assumption)) = place {
                self.assume(assumption);
                match o {
                    Abs::O(id) => {
                        let i = index as usize;
                        let fields = &mut self.state.objects[id as usize].fields;
                        while fields.len() <= i {
                            fields.push(Abs::Unbound);
                        }
                        self.set_field(id, i, v);
                        // Otherwise making the value made the object: it is stored below.
                        if let Abs::O(id) = self.state.get(a) {
                            if let ObjectKind::Instance(s, _) =
                                &mut self.state.objects[id as usize].kind
                            {
                                *s = after;
                            }
                            return Ok(Flow::Next);
                        }
                    }
                    Abs::V(_) | Abs::Unbound => {}
                }
                if let Abs::V(x) = self.state.get(a) {
                    let x = self.guard_shape(x, shape);
                    let v = match self.state.get(b) {
                        Abs::V(v) => v,
                        v => self.tagged(v),
                    };
                    let t = self.tag(v);
                    self.push(Op::Store, &[x, t], offset as i64, Rep::Tagged, Type::ANY);
                    self.set_alias(Alias::Slot(offset as u16));
                    self.state.clobber(Alias::Slot(offset as u16));
                    if after != shape {
                        let s = self.constant_raw_int(after as i64);
                        self.push(Op::StoreHalf, &[x, s], 0, Rep::Int, Type::RAW);
                        self.set_alias(Alias::Shape);
                        // The class behind the new shape is the same, so only the value matters.
                        let known = self.push(
                            Op::GuardShape,
                            &[x],
                            after as i64,
                            Rep::Tagged,
                            Type::shape(after),
                        );
                        // It holds; no code is needed for it.
                        if let Some(i) = self.graph.last_inst() {
                            i.op = Op::Retype;
                        }
                        self.barrier(x, t);
                        self.state.replace(x, known);
                        // Others may be the same object under another name.
                        self.forget_shapes(shape, known);
                        self.state
                            .add_fact(known, offset, Alias::Slot(offset as u16), v);
                    } else {
                        self.barrier(x, t);
                        self.state
                            .add_fact(x, offset, Alias::Slot(offset as u16), v);
                    }
                    return Ok(Flow::Next);
                }
            }
        }
        let (o, v) = (self.state.get(a), self.state.get(b));
        let (o, v) = (self.tagged(o), self.tagged(v));
        let slot = self.slot_address(fb);
        self.call_helper(Helper::store_attr, &[slot, o, n_value, v], Type::RAW);
        Ok(Flow::Next)
    }

    /// An object of this shape got another one: values that were guarded to have it and may be the
    /// same object lose the knowledge.
    fn forget_shapes(&mut self, shape: u32, except: Value) {
        let mut known: Vec<Value> = Vec::new();
        for f in &self.state.frames {
            for r in &f.regs {
                if let Abs::V(v) = r
                    && *v != except
                    && self.graph.ty(*v).shape == shape
                    && !known.contains(v)
                {
                    known.push(*v);
                }
            }
        }
        for o in &self.state.objects {
            for r in &o.fields {
                if let Abs::V(v) = r
                    && *v != except
                    && self.graph.ty(*v).shape == shape
                    && !known.contains(v)
                {
                    known.push(*v);
                }
            }
        }
        for v in known {
            let plain = self.push(Op::Retype, &[v], 0, Rep::Tagged, Type::of(kinds::OBJECT));
            self.state.replace(v, plain);
        }
    }

    /// After a call, objects may have other shapes than they were guarded to have.
    pub fn forget_instance_shapes(&mut self) {
        let mut known: Vec<Value> = Vec::new();
        let mut look = |r: &Abs, b: &Self| {
            if let Abs::V(v) = r {
                let s = b.graph.ty(*v).shape;
                if s != 0 && taipan_vm::machine::can_change_shape(b.th, s) && !known.contains(v) {
                    known.push(*v);
                }
            }
        };
        for f in &self.state.frames {
            for r in &f.regs {
                look(r, self);
            }
        }
        for o in &self.state.objects {
            for r in &o.fields {
                look(r, self);
            }
        }
        for v in known {
            let plain = self.push(Op::Retype, &[v], 0, Rep::Tagged, Type::of(kinds::OBJECT));
            self.state.replace(v, plain);
        }
    }

    /// For `R[b].name(…)`: `R[a]` the callable, `R[a+1]` the receiver or unbound.
    pub fn load_method(&mut self, a: usize, b: usize, name: u32, fb: u32) -> Result<Flow, Failure> {
        let v = self.state.get(b);
        let (n, n_value) = self.name(name);
        if self.never_run(v, fb) && self.builtin_receiver(v).is_none() {
            self.leave(Reason::Untaken);
            return Ok(Flow::Ended);
        }
        let shape = self.builtin_receiver(v).or_else(|| self.site_shape(v, fb));
        if let Some(shape) = shape {
            match taipan_vm::machine::find_attribute(self.th, shape, n) {
                AttributePlace::Method(f, assumption) => {
                    self.assume(assumption);
                    let receiver = match v {
                        Abs::V(x) if self.builtin_receiver(v) != Some(shape) => {
                            Abs::V(self.guard_shape(x, shape))
                        }
                        v => v,
                    };
                    let f = self.constant_object(f);
                    self.state.set(a, Abs::V(f));
                    self.state.set(a + 1, receiver);
                    return Ok(Flow::Next);
                }
                AttributePlace::Unknown => {
                    if let Some(m) = self.known_abs(v)
                        && let Some(r) = self.module_attribute(m, n)
                    {
                        self.state.set(a, Abs::V(r));
                        self.state.set(a + 1, Abs::Unbound);
                        return Ok(Flow::Next);
                    }
                }
                place => {
                    if let Some(r) = self.load_place(v, shape, place, n)? {
                        self.state.set(a, r);
                        self.state.set(a + 1, Abs::Unbound);
                        return Ok(Flow::Next);
                    }
                }
            }
        }
        let o = self.tagged(v);
        let slot = self.slot_address(fb);
        let f = self.call_helper(Helper::load_method, &[slot, o, n_value], Type::ANY);
        let r = self.push(Op::Second, &[], 0, Rep::Tagged, Type::ANY_OR_UNBOUND);
        self.set_alias(Alias::Thread);
        self.state.set(a, Abs::V(f));
        self.state.set(a + 1, Abs::V(r));
        Ok(Flow::Next)
    }

    /// The shape of a tagged number or a builtin object that is known to be one.
    fn builtin_receiver(&self, v: Abs) -> Option<u32> {
        let Abs::V(v) = v else { return None };
        let t = self.ty(v);
        if t.is_int() {
            return Some(super::shape_of(taipan_vm::types::T::Int));
        }
        if t.is_float() {
            return Some(super::shape_of(taipan_vm::types::T::Float));
        }
        (t.shape != 0 && t.within(kinds::OBJECT)).then_some(t.shape)
    }

    /// `super().name(…)`
    pub fn load_super_method(
        &mut self,
        a: usize,
        name: u32,
        fb: u32,
        op: Opcode,
        x: &Operands,
    ) -> Result<Flow, Failure> {
        let _ = fb;
        let (n, _) = self.name(name);
        let (sup, class, this) = (
            self.state.get(a),
            self.state.get(a + 1),
            self.state.get(a + 2),
        );
        if let (Some(sup), Some(class)) = (self.known_abs(sup), self.known_abs(class)) {
            let shape = match this {
                Abs::O(o) => match self.state.objects[o as usize].kind {
                    ObjectKind::Instance(s, _) => Some(s),
                    _ => None,
                },
                Abs::V(v) => {
                    let t = self.ty(v);
                    (t.shape != 0 && t.within(kinds::OBJECT)).then_some(t.shape)
                }
                Abs::Unbound => None,
            };
            if let Some(shape) = shape
                && let Some((f, assumption)) =
                    taipan_vm::machine::find_super_method(self.th, sup, class, shape, n)
            {
                self.assume(assumption);
                let f = self.constant_object(f);
                self.state.set(a, Abs::V(f));
                self.state.set(a + 1, this);
                return Ok(Flow::Next);
            }
        }
        self.step(op, x)
    }
}
