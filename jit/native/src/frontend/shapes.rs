//! Shapes of objects: sites that saw several of them, and which shapes stay.
//!
//! A site with up to four shapes is compiled for all of them. Where they lead to the same place,
//! one guard tests for the set; where they differ, the ways part by shape, each with what it then
//! knows, and meet again behind the instruction. A shape that no object has ever left is relied
//! upon ([`Assumption::Shape`]), so that it need not be tested again behind each call.

use taipan_abi::resume::{ObjectKind, Reason};
use taipan_ssa::graph::Alias;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Terminator, Type, Value};
use taipan_vm::machine::assumptions::Assumption;
use taipan_vm::{Thread, Value as Object};

use super::plan::Want;
use super::state::{Abs, State};
use super::{Builder, Edge, Failure};

/// A callable that depends on the receiver's shape.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The receiver.
    pub receiver: Value,
    /// Callable by shapes.
    pub cases: Vec<(Vec<u32>, Object)>,
    /// Number of calls made when it was chosen.
    pub calls: u32,
}

/// The shape of ints or of floats?
pub fn is_of_numbers(shape: u32) -> bool {
    use taipan_vm::types::T;
    [T::Int, T::Float].map(super::shape_of).contains(&shape)
}

impl Builder<'_> {
    /// Can an object of this shape get another one behind the unit's back? If not, this is relied on.
    pub fn may_change(&mut self, shape: u32) -> bool {
        if !taipan_vm::machine::can_change_shape(self.th, shape) {
            return false;
        }
        if !taipan_vm::machine::is_stable_shape(self.th, shape) {
            return true;
        }
        self.assume(Assumption::Shape(shape));
        false
    }

    /// As [`Builder::may_change`], of any shape of a set.
    pub fn any_may_change(&mut self, set: u32) -> bool {
        let shapes = self.plan.shape_sets[set as usize].clone();
        shapes.into_iter().any(|s| self.may_change(s))
    }

    /// Does what was relied on still hold? Shapes may have been left since, and a name that was taken
    /// for a constant may be stored further on in the unit ([`Builder::store_name`]).
    pub fn relies_on_what_holds(&self) -> bool {
        // (Walking into code for the first time may have told that variables are looked at.)
        let kept = self.plan.keep || !self.th.vm().variables_are_seen.get();
        let holds = |a: &Assumption| match a {
            Assumption::Shape(s) => taipan_vm::machine::is_stable_shape(self.th, *s),
            Assumption::Name(..) => !self.th.vm().assumptions.is_unstable(*a),
            _ => true,
        };
        kept && self.assumptions.iter().all(holds)
    }

    /// May an object of this type get another shape?
    fn type_may_change(&mut self, t: Type) -> bool {
        (t.shape != 0 && self.may_change(t.shape))
            || (t.shapes != 0 && self.any_may_change(t.shapes - 1))
    }

    /// The shapes that an object at an attribute site can have: known, or as the interpreter saw
    /// them. None when there are too many.
    pub fn site_shapes(&mut self, v: Abs, fb: u32) -> Vec<u32> {
        let v = match v {
            Abs::O(o) => {
                return match self.state.objects[o as usize].kind {
                    ObjectKind::Instance(shape, _) => vec![shape],
                    _ => Vec::new(),
                };
            }
            Abs::V(v) => v,
            Abs::Unbound => return Vec::new(),
        };
        let t = self.ty(v);
        if t.within(kinds::OBJECT) {
            if t.shape != 0 {
                return vec![t.shape];
            }
            if t.shapes != 0 {
                return self.plan.shape_sets[t.shapes as usize - 1].clone();
            }
        }
        if let Some(o) = self.known(v) {
            return o.header().map(|h| h.shape().0).into_iter().collect();
        }
        if !t.may_be(kinds::OBJECT) || self.is_general() {
            return Vec::new();
        }
        let seen = self.seen_shapes(fb);
        // A number can be in the word, where it has no shape that could be tested.
        match seen.len() > 1 && seen.iter().any(|s| is_of_numbers(*s)) {
            true => Vec::new(),
            false => seen,
        }
    }

    /// As [`Builder::site_shapes`]; where an object is known to have one of some shapes of which not
    /// all are `possible`, those that the site itself saw.
    pub fn shapes_with(
        &mut self,
        v: Abs,
        fb: u32,
        possible: &mut dyn FnMut(&mut Thread, u32) -> bool,
    ) -> Vec<u32> {
        let mut shapes = self.site_shapes(v, fb);
        let seen = self.seen_shapes(fb);
        if shapes.len() > 1
            && !self.is_general()
            && shapes.iter().any(|s| seen.contains(s))
            && !shapes.iter().all(|s| possible(self.th, *s))
        {
            shapes.retain(|s| seen.contains(s));
        }
        shapes
    }

    /// A tagged value that is an object with one of these shapes; leaves unless it is.
    pub fn shapes(&mut self, v: Value, set: u32) -> Value {
        let members = self.plan.shape_sets[set as usize].clone();
        if let [one] = members[..] {
            return self.shape(v, one);
        }
        let t = self.tag(v);
        let ty = self.ty(t);
        if ty.within(kinds::OBJECT)
            && (ty.shapes == set + 1
                || members.contains(&ty.shape)
                || (ty.shapes != 0
                    && self.plan.shape_sets[ty.shapes as usize - 1]
                        .iter()
                        .all(|s| members.contains(s))))
        {
            return t;
        }
        self.want(t, Want::Shapes(set));
        let state = self.state_here(Reason::Shape);
        let g = self.push_state(
            Op::GuardShapes,
            &[t],
            set as i64,
            Rep::Tagged,
            Type::one_of(set),
            state,
        );
        self.state.replace(t, g);
        g
    }

    /// Is the object, known to have one of the shapes of a set, of one of these?
    pub fn has_one_of(&mut self, v: Value, shapes: &[u32]) -> Value {
        let set = self.plan.shape_set(shapes);
        let changes = self.any_may_change(set);
        let is = self.push(Op::HasShapes, &[v], set as i64, Rep::Bool, Type::BOOL);
        if changes {
            self.set_alias(Alias::Shape);
        }
        is
    }

    /// Notes that an object has one of these shapes here.
    pub fn narrow_shapes(&mut self, v: Value, shapes: &[u32]) {
        let ty = match shapes {
            [one] => Type::shape(*one),
            many => Type::one_of(self.plan.shape_set(many)),
        };
        self.state.narrow(v, ty);
    }

    /// Parts the ways by the shape of `v`, which is known to have one of all the groups' shapes. Each
    /// way runs `each`, which gives what goes to `dst`, or None when it has ended.
    pub fn by_shape(
        &mut self,
        v: Value,
        groups: &[Vec<u32>],
        dst: u16,
        mut each: impl FnMut(&mut Self, usize) -> Result<Option<Abs>, Failure>,
    ) -> Result<Option<Abs>, Failure> {
        let conditions = groups.len() - 1;
        self.part(
            groups.len(),
            dst,
            |b, i| (i < conditions).then(|| b.has_one_of(v, &groups[i])),
            |b, i| {
                b.narrow_shapes(v, &groups[i]);
                each(b, i)
            },
        )
    }

    /// Parts the ways: way `i` is taken when its condition holds and none before did; the last one
    /// has none.
    pub fn part(
        &mut self,
        ways: usize,
        dst: u16,
        mut condition: impl FnMut(&mut Self, usize) -> Option<Value>,
        mut each: impl FnMut(&mut Self, usize) -> Result<Option<Abs>, Failure>,
    ) -> Result<Option<Abs>, Failure> {
        let (pc, next_pc, destination) = (self.pc, self.next_pc, self.destination);
        let mut edges = Vec::with_capacity(ways);
        let mut before = State::default();
        for i in 0..ways {
            let c = condition(self, i);
            let mut rest = None;
            if let Some(c) = c {
                let (yes, no) = (self.graph.new_block(), self.graph.new_block());
                self.end(Terminator::Branch(c, yes, no));
                rest = Some((no, self.state.clone()));
                self.block = yes;
            }
            before = self.state.clone();
            let value = each(self, i)?;
            self.pc = pc;
            self.next_pc = next_pc;
            self.destination = destination;
            if let Some(value) = value {
                self.state.set(dst as usize, value);
                edges.push(Edge {
                    block: self.block,
                    state: std::mem::take(&mut self.state),
                });
            }
            if let Some((block, state)) = rest {
                self.block = block;
                self.state = state;
            }
        }
        if edges.is_empty() {
            // What follows is never reached, but it is walked in a state.
            self.block = self.graph.new_block();
            self.state = before;
            return Ok(None);
        }
        Ok(Some(self.meet(edges, dst)))
    }

    /// Ways that meet again behind a part of the instruction being walked, with its value in `dst`.
    pub fn meet(&mut self, edges: Vec<Edge>, dst: u16) -> Abs {
        let activation = edges[0].state.frames.last().map_or(0, |f| f.activation);
        let mut live = self.live_at(&edges[0].state, self.next_pc);
        if let Some(frame) = live.last_mut() {
            if let Some(l) = frame.get_mut(dst as usize) {
                *l = true;
            }
            // What the instruction still reads of the caller's registers is live too.
            let here = self.activations[activation].facts.liveness.live_in(self.pc);
            for (r, l) in frame.iter_mut().enumerate() {
                *l |= here.is_some_and(|h| h.contains(r as u16));
            }
        }
        let edge = self.merge(edges, &live);
        self.block = edge.block;
        self.state = edge.state;
        self.state.get(dst as usize)
    }

    /// An object of this shape got another one: values that may be the same object lose the
    /// knowledge.
    pub fn forget_shapes(&mut self, shape: u32, except: Value) {
        self.forget_where(
            |b, t| {
                t.shape == shape
                    || (t.shapes != 0 && b.plan.shape_sets[t.shapes as usize - 1].contains(&shape))
            },
            Some(except),
        );
    }

    /// After a call, objects may have other shapes than they were guarded to have.
    pub fn forget_instance_shapes(&mut self) {
        self.forget_where(|b, t| b.type_may_change(t), None);
    }

    fn forget_where(
        &mut self,
        mut changes: impl FnMut(&mut Self, Type) -> bool,
        except: Option<Value>,
    ) {
        let narrowed = std::mem::take(&mut self.state.narrowed);
        let narrowed = narrowed
            .into_iter()
            .filter(|(v, t)| {
                Some(*v) == except || (t.shape == 0 && t.shapes == 0) || !changes(self, *t)
            })
            .collect();
        self.state.narrowed = narrowed;
        let mut seen: Vec<Value> = Vec::new();
        self.state.for_each_value(|v| {
            if Some(v) != except && !seen.contains(&v) {
                seen.push(v);
            }
        });
        for v in seen {
            let t = self.graph.ty(v);
            if (t.shape != 0 || t.shapes != 0) && changes(self, t) {
                let plain = self.push(Op::Retype, &[v], 0, Rep::Tagged, Type::of(kinds::OBJECT));
                self.state.replace(v, plain);
            }
        }
    }

    /// Keeps of what is known at a loop's header beside its registers only shapes that stay.
    pub fn keep_stable_knowledge(&mut self) {
        let facts = std::mem::take(&mut self.state.facts);
        self.state.facts = facts
            .into_iter()
            .filter(|f| {
                let t = self.graph.ty(f.value);
                !self.type_may_change(t)
            })
            .collect();
        let narrowed = std::mem::take(&mut self.state.narrowed);
        self.state.narrowed = narrowed
            .into_iter()
            .filter(|(_, t)| !self.type_may_change(*t))
            .collect();
    }
}
