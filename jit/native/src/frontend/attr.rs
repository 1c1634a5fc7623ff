//! Attributes and methods.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_bytecode::encode::Operands;
use taipan_bytecode::opcode::Opcode;
use taipan_ssa::graph::Alias;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::feedback::CacheKind;
use taipan_vm::machine::{AttributePlace, StorePlace};
use taipan_vm::object::buffer::ValueBuffer;
use taipan_vm::object::{Gc, Kind};
use taipan_vm::types::str_::Str;
use taipan_vm::{Thread, Value as Object};

use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure};

fn has_attribute(th: &mut Thread, shape: u32, name: Gc<Str>) -> bool {
    let place = taipan_vm::machine::find_attribute(th, shape, name);
    !matches!(place, AttributePlace::Unknown)
}

impl Builder<'_> {
    fn never_run(&self, v: Abs, fb: u32) -> bool {
        let s = self.sight(fb);
        !self.is_general()
            && s.kind == taipan_vm::feedback::CacheKind::Empty
            && s.shape == 0
            && s.seen == 0
            && !matches!(v, Abs::O(_))
            && !matches!(v, Abs::V(x) if self.ty(x).shape != 0 || self.known(x).is_some())
    }

    /// `R[a] = R[b].name`
    pub fn load_attr(&mut self, a: usize, b: usize, name: u32, fb: u32) -> Result<Flow, Failure> {
        self.guard_class(b, fb);
        let v = self.state.get(b);
        let (n, n_value) = self.name(name);
        let shapes = self.shapes_with(v, fb, &mut |th, s| has_attribute(th, s, n));
        if let Some(r) = self.load_places(v, &shapes, n, a as u16)? {
            self.state.set(a, r);
            return Ok(Flow::Next);
        }
        if let Some(m) = self.known_abs(v)
            && let Some(r) = self.module_attribute(m, n)
        {
            self.state.set(a, Abs::V(r));
            return Ok(Flow::Next);
        }
        let v = self.state.get(b);
        let o = self.tagged(v);
        let slot = self.slot_address(fb);
        let r = self.call_helper(Helper::load_attr, &[slot, o, n_value], Type::ANY);
        self.state.set(a, Abs::V(r));
        Ok(Flow::Next)
    }

    /// Where only one class object was seen, the register holds it from here on.
    fn guard_class(&mut self, b: usize, fb: u32) {
        let Abs::V(v) = self.state.get(b) else {
            return;
        };
        let slot = self.slot(fb);
        let one = matches!(
            slot.kind.get(),
            CacheKind::TypeAttribute | CacheKind::TypeMethod
        ) && slot.cases().count() == 1;
        if one
            && self.known(v).is_none()
            && !self.is_general()
            && let Some(class) = Object::from_bits(slot.value2.get())
        {
            let class = self.identity(v, class);
            self.state.set(b, Abs::V(class));
        }
    }

    /// An attribute of an object with one of these shapes; None when it takes the general way.
    fn load_places(
        &mut self,
        v: Abs,
        shapes: &[u32],
        n: Gc<Str>,
        dst: u16,
    ) -> Result<Option<Abs>, Failure> {
        match (shapes, v) {
            ([], _) => Ok(None),
            ([shape], _) => {
                let place = taipan_vm::machine::find_attribute(self.th, *shape, n);
                let v = match v {
                    Abs::V(x) if !matches!(place, AttributePlace::Unknown) => {
                        Abs::V(self.shape(x, *shape))
                    }
                    v => v,
                };
                self.load_place(v, place)
            }
            (_, Abs::V(x)) => {
                let mut groups: Vec<(Vec<u32>, AttributePlace)> = Vec::new();
                for s in shapes {
                    let place = taipan_vm::machine::find_attribute(self.th, *s, n);
                    if matches!(place, AttributePlace::Unknown) {
                        return Ok(None);
                    }
                    match groups.iter_mut().find(|(_, p)| p.same(&place)) {
                        Some((g, _)) => {
                            g.push(*s);
                            self.assume_place(&place);
                        }
                        None => groups.push((vec![*s], place)),
                    }
                }
                let set = self.plan.shape_set(shapes);
                let x = self.shapes(x, set);
                if groups.len() == 1 {
                    let (_, place) = groups.remove(0);
                    return self.load_place(Abs::V(x), place);
                }
                let by: Vec<Vec<u32>> = groups.iter().map(|(g, _)| g.clone()).collect();
                self.by_shape(x, &by, dst, |b, i| {
                    b.load_place(Abs::V(x), groups[i].1.clone())
                })
            }
            _ => Ok(None),
        }
    }

    fn assume_place(&mut self, place: &AttributePlace) {
        match place {
            AttributePlace::Slot(_, _, a)
            | AttributePlace::Member(_, _, a)
            | AttributePlace::Overflow(_, _, a)
            | AttributePlace::Class(_, a)
            | AttributePlace::Method(_, a)
            | AttributePlace::Property(_, a) => self.assume(*a),
            AttributePlace::Unknown => {}
        }
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

    /// An attribute of an object whose shape has been tested.
    fn load_place(&mut self, v: Abs, place: AttributePlace) -> Result<Option<Abs>, Failure> {
        self.assume_place(&place);
        match place {
            AttributePlace::Slot(index, offset, _) | AttributePlace::Member(index, offset, _) => {
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
                        let alias = Alias::Slot(offset as u16);
                        let known = self.state.fact(x, offset);
                        let v = match (known, place) {
                            (Some(f), _) => f,
                            (_, AttributePlace::Member(..)) => self.load_bound(x, offset, alias),
                            _ => self.load(x, offset, alias, Type::ANY),
                        };
                        Ok(Some(Abs::V(v)))
                    }
                    Abs::Unbound => Ok(None),
                }
            }
            AttributePlace::Overflow(word, index, _) => {
                let Abs::V(x) = v else {
                    return Ok(None);
                };
                let buffer = self.overflow(x, word);
                let offset = ValueBuffer::DATA_OFFSET as i32 + 8 * index as i32;
                if let Some(f) = self.state.fact(buffer, offset) {
                    return Ok(Some(Abs::V(f)));
                }
                let g = self.load_bound(buffer, offset, Alias::Overflow(index));
                Ok(Some(Abs::V(g)))
            }
            AttributePlace::Class(value, _) => Ok(Some(Abs::V(self.constant_object(value)))),
            AttributePlace::Method(f, _) => {
                let f = self.constant_object(f);
                Ok(Some(
                    self.state
                        .add_object(ObjectKind::BoundMethod, vec![Abs::V(f), v]),
                ))
            }
            AttributePlace::Property(getter, _) => self.call_known(getter, &[v]).map(Some),
            AttributePlace::Unknown => Ok(None),
        }
    }

    /// The value in a slot, which is known afterwards; leaves when the slot is empty.
    fn load_bound(&mut self, base: Value, offset: i32, alias: Alias) -> Value {
        let (at, ty) = (offset as i64, Type::ANY_OR_UNBOUND);
        let l = self.push(Op::Load, &[base], at, Rep::Tagged, ty);
        self.set_alias(alias);
        let s = self.state_here(Reason::Unbound);
        let g = self.push_state(Op::GuardBound, &[l], 0, Rep::Tagged, Type::ANY, s);
        self.state.add_fact(base, offset, alias, g);
        g
    }

    /// The buffer of an object that has attributes behind its inline slots.
    fn overflow(&mut self, x: Value, word: i32) -> Value {
        self.load(x, word, Alias::Slot(word as u16), Type::ANY)
    }

    /// `R[a].name = R[b]`
    pub fn store_attr(&mut self, a: usize, b: usize, name: u32, fb: u32) -> Result<Flow, Failure> {
        let o = self.state.get(a);
        let (n, n_value) = self.name(name);
        let shapes = self.shapes_with(o, fb, &mut |th, s| {
            taipan_vm::machine::find_store(th, s, n).is_some()
        });
        if self.store_places(a, b, &shapes, n)? {
            return Ok(Flow::Next);
        }
        let (o, v) = (self.state.get(a), self.state.get(b));
        let (o, v) = (self.tagged(o), self.tagged(v));
        let slot = self.slot_address(fb);
        self.call_helper(Helper::store_attr, &[slot, o, n_value, v], Type::RAW);
        Ok(Flow::Next)
    }

    /// Stores an attribute of an object with one of these shapes; false when it takes the general
    /// way.
    fn store_places(
        &mut self,
        a: usize,
        b: usize,
        shapes: &[u32],
        n: Gc<Str>,
    ) -> Result<bool, Failure> {
        let mut places = Vec::with_capacity(shapes.len());
        let mut assumptions = Vec::with_capacity(shapes.len());
        for s in shapes {
            match taipan_vm::machine::find_store(self.th, *s, n) {
                Some((place, assumption)) => {
                    places.push(place);
                    assumptions.push(assumption);
                }
                None => return Ok(false),
            }
        }
        assumptions.into_iter().for_each(|x| self.assume(x));
        for (s, place) in shapes.iter().zip(&places) {
            if matches!(place, StorePlace::Slot(_, _, after) if after != s) {
                taipan_vm::machine::shape_will_be_left(self.th, *s);
            }
        }
        match (self.state.get(a), &places[..]) {
            (_, []) => return Ok(false),
            (Abs::O(id), [StorePlace::Slot(index, _, after)]) => {
                let i = *index as usize;
                let fields = &mut self.state.objects[id as usize].fields;
                while fields.len() <= i {
                    fields.push(Abs::Unbound);
                }
                let v = self.state.get(b);
                self.set_field(id, i, v);
                // Otherwise making the value made the object: it is stored below.
                if let Abs::O(id) = self.state.get(a) {
                    if let ObjectKind::Instance(s, _) = &mut self.state.objects[id as usize].kind {
                        *s = *after;
                    }
                    return Ok(true);
                }
            }
            _ => {}
        }
        let Abs::V(x) = self.state.get(a) else {
            return Ok(false);
        };
        let v = match self.state.get(b) {
            Abs::V(v) => v,
            v => self.tagged(v),
        };
        let t = self.tag(v);
        let set = self.plan.shape_set(shapes);
        let x = self.shapes(x, set);
        let stays = |i: usize| match places[i] {
            StorePlace::Slot(_, _, after) => after == shapes[i],
            StorePlace::Overflow(..) => true,
        };
        let same = |i: usize| match (&places[i], &places[0]) {
            (StorePlace::Slot(_, x, _), StorePlace::Slot(_, y, _)) => x == y,
            (x, y) => x == y,
        };
        if (0..shapes.len()).all(|i| stays(i) && same(i)) || shapes.len() == 1 {
            self.store_place(x, shapes[0], &places[0], v, t);
            return Ok(true);
        }
        let by: Vec<Vec<u32>> = shapes.iter().map(|s| vec![*s]).collect();
        // No register is written; the receiver's keeps it.
        self.by_shape(x, &by, a as u16, |builder, i| {
            builder.store_place(x, by[i][0], &places[i], v, t);
            Ok(Some(builder.state.get(a)))
        })?;
        Ok(true)
    }

    /// Stores in a slot of an object of this shape, which has another shape afterwards.
    fn store_place(&mut self, x: Value, shape: u32, place: &StorePlace, v: Value, t: Value) {
        let (offset, after) = match *place {
            StorePlace::Slot(_, offset, after) => (offset, after),
            StorePlace::Overflow(word, index) => {
                let buffer = self.overflow(x, word);
                let offset = ValueBuffer::DATA_OFFSET as i32 + 8 * index as i32;
                self.store(buffer, offset, Alias::Overflow(index), v);
                return;
            }
        };
        self.push(Op::Store, &[x, t], offset as i64, Rep::Tagged, Type::ANY);
        self.set_alias(Alias::Slot(offset as u16));
        self.state.clobber(Alias::Slot(offset as u16));
        if after == shape {
            self.barrier(x, t);
            self.state
                .add_fact(x, offset, Alias::Slot(offset as u16), v);
            return;
        }
        let s = self.constant_raw_int(after as i64);
        self.push(Op::StoreHalf, &[x, s], 0, Rep::Int, Type::RAW);
        self.set_alias(Alias::Shape);
        // The class behind the new shape is the same, so only the value matters.
        let known = self.push(Op::Retype, &[x], 0, Rep::Tagged, Type::shape(after));
        self.barrier(x, t);
        self.state.replace(x, known);
        // Others may be the same object under another name.
        self.forget_shapes(shape, known);
        self.state
            .add_fact(known, offset, Alias::Slot(offset as u16), v);
    }

    /// For `R[b].name(…)`: `R[a]` the callable, `R[a+1]` the receiver or unbound.
    pub fn load_method(&mut self, a: usize, b: usize, name: u32, fb: u32) -> Result<Flow, Failure> {
        let v = self.state.get(b);
        let (n, n_value) = self.name(name);
        if self.never_run(v, fb) && self.builtin_receiver(v).is_none() {
            self.leave(Reason::Untaken);
            return Ok(Flow::Ended);
        }
        self.guard_class(b, fb);
        let v = self.state.get(b);
        if let Some(class) = self.known_abs(v)
            && let Some((f, true, assumption)) =
                taipan_vm::machine::class_attribute(self.th, class, n)
            && !self.th.vm().assumptions.is_unstable(assumption)
        {
            self.assume(assumption);
            let f = self.constant_object(f);
            self.state.set(a, Abs::V(f));
            self.state.set(a + 1, v);
            return Ok(Flow::Next);
        }
        let mut shapes = match self.builtin_receiver(v) {
            Some(s) => vec![s],
            None => self.shapes_with(v, fb, &mut |th, s| has_attribute(th, s, n)),
        };
        if let (Abs::V(x), [shape], None) = (v, &shapes[..], self.builtin_receiver(v)) {
            // Numbers of both forms, in the word and on the heap, are of one shape.
            let numbers = [taipan_vm::types::T::Int, taipan_vm::types::T::Float];
            match numbers.map(|t| *shape == super::shape_of(t)) {
                _ if self.ty(x).within(kinds::OBJECT) => {}
                [true, _] | [_, true] if self.is_general() => shapes.clear(),
                [true, _] => drop(self.int(x)),
                [_, true] => drop(self.float(x)),
                _ => {}
            }
        }
        let v = self.state.get(b);
        if self.load_methods(a, v, &shapes, n)? {
            return Ok(Flow::Next);
        }
        if let Some(m) = self.known_abs(v)
            && let Some(r) = self.module_attribute(m, n)
        {
            self.state.set(a, Abs::V(r));
            self.state.set(a + 1, Abs::Unbound);
            return Ok(Flow::Next);
        }
        let v = self.state.get(b);
        let o = self.tagged(v);
        let slot = self.slot_address(fb);
        let f = self.call_helper(Helper::load_method, &[slot, o, n_value], Type::ANY);
        let r = self.push(Op::Second, &[], 0, Rep::Tagged, Type::ANY_OR_UNBOUND);
        self.set_alias(Alias::Thread);
        self.state.set(a, Abs::V(f));
        self.state.set(a + 1, Abs::V(r));
        Ok(Flow::Next)
    }

    /// `LoadSpecial`: a method of the `with` protocol, of an object of known class; false when it takes
    /// the general way.
    pub fn load_special(&mut self, a: usize, b: usize, which: u16) -> Result<bool, Failure> {
        let v = self.state.get(b);
        let names = self.th.names();
        let n = match which {
            0 => names.__enter__,
            1 => names.__exit__,
            2 => names.__aenter__,
            _ => names.__aexit__,
        };
        let shape = match v {
            Abs::V(v) if self.ty(v).within(kinds::OBJECT) => self.ty(v).shape,
            Abs::O(o) => match self.state.objects[o as usize].kind {
                ObjectKind::Instance(shape, _) => shape,
                _ => 0,
            },
            _ => 0,
        };
        // (What an instance has of that name does not count.)
        if shape == 0
            || !matches!(
                taipan_vm::machine::find_attribute(self.th, shape, n),
                AttributePlace::Method(..)
            )
        {
            return Ok(false);
        }
        self.load_methods(a, v, &[shape], n)
    }

    /// Callable and receiver for objects with one of these shapes; false when it takes the general
    /// way.
    fn load_methods(
        &mut self,
        a: usize,
        v: Abs,
        shapes: &[u32],
        n: Gc<Str>,
    ) -> Result<bool, Failure> {
        let mut cases: Vec<(Vec<u32>, Object)> = Vec::new();
        let mut assumptions = Vec::new();
        let mut others = 0;
        for s in shapes {
            match taipan_vm::machine::find_attribute(self.th, *s, n) {
                AttributePlace::Method(f, assumption) => {
                    assumptions.push(assumption);
                    match cases.iter_mut().find(|(_, g)| g.is(f)) {
                        Some((g, _)) => g.push(*s),
                        None => cases.push((vec![*s], f)),
                    }
                }
                AttributePlace::Unknown => return Ok(false),
                _ => others += 1,
            }
        }
        if others > 0 {
            if !cases.is_empty() {
                return Ok(false);
            }
            if let Some(r) = self.load_places(v, shapes, n, a as u16)? {
                self.state.set(a, r);
                self.state.set(a + 1, Abs::Unbound);
                return Ok(true);
            }
            return Ok(false);
        }
        if cases.is_empty() {
            return Ok(false);
        }
        assumptions.into_iter().for_each(|x| self.assume(x));
        let receiver = match v {
            Abs::V(x) if self.builtin_receiver(v).is_none() => {
                let set = self.plan.shape_set(shapes);
                Abs::V(self.shapes(x, set))
            }
            v => v,
        };
        let callable = match (&cases[..], receiver) {
            ([(_, f)], _) => self.constant_object(*f),
            (_, Abs::V(x)) => {
                let mut f = self.constant_object(cases[0].1);
                for (shapes, g) in &cases[1..] {
                    let is = self.has_one_of(x, shapes);
                    let g = self.constant_object(*g);
                    f = self.push(Op::Select, &[is, g, f], 0, Rep::Tagged, Type::ANY);
                }
                let calls = self.calls;
                self.chosen.insert(
                    f,
                    super::shapes::Chosen {
                        receiver: x,
                        cases,
                        calls,
                    },
                );
                f
            }
            _ => return Ok(false),
        };
        self.state.set(a, Abs::V(callable));
        self.state.set(a + 1, receiver);
        Ok(true)
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

    /// The class behind which a `LoadSuperMethod` searched.
    fn class_seen(&self, fb: u32) -> Option<Object> {
        let method = self.sight(fb).kind == CacheKind::Method && !self.is_general();
        let class = Object::from_bits(self.slot(fb).value2.get());
        class.filter(|c| method && c.kind() == Kind::Type)
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
        let (n, _) = self.name(name);
        let (sup, class, this) = (
            self.state.get(a),
            self.state.get(a + 1),
            self.state.get(a + 2),
        );
        let shape = match this {
            Abs::O(o) => match self.state.objects[o as usize].kind {
                ObjectKind::Instance(s, _) => s,
                _ => 0,
            },
            Abs::V(v) => {
                let t = self.ty(v);
                match t.shape != 0 && t.within(kinds::OBJECT) {
                    true => t.shape,
                    false if t.may_be(kinds::OBJECT) => self.iterated_shape(fb),
                    false => 0,
                }
            }
            Abs::Unbound => 0,
        };
        let after = self.known_abs(class).or_else(|| self.class_seen(fb));
        if let (Some(sup), Some(after)) = (self.known_abs(sup), after)
            && shape != 0
            && let Some((f, assumption)) =
                taipan_vm::machine::find_super_method(self.th, sup, after, shape, n)
        {
            let class = self.tagged(class);
            self.identity(class, after);
            let this = match this {
                Abs::V(v) => Abs::V(self.shape(v, shape)),
                this => this,
            };
            self.assume(assumption);
            let f = self.constant_object(f);
            self.state.set(a, Abs::V(f));
            self.state.set(a + 1, this);
            return Ok(Flow::Next);
        }
        self.step(op, x)
    }
}
