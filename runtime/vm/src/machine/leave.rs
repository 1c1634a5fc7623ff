//! Leaving compiled code: machine state becomes interpreter frames.

use taipan_abi::resume::{
    Exit, FrameRecipe, INTERPRET, ObjectKind, RAISED, Reason, Source, Stands,
};

use super::unit::Unit;
use crate::Thread;
use crate::interp::frame::flags;
use crate::interp::ops::calls;
use crate::object::{Gc, Result, ShapeId, Value};
use crate::types::T;
use crate::types::bytes::Bytes;
use crate::types::code::Code;
use crate::types::function::Function;
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

impl Thread {
    /// Restores the frames of an exit and gives the marker that compiled code returns.
    pub(crate) fn leave_machine(&mut self, unit: &Unit, number: usize) -> u64 {
        let number = match unit.exits().get(number).and_then(|e| e.raised) {
            Some((word, other)) if self.machine.exit[word as usize] == 0 => other as usize,
            _ => number,
        };
        let Some(exit) = unit.exits().get(number) else {
            return RAISED;
        };
        if let Some(n) = unit.taken().get(number) {
            n.set(n.get().saturating_add(1));
        }
        let restored = if exit.shown {
            self.complete_frames(exit)
        } else {
            self.restore_frames(unit, exit)
        };
        if let Err(e) = restored {
            let _ = e;
            return RAISED;
        }
        match exit.reason {
            Reason::Raised => return RAISED,
            Reason::Caught => {
                if let Some(tier) = self.vm().tier.get() {
                    tier.left(self, unit, number);
                }
                return RAISED;
            }
            Reason::Safepoint if self.has_requests() && self.serve_requests().is_err() => {
                return RAISED;
            }
            Reason::Stress => {
                self.machine.exit_countdown = self.machine.exit_every;
            }
            _ => {}
        }
        if exit.reason != Reason::Safepoint {
            unit.left.set(unit.left.get().saturating_add(1));
            if let Some(tier) = self.vm().tier.get() {
                tier.left(self, unit, number);
            }
        }
        INTERPRET
    }

    /// The records are there, and the variables in the windows; what else is read again follows.
    fn complete_frames(&mut self, exit: &Exit) -> Result<()> {
        let objects = self.restore_objects(exit)?;
        let n = exit.frames.len();
        for (i, recipe) in exit.frames.iter().enumerate() {
            let construct = recipe.construct.and_then(|o| self.source(o, &objects));
            let Some(frame) = self.stacks.at(n - 1 - i) else {
                return Ok(());
            };
            frame.pc = frame.code.words().wrapping_add(recipe.pc as usize);
            if i > 0 {
                frame.dst = recipe.dst;
                if let Some(object) = construct {
                    frame.flags = flags::CONSTRUCT;
                    frame.result = object.bits();
                }
                if let Some(g) = recipe.generator.and_then(|g| source_in(g, &objects)) {
                    frame.flags = flags::GENERATOR | flags::FOR_ITER;
                    frame.generator = g.bits();
                }
            }
            for r in frame.code.data.varnames.len()..frame.code.registers as usize {
                if !is_cell(frame.code, r) {
                    frame.set_reg(r, None);
                }
            }
            for (r, source) in &recipe.registers {
                let v = self.source(*source, &objects);
                frame.set_reg(*r as usize, v);
            }
        }
        Ok(())
    }

    fn restore_frames(&mut self, unit: &Unit, exit: &Exit) -> Result<()> {
        let objects = self.restore_objects(exit)?;
        // What was being handled when the next frame was entered.
        let mut handled = match self.stacks.current() {
            Some(f) if f.own_handled != 0 => f.own_handled,
            Some(f) => f.entry_handled,
            None => 0,
        };
        for (i, recipe) in exit.frames.iter().enumerate() {
            if i > 0 {
                self.push_recipe(recipe, &objects)?;
            }
            let own = recipe.handled.and_then(|o| self.source(o, &objects));
            let Some(frame) = self.stacks.current() else {
                return Ok(());
            };
            if i > 0 {
                frame.entry_handled = handled;
                if let Some(e) = own {
                    frame.own_handled = e.bits();
                    handled = e.bits();
                }
            }
            frame.pc = frame.code.words().wrapping_add(recipe.pc as usize);
            let n = frame.code.registers as usize;
            // Unbound first: dead registers must not look bound. What is not read again may still be looked
            // for by `super()`: arguments, and cells where the interpreter had run before.
            // SAFETY: the window has `n` registers.
            unsafe {
                // (The outermost frame's window has its variables, but for those that are listed.)
                let first = frame.code.data.varnames.len().min(n);
                if i > 0 {
                    std::ptr::write_bytes(frame.regs, 0, first);
                }
                let keep_cells = i == 0 && unit.header.is_some();
                for r in first..n {
                    if !(keep_cells && is_cell(frame.code, r)) {
                        *frame.regs.add(r) = 0;
                    }
                }
            }
            for (r, source) in &recipe.registers {
                let v = self.source(*source, &objects);
                frame.set_reg(*r as usize, v);
            }
        }
        Ok(())
    }

    /// Pushes the record of an inlined frame; its registers are unbound.
    fn push_recipe(&mut self, recipe: &FrameRecipe, objects: &[Value]) -> Result<()> {
        let Some(function) = self
            .source(recipe.function, objects)
            .and_then(|v| v.downcast::<Function>())
        else {
            return Err(self.system_error("inlined frame without function"));
        };
        let Some(code) = Value::from_bits(recipe.code).and_then(|v| v.downcast::<Code>()) else {
            return Err(self.system_error("inlined frame without code"));
        };
        let window = self.stacks.top();
        let fl = if recipe.construct.is_some() {
            flags::CONSTRUCT
        } else if recipe.generator.is_some() {
            flags::GENERATOR | flags::FOR_ITER
        } else {
            0
        };
        let frame = self.push_frame(function, code, window, 0, recipe.dst, fl)?;
        // SAFETY: the record was just pushed.
        unsafe {
            (*frame).pc = code.words().wrapping_add(recipe.pc as usize);
            if let Some(object) = recipe.construct {
                (*frame).result = self.source(object, objects).map_or(0, Value::bits);
            }
            if let Some(g) = recipe.generator.and_then(|g| source_in(g, objects)) {
                (*frame).generator = g.bits();
            }
        }
        Ok(())
    }

    fn source(&mut self, s: Source, objects: &[Value]) -> Option<Value> {
        match s {
            Source::Tagged(i) => Value::from_bits(self.machine.exit[i as usize]),
            Source::Int(i) => {
                let n = self.machine.exit[i as usize] as i64;
                Some(self.int(n))
            }
            Source::Float(i) => {
                let f = f64::from_bits(self.machine.exit[i as usize]);
                Some(self.float(f))
            }
            Source::Bool(i) => Some(self.bool(self.machine.exit[i as usize] as u8 != 0)),
            Source::Constant(w) => Value::from_bits(w),
            Source::ConstantInt(n) => Some(self.int(n)),
            Source::Object(i) => objects.get(i as usize).copied(),
        }
    }

    fn number(&mut self, s: Option<&Source>) -> i64 {
        match s {
            Some(Source::Int(i)) => self.machine.exit[*i as usize] as i64,
            Some(Source::ConstantInt(n)) => *n,
            Some(Source::Tagged(i)) => self.machine.exit[*i as usize] as i64 >> 2,
            Some(Source::Constant(w)) => *w as i64 >> 2,
            _ => 0,
        }
    }

    fn restore_objects(&mut self, exit: &Exit) -> Result<super::restored::Restored> {
        let restored = super::restored::Restored::new();
        for recipe in &exit.objects {
            let fields = crate::ValueVec::new();
            let mut bound = Vec::with_capacity(recipe.fields.len());
            for f in &recipe.fields {
                let raw = matches!(
                    recipe.kind,
                    ObjectKind::RangeIterator
                        | ObjectKind::ListIterator
                        | ObjectKind::TupleIterator
                        | ObjectKind::ListReverseIterator
                        | ObjectKind::StrIterator
                        | ObjectKind::BytesIterator
                );
                let v = if raw && matches!(f, Source::Int(_) | Source::ConstantInt(_)) {
                    None
                } else {
                    self.source(*f, restored.as_slice())
                };
                bound.push(v.is_some());
                let v = v.unwrap_or(self.none());
                self.push(&fields, v)?;
            }
            let first = fields.get(0).unwrap_or(self.none());
            let at = |i: usize| fields.get(i).filter(|_| bound.get(i) == Some(&true));
            let object = match recipe.kind {
                ObjectKind::Tuple => self.new_tuple(fields.as_slice()).value(),
                ObjectKind::List => self.list_from_slice(fields.as_slice()).value(),
                ObjectKind::Dict => {
                    let map = crate::interp::ops::build::map(self, fields.as_slice());
                    map?
                }
                ObjectKind::BoundMethod => {
                    let receiver = fields.get(1).unwrap_or(first);
                    self.new_bound_method(first, receiver)
                }
                ObjectKind::Cell => self.new_cell(at(0)).value(),
                ObjectKind::Function(code, home) => {
                    let code = Value::from_bits(code).and_then(|v| v.downcast::<Code>());
                    let home = Value::from_bits(home).and_then(|v| v.downcast::<Function>());
                    let parts = [at(0), at(1), at(2), at(3)];
                    match (code, home) {
                        (Some(code), Some(home)) => {
                            calls::make_function_beside(self, code, home, parts).value()
                        }
                        _ => first,
                    }
                }
                ObjectKind::Range => {
                    let (stop, step) = (
                        fields.get(1).unwrap_or(first),
                        fields.get(2).unwrap_or(first),
                    );
                    crate::types::range::new(self, first, stop, step)
                }
                ObjectKind::RangeIterator => {
                    let next = self.number(recipe.fields.first());
                    let step = self.number(recipe.fields.get(1));
                    let left = self.number(recipe.fields.get(2));
                    crate::types::range::iterator(self, next, step, left.max(0) as u64)
                }
                ObjectKind::ListIterator => {
                    let index = self.number(recipe.fields.get(1));
                    match first.downcast::<List>() {
                        Some(l) => {
                            crate::types::iterators::list_iterator_at(self, l, index as usize)
                        }
                        None => first,
                    }
                }
                ObjectKind::TupleIterator => {
                    let index = self.number(recipe.fields.get(1));
                    match first.downcast::<Tuple>() {
                        Some(t) => {
                            crate::types::iterators::tuple_iterator_at(self, t, index as usize)
                        }
                        None => first,
                    }
                }
                ObjectKind::ListReverseIterator => {
                    let left = self.number(recipe.fields.get(1));
                    match first.downcast::<List>() {
                        Some(l) => {
                            crate::types::iterators::reverse::list_at(self, l, left as usize)
                        }
                        None => first,
                    }
                }
                ObjectKind::StrIterator => {
                    let index = self.number(recipe.fields.get(1));
                    match first.downcast::<Str>() {
                        Some(s) => {
                            crate::types::iterators::str_iterator_at(self, s, index as usize)
                        }
                        None => first,
                    }
                }
                ObjectKind::BytesIterator => {
                    let index = self.number(recipe.fields.get(1));
                    match first.downcast::<Bytes>() {
                        Some(b) => crate::types::bytes::iterator_at(self, b, index as usize),
                        None => first,
                    }
                }
                ObjectKind::Enumerate => {
                    let count = fields.get(1).unwrap_or(first);
                    crate::types::iterators::enumerate::at(self, first, count)
                }
                ObjectKind::Zip => crate::types::iterators::zip::of(self, fields.as_slice()),
                ObjectKind::Generator(_, code, stands) => {
                    let stands = match stands {
                        Stands::Somewhere => {
                            Stands::Suspended(self.number(recipe.fields.get(1)) as u32)
                        }
                        known => known,
                    };
                    let code = Value::from_bits(code).and_then(|v| v.downcast::<Code>());
                    match (first.downcast::<Function>(), code) {
                        (Some(f), Some(code)) => {
                            crate::types::generator::restored(self, f, code, stands, |i| at(i + 2))
                        }
                        _ => first,
                    }
                }
                ObjectKind::Instance(shape, class) => {
                    match Value::from_bits(class).and_then(|v| v.downcast::<Type>()) {
                        Some(class) => {
                            self.restore_instance(class, ShapeId(shape), &fields, &bound)
                        }
                        None => first,
                    }
                }
            };
            self.push(restored.values(), object)?;
        }
        Ok(restored)
    }

    fn restore_instance(
        &mut self,
        class: Gc<Type>,
        shape: ShapeId,
        fields: &crate::ValueVec,
        bound: &[bool],
    ) -> Value {
        let object = crate::types::object::new_instance(self, class);
        if let Some(h) = object.header() {
            h.set_shape(shape);
            let layout = self.shape(shape);
            for (i, v) in fields.as_slice().iter().enumerate() {
                if bound.get(i) == Some(&true) && (i as u16) < layout.inline_capacity {
                    crate::object::attributes::set_inline_slot(h, layout, i as u16, Some(*v));
                }
            }
        }
        object
    }

    /// The fixed shape of a builtin type, for the compiler.
    pub fn exact_shape(t: T) -> u32 {
        t.shape().0
    }
}

fn is_cell(code: Gc<crate::types::code::Code>, r: usize) -> bool {
    let d = &code.data;
    d.freevars
        .iter()
        .chain(&d.cellvars)
        .any(|(_, x)| *x as usize == r)
}

/// A removed object by its number; a generator is nothing else.
fn source_in(s: Source, objects: &[Value]) -> Option<Value> {
    match s {
        Source::Object(i) => objects.get(i as usize).copied(),
        _ => None,
    }
}
