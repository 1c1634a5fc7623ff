//! Generators that are walked into by the loops that consume them.
//!
//! A call of a generator function whose value goes nowhere but into the `for` behind it gives an
//! object that is not made ([`ObjectKind::Generator`]): its fields are the function and the
//! registers that are read again. The `ForIter` then walks into the generator's code, as into a
//! call, up to its `Yield`; there the registers become fields again, and the yielded value is the
//! item. So nothing is saved, and what is yielded need not be made either.
//!
//! The first item is fetched in front of the loop, and the loop's header is the word *behind* the
//! `ForIter` ([`Builder::enter_body`]); a way back fetches the next item and then meets the header.
//! So the state there is always the one at the `Yield`, in which the generator's own variables and
//! iterators are known, not a mixture of "not begun" and "begun".
//!
//! A generator with several `Yield`s has its position as a field, an untagged number on which a
//! resumption branches. Its registers are *open* fields: at a `Yield` behind which a register is
//! not read, it is empty, and where ways meet it takes whatever the others have (an exit then
//! restores a register that nobody reads). So the types of what is read stay exact.
//!
//! An exit makes the generator, standing at its `Yield`, or running with its frame above the
//! loop's. Where the object must be made otherwise, the call is not walked into, and the graph is
//! built again.
//!
//! Not walked into: generators with many `Yield`s, with `yield from`, or with a `Yield` in a `try`
//! or `with` (which must be closed when the loop is left).

use taipan_abi::resume::{ObjectKind, Stands};
use taipan_bytecode::access::instructions;
use taipan_bytecode::code::co_flags;
use taipan_bytecode::encode::{Operands, decode};
use taipan_bytecode::opcode::Opcode;
use taipan_ssa::Terminator;
use taipan_ssa::insts::Compare;
use taipan_vm::object::Gc;
use taipan_vm::types::code::Code;
use taipan_vm::types::tuple::Tuple;

use super::state::{Abs, FrameRegs, Object, Shown, State};
use super::{Builder, Edge, Failure, Returned};

/// A call of a generator function that was walked into.
#[derive(Clone, Copy)]
pub struct Site {
    /// Activation of the generator's frame.
    activation: usize,
    /// Names the call across attempts: activation key of the caller and the word behind the call.
    call: (u64, u32),
}

/// A `ForIter` whose iterator is a generator that was not made.
#[derive(Clone, Copy)]
pub struct Resumption {
    /// Register of the item.
    item: u16,
    /// Register of the iterator.
    iterator: u16,
    /// The generator.
    object: u32,
    /// Its number.
    site: u32,
    /// Where it stands.
    stands: Stands,
    /// Word at which the loop ends.
    pub exit: u32,
    /// Word of the loop's body.
    pub body: u32,
}

impl Resumption {
    /// Is this the first item?
    pub fn is_first(&self) -> bool {
        matches!(self.stands, Stands::Created(_))
    }
}

/// Registers of the largest frame that is kept as fields.
const MAX_REGISTERS: u32 = 200;

/// `Yield`s of the generator that has most of them.
const MAX_YIELDS: usize = 6;
/// Fields in front of the registers: function and position.
const REGISTERS: usize = 2;

/// The `Yield`s of a generator that can be walked into, if the code is one's.
fn yields(code: Gc<Code>) -> Option<Vec<u32>> {
    const OTHERS: u32 =
        co_flags::COROUTINE | co_flags::ASYNC_GENERATOR | co_flags::ITERABLE_COROUTINE;
    if code.flags & co_flags::GENERATOR == 0 || code.flags & OTHERS != 0 {
        return None;
    }
    let mut all = Vec::new();
    for (pc, op, x, _) in instructions(&code.data.code) {
        match op {
            Opcode::Delegate => return None,
            Opcode::Yield if x.c != 0 || !code.is_only_guarded(pc as u32) => return None,
            Opcode::Yield => all.push(pc as u32),
            _ => {}
        }
    }
    (1..=MAX_YIELDS).contains(&all.len()).then_some(all)
}

/// May a field of a removed object stay empty where nobody reads it? (See the module's text.)
pub fn has_open_fields(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Generator(_, _, Stands::Somewhere))
}

/// Can such an object stand in an open field on some of the ways only? Those whose own fields are
/// never empty.
pub fn may_be_open(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Tuple
            | ObjectKind::Range
            | ObjectKind::RangeIterator
            | ObjectKind::ListIterator
            | ObjectKind::TupleIterator
            | ObjectKind::ListReverseIterator
            | ObjectKind::StrIterator
            | ObjectKind::BytesIterator
            | ObjectKind::Enumerate
            | ObjectKind::Zip
    )
}

impl Builder<'_> {
    /// Is there a loop whose header is this word, that takes its items from this register and can
    /// begin behind its `ForIter`?
    fn is_loop_over(&self, word: u32, iterator: u16) -> bool {
        let a = &self.activations[self.activation()];
        let for_iter = decode(&a.code.data.code, word as usize);
        for_iter.is_some_and(|(op, x, next)| {
            let next = next as u32;
            op == Opcode::ForIter
                && x.b == iterator
                && a.facts.loops.contains_key(&word)
                && !a.facts.targets.contains(&next)
                && !self.live_registers(self.activation(), x.d).contains(&x.b)
        })
    }

    /// Is the value of the instruction being walked, which goes to this register, a generator of
    /// this code that the loop behind can walk into?
    pub fn walks_generator(&self, code: Gc<Code>, dst: u16) -> bool {
        if !code.is_generator || code.registers > MAX_REGISTERS || !self.has_room_for(code) {
            return false;
        }
        let words = &self.code().data.code;
        let getting = decode(words, self.pc as usize).is_some_and(|(op, ..)| op == Opcode::GetIter);
        let looped_over = if getting {
            self.is_loop_over(self.next_pc, dst)
        } else {
            decode(words, self.next_pc as usize).is_some_and(|(op, x, next)| {
                op == Opcode::GetIter && x.b == dst && self.is_loop_over(next as u32, x.a)
            })
        };
        let call = (self.activations[self.activation()].key, self.next_pc);
        looped_over && !self.plan.made_generators.contains(&call) && yields(code).is_some()
    }

    /// `ReturnGenerator` of a call that is walked into.
    pub fn begin_generator(&mut self) -> Abs {
        let n = self.state.frames.len();
        let caller = &self.state.frames[n - 2];
        let site = Site {
            activation: self.activation(),
            call: (self.activations[caller.activation].key, caller.pc),
        };
        self.sites.push(site);
        let number = self.sites.len() as u32 - 1;
        let code = self.code().value().bits();
        let kind = ObjectKind::Generator(number, code, Stands::Created(self.next_pc));
        let frame = self.state.frames[n - 1].clone();
        let fields = self.kept(&frame, self.next_pc, None);
        self.state.add_object(kind, fields)
    }

    /// The fields of a generator whose frame goes on at a word: what is read from there on.
    fn kept(&mut self, frame: &FrameRegs, word: u32, sent: Option<u16>) -> Vec<Abs> {
        let mut live = self.live_registers(frame.activation, word);
        live.extend(self.kept_variables(frame.activation));
        let unbound = Abs::V(self.constant_unbound());
        let mut fields = vec![frame.function, Abs::Unbound];
        for (r, a) in frame.regs.iter().enumerate() {
            let r = r as u16;
            fields.push(match (live.contains(&r) && sent != Some(r), *a) {
                (false, _) => Abs::Unbound,
                (true, Abs::Unbound) => unbound,
                (true, a) => a,
            });
        }
        fields
    }

    /// The generator must be made after all: the graph is built again, without walking into it.
    pub fn make_generator(&mut self, site: u32) {
        if let Some(site) = self.sites.get(site as usize) {
            self.plan.made_generators.insert(site.call);
        }
        self.plan.changed = true;
    }

    /// Does the word fetch an item from a generator that was not made?
    pub fn resumption(&self, state: &State, code: Gc<Code>, word: u32) -> Option<Resumption> {
        let (op, x, next): (Opcode, Operands, usize) = decode(&code.data.code, word as usize)?;
        if op != Opcode::ForIter {
            return None;
        }
        let Abs::O(object) = state.get(x.b as usize) else {
            return None;
        };
        match state.objects.get(object as usize)?.kind {
            ObjectKind::Generator(_, _, Stands::Running) => None,
            ObjectKind::Generator(site, _, stands) => Some(Resumption {
                item: x.a,
                iterator: x.b,
                object,
                site,
                stands,
                exit: x.d,
                body: next as u32,
            }),
            _ => None,
        }
    }

    /// Walks into a generator for its next item. Gives the way with the item in its register, if
    /// there is one, and the ways on which the generator has ended.
    pub fn resume(&mut self, r: Resumption) -> Result<(Option<Edge>, Vec<Edge>), Failure> {
        let activation = self.sites[r.site as usize].activation;
        let code = self.activations[activation].code;
        let word = code.value().bits();
        let all = yields(code).unwrap_or_default();
        let object = &mut self.state.objects[r.object as usize];
        let fields = std::mem::take(&mut object.fields);
        object.kind = ObjectKind::Generator(r.site, word, Stands::Running);
        object.fields = fields[..1].to_vec();
        let saved = (self.pc, self.next_pc, self.destination);
        self.state.top().pc = self.pc;
        let mut ways = Vec::new();
        let mut from = match r.stands {
            Stands::Created(word) => {
                ways = self.resume_at(r, activation, &fields, word)?;
                Vec::new()
            }
            Stands::Suspended(at) => vec![at],
            Stands::Somewhere => all.clone(),
            Stands::Running => return Err(Failure::Refused("a generator resumes itself")),
        };
        let position = match fields[1] {
            Abs::V(v) => Some(v),
            _ => None,
        };
        if let Some(at) = position.and_then(|v| self.known_int(v)) {
            from.retain(|word| *word as i64 == at);
        }
        while let Some(at) = from.pop() {
            let mut others = None;
            if let (Some(v), false) = (position, from.is_empty()) {
                let (v, word) = (self.int(v), self.constant_int(at as i64));
                let (here, _) = self.compare_ints(Compare::Eq, v, word);
                let (yes, no) = (self.graph.new_block(), self.graph.new_block());
                self.end(Terminator::Branch(here, yes, no));
                others = Some((no, self.state.clone()));
                self.block = yes;
            }
            ways.extend(self.resume_at(r, activation, &fields, at)?);
            (self.pc, self.next_pc, self.destination) = saved;
            if let Some((block, state)) = others {
                self.block = block;
                self.state = state;
            }
        }
        (self.pc, self.next_pc, self.destination) = saved;
        let (mut items, mut ends) = (Vec::new(), Vec::new());
        for way in ways {
            let mut edge = way.edge;
            let Some(frame) = edge.state.frames.pop() else {
                continue;
            };
            let Some(at) = way.yielded else {
                edge.state.set(r.iterator as usize, Abs::Unbound);
                ends.push(edge);
                continue;
            };
            let (Abs::O(object), Some((_, x, next))) = (
                edge.state.get(r.iterator as usize),
                decode(&code.data.code, at as usize),
            ) else {
                // (It was made on the way.)
                return Err(Failure::Again);
            };
            let mut fields = self.kept(&frame, next as u32, Some(x.a));
            let mut stands = Stands::Suspended(at);
            if all.len() > 1 {
                stands = Stands::Somewhere;
                fields[1] = Abs::V(self.constant_int(at as i64));
            }
            edge.state.objects[object as usize] = Object {
                kind: ObjectKind::Generator(r.site, word, stands),
                fields,
            };
            edge.state.set(r.item as usize, way.value);
            items.push(edge);
        }
        self.take_constants_apart(&mut items, r);
        let item = match items.first() {
            None => None,
            Some(first) => {
                let live = self.live_at(&first.state, r.body);
                Some(self.merge(items, &live))
            }
        };
        Ok((item, ends))
    }

    /// Where items are tuples that are not made, or are taken apart at once, a constant one counts
    /// as not made, too.
    fn take_constants_apart(&mut self, items: &mut [Edge], resumption: Resumption) {
        let r = resumption.item as usize;
        let activation = items.first().and_then(|e| e.state.frames.last());
        let taken_apart = activation.is_some_and(|f| {
            let words = &self.activations[f.activation].code.data.code;
            decode(words, resumption.body as usize)
                .is_some_and(|(op, x, _)| op == Opcode::UnpackSequence && x.b == resumption.item)
        });
        let is_tuple = |e: &Edge| match e.state.get(r) {
            Abs::O(o) => e.state.objects[o as usize].kind == ObjectKind::Tuple,
            _ => false,
        };
        if !taken_apart && !items.iter().any(is_tuple) {
            return;
        }
        for e in items {
            let known = match e.state.get(r) {
                Abs::V(v) => self.known(v).and_then(|k| k.downcast::<Tuple>()),
                _ => None,
            };
            let Some(tuple) = known else { continue };
            let fields = tuple.as_slice().iter();
            let fields = fields.map(|x| Abs::V(self.constant_object(*x))).collect();
            let a = e.state.add_object(ObjectKind::Tuple, fields);
            e.state.set(r, a);
        }
    }

    /// Walks into a generator's code from a `Yield`, or from the word where it begins.
    fn resume_at(
        &mut self,
        r: Resumption,
        activation: usize,
        fields: &[Abs],
        at: u32,
    ) -> Result<Vec<Returned>, Failure> {
        let mut regs = fields[REGISTERS..].to_vec();
        let mut start = at;
        if !r.is_first() {
            let words = &self.activations[activation].code.data.code;
            let Some((_, x, next)) = decode(words, at as usize) else {
                return Err(Failure::Refused("its bytecode cannot be read"));
            };
            start = next as u32;
            let live = self.live_registers(activation, start);
            for (r, a) in regs.iter_mut().enumerate() {
                if !live.contains(&(r as u16)) {
                    *a = Abs::Unbound;
                }
            }
            let none = self.th.none();
            regs[x.a as usize] = Abs::V(self.constant_object(none));
        }
        self.state.frames.push(FrameRegs {
            activation,
            pc: start,
            dst: r.item,
            construct: None,
            handled: Abs::Unbound,
            function: fields[0],
            regs,
            shown: Shown::default(),
            resumed_by: Some(r.iterator),
        });
        let entry = Edge {
            block: self.block,
            state: std::mem::take(&mut self.state),
        };
        self.walk(activation, start, entry)
    }
}
