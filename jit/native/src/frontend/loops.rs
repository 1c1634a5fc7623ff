//! Loops: their headers, and the ways back.

use rustc_hash::{FxHashMap, FxHashSet};
use taipan_abi::resume::Reason;
use taipan_ssa::graph::Alias;
use taipan_ssa::types::{INT_MAX, INT_MIN, kinds};
use taipan_ssa::{Block, Op, Rep, Terminator, Type, Value};

use super::generators::{has_open_fields, may_be_open};
use super::objects::is_mutable_field;
use super::plan::{Path, Want, Widen, front_of};
use super::state::{Abs, State};
use super::{Builder, Edge, Failure};

/// A loop whose body is being walked.
pub struct Loop {
    /// Its name across attempts: activation key and header.
    pub key: (u64, u32),
    /// Activation and header.
    pub at: (usize, u32),
    /// Header block.
    pub block: Block,
    /// Parameters and the places they stand for.
    pub parameters: Vec<(Path, Value)>,
    /// The state at the header.
    pub state: State,
    /// Values by place, for guards that are wanted in front.
    pub names: Vec<(Value, Path)>,
}

impl Builder<'_> {
    /// Begins a loop: what can change in it becomes parameters.
    pub fn enter_loop(&mut self, header: u32, edge: Edge) -> Edge {
        self.enter_body(header, header, edge)
    }

    /// As [`Builder::enter_loop`] for the loop that the bytecode has at `of`, with `header` as the
    /// word where ways back meet.
    pub fn enter_body(&mut self, header: u32, of: u32, edge: Edge) -> Edge {
        self.block = edge.block;
        self.state = edge.state;
        self.pc = header;
        let activation = self.activation();
        let key = (self.activations[activation].key, header);
        let plan = self.plan.loops.entry(key).or_default().clone();
        let written = self.activations[activation]
            .facts
            .loops
            .get(&of)
            .cloned()
            .unwrap_or_default();
        let live = self.live_at(&self.state, header);
        for (f, frame) in live.iter().enumerate() {
            for (r, l) in frame.iter().enumerate() {
                let innermost = f + 1 == live.len();
                if !l
                    && let Some(x) = self.state.frames[f].regs.get_mut(r)
                    && (matches!(x, Abs::O(_)) || (innermost && written.contains(&(r as u16))))
                {
                    *x = Abs::Unbound;
                }
            }
        }
        // Objects that must be made, and guards that are wanted, in front.
        for (path, w) in &plan.widened {
            if *w == Widen::Made
                && let Some(Abs::O(o)) = self.at_path(path)
            {
                self.materialize(o);
            }
        }
        let code = self.code().value().bits();
        let untested = [false, true].map(|numbers| {
            self.plan
                .general
                .contains(&(code, front_of(header, numbers)))
        });
        for (path, want) in &plan.wanted {
            let Some(want) = want else { continue };
            if self.is_general() {
                break;
            }
            if untested[usize::from(matches!(want, Want::Int | Want::Float))] {
                continue;
            }
            let Some(Abs::V(v)) = self.at_path(path) else {
                continue;
            };
            let ty = self.ty(v);
            let wide = match plan.widened.get(path) {
                Some(Widen::Type(t)) => Some(*t),
                _ => None,
            };
            let allowed = |ok: Type| {
                wide.is_none_or(|w| {
                    w.kinds & !ok.kinds == 0
                        && (ok.shape == 0 || w.shape == ok.shape)
                        && (ok.shapes == 0 || w.shapes == ok.shapes)
                })
            };
            let state = match want {
                Want::Int => Reason::NotInt,
                Want::Float => Reason::NotFloat,
                Want::Shape(_) | Want::Shapes(_) => Reason::Shape,
                Want::Is(_) => Reason::Identity,
            };
            match want {
                Want::Int if allowed(Type::INT) && ty.may_be(kinds::INT) && !ty.is_int() => {
                    let t = self.tag(v);
                    let s = self.state_here(state);
                    let g = self.push_state(Op::GuardInt, &[t], 0, Rep::Tagged, Type::INT, s);
                    self.state.replace(v, g);
                    self.state.replace(t, g);
                }
                Want::Float
                    if allowed(Type::FLOAT) && ty.may_be(kinds::FLOAT) && !ty.is_float() =>
                {
                    let t = self.tag(v);
                    let s = self.state_here(state);
                    let g = self.push_state(Op::GuardFloat, &[t], 0, Rep::Tagged, Type::FLOAT, s);
                    self.state.replace(v, g);
                    self.state.replace(t, g);
                }
                Want::Shape(shape)
                    if !(plan.weak && self.may_change(*shape))
                        && allowed(Type::shape(*shape))
                        && ty.may_be(kinds::OBJECT)
                        && (ty.shape == 0 || !ty.within(kinds::OBJECT)) =>
                {
                    let t = self.tag(v);
                    let s = self.state_here(state);
                    let g = self.push_state(
                        Op::GuardShape,
                        &[t],
                        *shape as i64,
                        Rep::Tagged,
                        Type::shape(*shape),
                        s,
                    );
                    self.state.replace(v, g);
                    self.state.replace(t, g);
                }
                Want::Shapes(set)
                    if !(plan.weak && self.any_may_change(*set))
                        && allowed(Type::one_of(*set))
                        && ty.may_be(kinds::OBJECT)
                        && ty.shape == 0
                        && ty.shapes == 0 =>
                {
                    let t = self.tag(v);
                    let g = self.shapes(t, *set);
                    self.state.replace(v, g);
                }
                _ => {}
            }
        }
        if plan.weak {
            self.forget_instance_shapes();
        }
        let preheader = self.block;
        let block = self.graph.new_block();
        let mut args: Vec<Value> = Vec::new();
        let mut parameters: Vec<(Path, Value)> = Vec::new();
        let mut memo: FxHashSet<u32> = FxHashSet::default();
        let frames = self.state.frames.len();
        for f in 0..frames {
            for r in 0..self.state.frames[f].regs.len() {
                let a = self.state.frames[f].regs[r];
                if a == Abs::Unbound && !live[f][r] {
                    continue;
                }
                let changes = f + 1 == frames && written.contains(&(r as u16));
                let path = Path {
                    frame: f as u16,
                    reg: r as u16,
                    fields: Vec::new(),
                };
                let new = self.header_place(
                    a,
                    path,
                    changes,
                    false,
                    block,
                    &plan,
                    &mut memo,
                    &mut args,
                    &mut parameters,
                );
                self.state.frames[f].regs[r] = new;
            }
        }
        self.block = preheader;
        self.end(Terminator::Jump(block, args));
        self.state.facts.retain(|f| f.alias == Alias::Constant);
        let parameter_values: FxHashSet<Value> = parameters.iter().map(|(_, v)| *v).collect();
        self.state
            .narrowed
            .retain(|(v, _)| !parameter_values.contains(v));
        self.keep_stable_knowledge();
        self.state.unchecked_call = false;
        let innermost = self.state.frames.len() - 1;
        for (f, frame) in self.state.frames.iter_mut().enumerate() {
            if f == innermost {
                frame.shown.pc = None;
                frame.shown.stored.retain(|(r, _)| !written.contains(r));
            }
        }
        {
            let b = self.graph.block_mut(block);
            b.preheader = Some(preheader);
        }
        let mut names = Vec::new();
        for (f, frame) in self.state.frames.iter().enumerate() {
            for (r, a) in frame.regs.iter().enumerate() {
                if let Abs::V(v) = a {
                    names.push((
                        *v,
                        Path {
                            frame: f as u16,
                            reg: r as u16,
                            fields: Vec::new(),
                        },
                    ));
                }
            }
        }
        for (path, v) in &parameters {
            if !path.fields.is_empty() {
                names.push((*v, path.clone()));
            }
        }
        self.loops.push(Loop {
            key,
            at: (activation, header),
            block,
            parameters,
            state: self.state.clone(),
            names,
        });
        Edge {
            block,
            state: std::mem::take(&mut self.state),
        }
    }

    fn at_path(&self, path: &Path) -> Option<Abs> {
        let mut a = *self
            .state
            .frames
            .get(path.frame as usize)?
            .regs
            .get(path.reg as usize)?;
        for i in &path.fields {
            match a {
                Abs::O(o) => {
                    a = *self
                        .state
                        .objects
                        .get(o as usize)?
                        .fields
                        .get(*i as usize)?
                }
                _ => return None,
            }
        }
        Some(a)
    }

    fn header_place(
        &mut self,
        a: Abs,
        path: Path,
        changes: bool,
        open: bool,
        block: Block,
        plan: &super::plan::LoopPlan,
        memo: &mut FxHashSet<u32>,
        args: &mut Vec<Value>,
        parameters: &mut Vec<(Path, Value)>,
    ) -> Abs {
        // What is empty in front of the loop is what ways back bring.
        let empty = open && a == Abs::Unbound;
        let a = match plan.widened.get(&path) {
            Some(Widen::Like(kind, n)) if empty => {
                self.state.add_object(*kind, vec![Abs::Unbound; *n])
            }
            Some(Widen::Type(_)) => a,
            _ if empty => return a,
            _ => a,
        };
        match a {
            Abs::O(o) => {
                if !memo.insert(o) {
                    return a;
                }
                let kind = self.state.objects[o as usize].kind;
                let open = has_open_fields(kind) || open && may_be_open(kind);
                for i in 0..self.state.objects[o as usize].fields.len() {
                    let f = self.state.objects[o as usize].fields[i];
                    let mut inner = path.clone();
                    inner.fields.push(i as u8);
                    let changes = changes || is_mutable_field(kind, i);
                    let new = self
                        .header_place(f, inner, changes, open, block, plan, memo, args, parameters);
                    self.state.objects[o as usize].fields[i] = new;
                }
                a
            }
            _ if !changes => a,
            _ => {
                let own = match a {
                    Abs::V(v) => Some(self.ty(v)),
                    _ => (!empty).then(|| Type::of(kinds::UNBOUND)),
                };
                let mut ty = match (own, plan.widened.get(&path)) {
                    (Some(own), Some(Widen::Type(t))) => own.join(*t),
                    (None, Some(Widen::Type(t))) => *t,
                    (own, _) => own.unwrap_or(Type::ANY_OR_UNBOUND),
                };
                let rep = if ty.kinds == 0 || ty.is_int() {
                    Rep::Int
                } else if ty.is_float() {
                    Rep::Float
                } else {
                    if ty.may_be(kinds::FLOAT) {
                        // Tagging a float of rare exponent makes an object.
                        ty.kinds |= kinds::OBJECT;
                        ty.shape = 0;
                        ty.shapes = 0;
                    }
                    Rep::Tagged
                };
                if ty.is_int() {
                    ty.low = ty.low.max(INT_MIN);
                    ty.high = ty.high.min(INT_MAX);
                }
                args.push(match empty {
                    true => self.to_rep_or_any(a, rep),
                    false => self.to_rep(a, rep),
                });
                let p = self.graph.parameter(block, rep, ty);
                parameters.push((path, p));
                Abs::V(p)
            }
        }
    }

    /// A way back to a loop's header, from the current block.
    pub fn loop_back(&mut self, header: u32) -> Result<(), Failure> {
        let activation = self.activation();
        let Some(at) = self
            .loops
            .iter()
            .rposition(|l| l.at == (activation, header))
        else {
            // Into a loop from behind: the interpreter goes on.
            self.pc = header;
            self.leave(Reason::Interpret);
            return Ok(());
        };
        let expected = self.loops[at].state.clone();
        let parameters = self.loops[at].parameters.clone();
        let key = self.loops[at].key;
        let block = self.loops[at].block;
        let by_value: FxHashMap<Value, usize> = parameters
            .iter()
            .enumerate()
            .map(|(i, (_, v))| (*v, i))
            .collect();
        let mut args: Vec<Option<Value>> = vec![None; parameters.len()];
        let mut pairs: FxHashMap<u32, u32> = FxHashMap::default();
        let mut fits = true;
        let live = self.live_at(&expected, header);
        for f in 0..expected.frames.len() {
            for r in 0..expected.frames[f].regs.len() {
                if !live[f][r] {
                    continue;
                }
                let path = Path {
                    frame: f as u16,
                    reg: r as u16,
                    fields: Vec::new(),
                };
                let (e, a) = (expected.frames[f].regs[r], self.state.frames[f].regs[r]);
                fits &= self.fit(
                    e, a, path, false, &expected, &by_value, &mut args, &mut pairs, key,
                );
            }
        }
        if !fits {
            // The rest of the graph is walked for what else must be widened; this way ends.
            self.pc = header;
            self.leave(Reason::Interpret);
            return Ok(());
        }
        let mut out = Vec::with_capacity(args.len());
        for (i, a) in args.into_iter().enumerate() {
            out.push(a.unwrap_or(parameters[i].1));
        }
        self.end(Terminator::Jump(block, out));
        Ok(())
    }

    fn fit(
        &mut self,
        expected: Abs,
        actual: Abs,
        path: Path,
        open: bool,
        state: &State,
        by_value: &FxHashMap<Value, usize>,
        args: &mut [Option<Value>],
        pairs: &mut FxHashMap<u32, u32>,
        key: (u64, u32),
    ) -> bool {
        match (expected, actual) {
            // What nobody reads stays as it was.
            (Abs::V(_) | Abs::O(_), Abs::Unbound) if open => true,
            (Abs::Unbound, Abs::V(_) | Abs::O(_)) if open => {
                self.widen_open(key, path, actual);
                false
            }
            (Abs::V(p), actual) => {
                let Some(i) = by_value.get(&p).copied() else {
                    // The register does not change in the loop, but the object may have.
                    if let Abs::V(v) = actual
                        && v != p
                    {
                        let (old, new) = (self.graph.ty(p), self.graph.ty(v));
                        let one =
                            old.shape != 0 && new.shape != old.shape && self.may_change(old.shape);
                        let many = old.shapes != 0
                            && new.shapes != old.shapes
                            && self.any_may_change(old.shapes - 1);
                        if one || many {
                            let plan = self.plan.loops.entry(key).or_default();
                            if !plan.weak {
                                plan.weak = true;
                                self.plan.changed = true;
                            }
                            return false;
                        }
                    }
                    return true;
                };
                let ty = self.graph.ty(p);
                let rep = self.graph.rep(p);
                let got = match actual {
                    Abs::V(v) => {
                        let mut t = self.ty(v);
                        if self.graph.rep(v) == Rep::Float && rep == Rep::Tagged {
                            t.kinds |= kinds::OBJECT;
                            t.shape = 0;
                            t.shapes = 0;
                        }
                        t
                    }
                    Abs::Unbound => Type::of(kinds::UNBOUND),
                    Abs::O(o) => {
                        let v = self.materialize(o);
                        self.ty(v)
                    }
                };
                let actual = match actual {
                    Abs::O(_) => self.at_path_of(&path).unwrap_or(actual),
                    a => a,
                };
                let joined = ty.join(got);
                let wider = joined.kinds != ty.kinds
                    || (ty.shape != 0 && joined.shape != ty.shape)
                    || (ty.shapes != 0 && joined.shapes != ty.shapes)
                    || ((ty.may_be(kinds::INT) || ty.kinds == 0)
                        && (joined.low < ty.low || joined.high > ty.high)
                        && (got.may_be(kinds::INT) || got.kinds == 0));
                if wider {
                    self.plan.widen(key, path, Widen::Type(joined));
                    return false;
                }
                args[i] = Some(self.to_rep(actual, rep));
                true
            }
            (Abs::O(e), Abs::O(a)) => {
                match pairs.get(&e) {
                    Some(old) if *old == a => return true,
                    Some(_) => {
                        self.plan.widen(key, path, Widen::Made);
                        return false;
                    }
                    None => {}
                }
                if pairs.values().any(|x| *x == a) {
                    self.plan.widen(key, path, Widen::Made);
                    return false;
                }
                pairs.insert(e, a);
                let (old, new) = (
                    state.objects[e as usize].clone(),
                    self.state.objects[a as usize].clone(),
                );
                if old.kind != new.kind || old.fields.len() != new.fields.len() {
                    self.plan.widen(key, path, Widen::Made);
                    return false;
                }
                let open = has_open_fields(old.kind) || open && may_be_open(old.kind);
                let mut fits = true;
                for i in 0..old.fields.len() {
                    let mut inner = path.clone();
                    inner.fields.push(i as u8);
                    let now = self.state.objects[a as usize].fields[i];
                    fits &= self.fit(
                        old.fields[i],
                        now,
                        inner,
                        open,
                        state,
                        by_value,
                        args,
                        pairs,
                        key,
                    );
                }
                fits
            }
            (Abs::O(_), _) => {
                self.plan.widen(key, path, Widen::Made);
                false
            }
            (Abs::Unbound, _) => true,
        }
    }

    /// A way back brings something for an open field that is empty in front of the loop.
    fn widen_open(&mut self, key: (u64, u32), path: Path, a: Abs) {
        match a {
            Abs::V(v) => {
                let ty = match self.graph.rep(v) {
                    Rep::Float => Type::FLOAT,
                    _ => self.ty(v),
                };
                self.plan.widen(key, path, Widen::Type(ty));
            }
            Abs::O(o) => {
                let object = self.state.objects[o as usize].clone();
                if !may_be_open(object.kind) {
                    return self.plan.widen(key, path, Widen::Type(Type::ANY));
                }
                for (i, f) in object.fields.iter().enumerate() {
                    let mut inner = path.clone();
                    inner.fields.push(i as u8);
                    self.widen_open(key, inner, *f);
                }
                self.plan
                    .widen(key, path, Widen::Like(object.kind, object.fields.len()));
            }
            Abs::Unbound => {}
        }
    }

    fn at_path_of(&self, path: &Path) -> Option<Abs> {
        self.at_path(path)
    }

    /// Loops of an activation that are left when its walk ends.
    pub fn leave_loops(&mut self, activation: usize) {
        self.loops.retain(|l| l.at.0 != activation);
    }
}
