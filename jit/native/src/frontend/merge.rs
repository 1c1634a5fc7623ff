//! Where ways meet.

use rustc_hash::FxHashMap;
use taipan_ssa::types::kinds;
use taipan_ssa::{Rep, Terminator, Type, Value};

use super::generators::{has_open_fields, may_be_open};
use super::state::{Abs, Object, State};
use super::{Builder, Edge};

/// What was joined already, as open fields or not.
type Memo = FxHashMap<(bool, Vec<Abs>), Abs>;

impl Builder<'_> {
    /// Joins ways into one block. `live` says which registers matter, by frame and register.
    pub fn merge(&mut self, mut edges: Vec<Edge>, live: &[Vec<bool>]) -> Edge {
        if edges.len() == 1 {
            return edges.remove(0);
        }
        // Dead registers do not count; those that agree stay, for who looks at variables.
        let first = edges[0].state.frames.clone();
        let agree: Vec<Vec<bool>> = first
            .iter()
            .enumerate()
            .map(|(f, frame)| {
                let same = |(r, a): (usize, &Abs)| {
                    matches!(a, Abs::V(_)) && edges.iter().all(|e| e.state.frames[f].regs[r] == *a)
                };
                frame.regs.iter().enumerate().map(same).collect()
            })
            .collect();
        for e in &mut edges {
            for (f, frame) in e.state.frames.iter_mut().enumerate() {
                for (r, a) in frame.regs.iter_mut().enumerate() {
                    let live = live.get(f).and_then(|l| l.get(r)).copied().unwrap_or(false);
                    if !live && !agree[f][r] {
                        *a = Abs::Unbound;
                    }
                }
            }
            if e.state.unchecked_call {
                // (Tested in the joined block.)
            }
        }
        self.agree_on_objects(&mut edges);
        let target = self.graph.new_block();
        let mut joined = State {
            frames: edges[0].state.frames.clone(),
            objects: Vec::new(),
            facts: Vec::new(),
            narrowed: Vec::new(),
            unchecked_call: edges.iter().any(|e| e.state.unchecked_call),
        };
        let mut memo: Memo = FxHashMap::default();
        let mut parameters: Vec<(Value, Vec<Abs>)> = Vec::new();
        for f in 0..joined.frames.len() {
            let functions: Vec<Abs> = edges.iter().map(|e| e.state.frames[f].function).collect();
            joined.frames[f].function = self.join(
                &edges,
                functions,
                false,
                &mut joined.objects,
                &mut memo,
                &mut parameters,
                target,
            );
            let handled: Vec<Abs> = edges.iter().map(|e| e.state.frames[f].handled).collect();
            joined.frames[f].handled = self.join(
                &edges,
                handled,
                false,
                &mut joined.objects,
                &mut memo,
                &mut parameters,
                target,
            );
            if joined.frames[f].construct.is_some() {
                let objects: Vec<Abs> = edges
                    .iter()
                    .map(|e| e.state.frames[f].construct.unwrap_or(Abs::Unbound))
                    .collect();
                joined.frames[f].construct = Some(self.join(
                    &edges,
                    objects,
                    false,
                    &mut joined.objects,
                    &mut memo,
                    &mut parameters,
                    target,
                ));
            }
            for r in 0..joined.frames[f].regs.len() {
                let all: Vec<Abs> = edges.iter().map(|e| e.state.frames[f].regs[r]).collect();
                joined.frames[f].regs[r] = self.join(
                    &edges,
                    all,
                    false,
                    &mut joined.objects,
                    &mut memo,
                    &mut parameters,
                    target,
                );
            }
        }
        for (f, frame) in joined.frames.iter_mut().enumerate() {
            for e in &edges[1..] {
                let other = &e.state.frames[f].shown;
                frame.shown.record &= other.record;
                if frame.shown.pc != other.pc {
                    frame.shown.pc = None;
                }
                frame.shown.stored.retain(|s| other.stored.contains(s));
            }
        }
        // What all ways know.
        joined.facts = edges[0]
            .state
            .facts
            .iter()
            .filter(|f| edges[1..].iter().all(|e| e.state.facts.contains(f)))
            .copied()
            .collect();
        joined.narrowed = edges[0]
            .state
            .narrowed
            .iter()
            .filter_map(|(v, t)| {
                let mut joined = *t;
                for e in &edges[1..] {
                    let (_, other) = e.state.narrowed.iter().find(|(x, _)| x == v)?;
                    joined = joined.join(*other);
                }
                let known = self.graph.ty(*v);
                let worse = (known.shape != 0 && joined.shape == 0)
                    || (known.shapes != 0 && joined.shapes == 0 && joined.shape == 0);
                (!worse).then_some((*v, joined))
            })
            .collect();
        // Arguments, converted at the end of each way.
        for (i, e) in edges.into_iter().enumerate() {
            self.block = e.block;
            self.state = e.state;
            let mut args = Vec::with_capacity(parameters.len());
            for (p, sources) in &parameters {
                let rep = self.graph.rep(*p);
                args.push(self.to_rep_or_any(sources[i], rep));
            }
            self.end(Terminator::Jump(target, args));
        }
        Edge {
            block: target,
            state: joined,
        }
    }

    /// Makes objects that are removed on some ways only, differ, or are met under two names.
    fn agree_on_objects(&mut self, edges: &mut [Edge]) {
        loop {
            let mut partner: Vec<FxHashMap<u32, Vec<Abs>>> =
                vec![FxHashMap::default(); edges.len()];
            let mut bad: Option<Vec<Abs>> = None;
            let frames = edges[0].state.frames.len();
            // Places that meet, and whether they are open fields.
            let mut work: Vec<(bool, Vec<Abs>)> = Vec::new();
            for f in 0..frames {
                let functions = edges.iter().map(|e| e.state.frames[f].function);
                work.push((false, functions.collect()));
                let constructed = edges
                    .iter()
                    .map(|e| e.state.frames[f].construct.unwrap_or(Abs::Unbound));
                work.push((false, constructed.collect()));
                for r in 0..edges[0].state.frames[f].regs.len() {
                    let register = edges.iter().map(|e| e.state.frames[f].regs[r]);
                    work.push((false, register.collect()));
                }
            }
            while let Some((open, all)) = work.pop() {
                if !all.iter().any(|a| matches!(a, Abs::O(_))) {
                    continue;
                }
                let empty = all.contains(&Abs::Unbound);
                let objects: Option<Vec<&Object>> = all
                    .iter()
                    .zip(edges.iter())
                    .filter(|(a, _)| !(open && **a == Abs::Unbound))
                    .map(|(a, e)| match a {
                        Abs::O(o) => e.state.objects.get(*o as usize),
                        _ => None,
                    })
                    .collect();
                let fits = objects.as_ref().is_some_and(|os| {
                    os.iter()
                        .all(|o| o.kind == os[0].kind && o.fields.len() == os[0].fields.len())
                        && (!empty || may_be_open(os[0].kind))
                });
                if !fits {
                    bad = Some(all);
                    break;
                }
                let mut seen = false;
                for (i, a) in all.iter().enumerate() {
                    if let Abs::O(o) = a {
                        match partner[i].get(o) {
                            Some(p) if *p == all => seen = true,
                            Some(_) => bad = Some(all.clone()),
                            None => {
                                partner[i].insert(*o, all.clone());
                            }
                        }
                    }
                }
                if bad.is_some() {
                    break;
                }
                if !seen && let Some(os) = objects {
                    let open = empty || has_open_fields(os[0].kind);
                    for i in 0..os[0].fields.len() {
                        let field = |(a, e): (&Abs, &Edge)| field_of(*a, e, i);
                        work.push((open, all.iter().zip(edges.iter()).map(field).collect()));
                    }
                }
            }
            let Some(bad) = bad else { return };
            for (a, e) in bad.iter().zip(edges.iter_mut()) {
                if let Abs::O(o) = a {
                    self.block = e.block;
                    self.state = std::mem::take(&mut e.state);
                    self.materialize(*o);
                    e.block = self.block;
                    e.state = std::mem::take(&mut self.state);
                }
            }
        }
    }

    /// What ways agree on for a place; an empty one counts for nothing if it is `open`.
    fn join(
        &mut self,
        edges: &[Edge],
        all: Vec<Abs>,
        open: bool,
        objects: &mut Vec<Object>,
        memo: &mut Memo,
        parameters: &mut Vec<(Value, Vec<Abs>)>,
        target: taipan_ssa::Block,
    ) -> Abs {
        let same = all.iter().all(|a| *a == all[0]);
        if same && !matches!(all[0], Abs::O(_)) {
            return all[0];
        }
        let key = (open, all);
        if let Some(a) = memo.get(&key) {
            return *a;
        }
        let all = key.1;
        let object = |(a, e): (&Abs, &Edge)| match a {
            Abs::O(o) => Some(e.state.objects[*o as usize].clone()),
            _ => None,
        };
        if let Some(first) = all.iter().zip(edges).find_map(object) {
            // All are objects that fit, but for empty places.
            let empty = all.contains(&Abs::Unbound);
            let open_fields = empty || has_open_fields(first.kind);
            let mut fields = Vec::with_capacity(first.fields.len());
            for i in 0..first.fields.len() {
                let each = all.iter().zip(edges).map(|(a, e)| field_of(*a, e, i));
                let each: Vec<Abs> = each.collect();
                fields.push(self.join(edges, each, open_fields, objects, memo, parameters, target));
            }
            objects.push(Object {
                kind: first.kind,
                fields,
            });
            let a = Abs::O(objects.len() as u32 - 1);
            memo.insert((open, all), a);
            return a;
        }
        let mut ty: Option<Type> = None;
        let mut reps: Vec<Rep> = Vec::new();
        for (a, e) in all.iter().zip(edges) {
            let t = match a {
                Abs::Unbound if open => continue,
                Abs::V(v) => {
                    reps.push(self.graph.rep(*v));
                    match e.state.narrowed.iter().find(|(x, _)| x == v) {
                        Some((_, t)) => *t,
                        None => self.graph.ty(*v),
                    }
                }
                _ => {
                    reps.push(Rep::Tagged);
                    Type::of(kinds::UNBOUND)
                }
            };
            ty = Some(ty.map_or(t, |x| x.join(t)));
        }
        let mut ty = ty.unwrap_or(Type::ANY_OR_UNBOUND);
        let rep = if ty.is_int() {
            Rep::Int
        } else if ty.is_float() {
            Rep::Float
        } else if reps.iter().all(|r| *r == Rep::Bool) {
            Rep::Bool
        } else {
            if reps.contains(&Rep::Float) {
                // Tagging a float of rare exponent makes an object.
                ty.kinds |= kinds::OBJECT;
                ty.shape = 0;
                ty.shapes = 0;
            }
            Rep::Tagged
        };
        let p = self.graph.parameter(target, rep, ty);
        parameters.push((p, all.clone()));
        let a = Abs::V(p);
        memo.insert((open, all), a);
        a
    }

    /// A value in a representation; any for an empty open field.
    pub fn to_rep_or_any(&mut self, a: Abs, rep: Rep) -> Value {
        match (a, rep) {
            (Abs::Unbound, Rep::Int) => self.constant_int(0),
            (Abs::Unbound, Rep::Bool) => self.constant_bool(false),
            (Abs::Unbound, Rep::Float) => self.constant_float(0.0),
            _ => self.to_rep(a, rep),
        }
    }

    /// Registers of a frame that matter at a word. The instruction that it waits in, if it does, may
    /// also raise, into the handler around it.
    pub fn live_in_frame(&self, activation: usize, pc: u32, waits_in: Option<u32>) -> Vec<u16> {
        let a = &self.activations[activation];
        let mut live: Vec<u16> = a
            .facts
            .liveness
            .live_in(pc)
            .map_or(Vec::new(), |l| l.iter().collect());
        if let Some(word) = waits_in
            && let Some(h) = a.code.data.handler(word)
            && let Some(l) = a.facts.liveness.live_in(h)
        {
            for r in l.iter() {
                if !live.contains(&r) {
                    live.push(r);
                }
            }
        }
        // `super()` looks for the class's cell in the frame.
        if let Some(cell) = a.class_cell()
            && !live.contains(&cell)
        {
            live.push(cell);
        }
        live
    }

    /// Which registers matter at a word of the innermost frame, and behind the calls of the others.
    pub fn live_at(&self, state: &State, pc: u32) -> Vec<Vec<bool>> {
        let n = state.frames.len();
        state
            .frames
            .iter()
            .enumerate()
            .map(|(i, f)| {
                let at = if i + 1 == n { pc } else { f.pc };
                let mut live = vec![false; f.regs.len()];
                for r in self.live_in_frame(f.activation, at, state.waits_in(i)) {
                    if let Some(l) = live.get_mut(r as usize) {
                        *l = true;
                    }
                }
                for r in self.kept_variables(f.activation) {
                    if let Some(l) = live.get_mut(r as usize) {
                        *l = true;
                    }
                }
                live
            })
            .collect()
    }
}

/// A field of a removed object on a way; empty where the object is.
fn field_of(a: Abs, e: &Edge, i: usize) -> Abs {
    match a {
        Abs::O(o) => e.state.objects[o as usize].fields[i],
        a => a,
    }
}
