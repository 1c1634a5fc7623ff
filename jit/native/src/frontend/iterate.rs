//! Iteration.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_bytecode::code::co_flags;
use taipan_bytecode::opcode::Opcode;
use taipan_ssa::graph::Alias;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::{INT_MAX, INT_MIN, kinds};
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::machine::assumptions::Assumption;
use taipan_vm::machine::layout as at;
use taipan_vm::object::Kind;
use taipan_vm::types::T;
use taipan_vm::types::function::Function;

use super::call::{Arguments, Called};
use super::ops::Flow;
use super::state::Abs;
use super::subscript::MAX_LEN;
use super::{Builder, Failure, shape_of};

/// What a `for` takes from its iterator when there is an item.
pub enum Item {
    /// From a range iterator that was not made.
    Range(u32),
    /// From an iterator over a list, a tuple, a string or bytes that was not made.
    Sequence(u32),
    /// From a range iterator: next and step as loaded.
    MadeRange(Value, Value, Value, Value),
    /// From such an iterator that was made: the iterator, the sequence, the index.
    MadeSequence(Value, Value, Value, &'static Sequence),
    /// It is this value.
    Value(Value),
    /// These two, in a pair that is not made.
    Pair(Value, Value),
    /// From an enumeration that was not made: the object, its iterator's item.
    Numbered(u32, Box<Item>),
    /// From a zip that was not made: the items of its iterators.
    Zipped(Vec<Item>),
}

/// A kind of sequence with an iterator of its own.
pub struct Sequence {
    /// The class of the sequences.
    of: T,
    /// The class of the iterators.
    iterator: T,
    /// The iterator when it is not made.
    kind: ObjectKind,
    /// Where the iterator has the sequence.
    sequence: i32,
    /// Where the iterator has the index; the number of items left, of a reverse one.
    index: i32,
}

/// Those that loops walk by themselves.
static SEQUENCES: [Sequence; 5] = [
    Sequence {
        of: T::List,
        iterator: T::ListIterator,
        kind: ObjectKind::ListIterator,
        sequence: at::LIST_ITERATOR_LIST,
        index: at::LIST_ITERATOR_INDEX,
    },
    Sequence {
        of: T::Tuple,
        iterator: T::TupleIterator,
        kind: ObjectKind::TupleIterator,
        sequence: at::TUPLE_ITERATOR_TUPLE,
        index: at::TUPLE_ITERATOR_INDEX,
    },
    Sequence {
        of: T::List,
        iterator: T::ListReverseIterator,
        kind: ObjectKind::ListReverseIterator,
        sequence: at::LIST_REVERSE_LIST,
        index: at::LIST_REVERSE_LEFT,
    },
    Sequence {
        of: T::Str,
        iterator: T::StrAsciiIterator,
        kind: ObjectKind::StrIterator,
        sequence: at::STR_ITERATOR_TEXT,
        index: at::STR_ITERATOR_INDEX,
    },
    Sequence {
        of: T::Bytes,
        iterator: T::BytesIterator,
        kind: ObjectKind::BytesIterator,
        sequence: at::BYTES_ITERATOR_BYTES,
        index: at::BYTES_ITERATOR_INDEX,
    },
];

/// Ranges with larger steps are made: the number behind the last one must fit a machine word.
const MAX_STEP: i64 = 1 << 32;

impl Builder<'_> {
    /// `R[a] = iter(R[b])`
    pub fn get_iter(&mut self, a: usize, b: usize, fb: u32) -> Result<Flow, Failure> {
        let v = self.state.get(b);
        let seen = self.iterated_shape(fb);
        let it = match self.iterating_generator(v, seen)? {
            Some(g) => g,
            None => self.iterator(v, seen),
        };
        self.state.set(a, it);
        Ok(Flow::Next)
    }

    /// `iter(v)` where the class's `__iter__` is a generator function that the loop behind walks
    /// into.
    fn iterating_generator(&mut self, v: Abs, seen: u32) -> Result<Option<Abs>, Failure> {
        let shape = match v {
            Abs::V(v) if self.ty(v).may_be(kinds::OBJECT) => match self.ty(v).shape {
                0 => seen,
                known => known,
            },
            Abs::O(o) => match self.state.objects[o as usize].kind {
                ObjectKind::Instance(shape, _) => shape,
                _ => 0,
            },
            _ => 0,
        };
        if shape == 0 || self.is_general() {
            return Ok(None);
        }
        let method = taipan_vm::machine::special_method(self.th, shape, "__iter__");
        let Some((f, assumption)) = method else {
            return Ok(None);
        };
        let Some(f) = f.downcast::<Function>() else {
            return Ok(None);
        };
        if !self.walks_generator(f.code(), self.destination) {
            return Ok(None);
        }
        self.assume(assumption);
        let v = match v {
            Abs::V(v) => Abs::V(self.shape(v, shape)),
            v => v,
        };
        let fv = self.constant_object(f.value());
        let args = Arguments {
            values: vec![v],
            names: None,
        };
        match self.call_function(f, Abs::V(fv), &args, None, self.destination)? {
            Called::Value(g) => Ok(Some(g)),
            Called::Ended | Called::No => Ok(None),
        }
    }

    /// The generator that the `__iter__` of a value's class makes, if the class is known and it does.
    pub fn generator_of(&mut self, v: Value) -> Option<Abs> {
        let ty = self.ty(v);
        if ty.shape == 0 || !ty.within(kinds::OBJECT) {
            return None;
        }
        let (f, assumption) = taipan_vm::machine::special_method(self.th, ty.shape, "__iter__")?;
        let function = f.downcast::<Function>()?;
        let others = co_flags::COROUTINE | co_flags::ASYNC_GENERATOR;
        let code = function.code();
        if !code.is_generator || code.flags & others != 0 || f.kind() != Kind::Function {
            return None;
        }
        self.assume(assumption);
        self.assume(Assumption::Function(f.bits()));
        let fv = self.constant_object(f);
        self.new_generator(code, fv, &[Abs::V(v)])
    }

    /// The iterator of a value; `seen` is the shape that such values had, or 0.
    pub fn iterator(&mut self, v: Abs, seen: u32) -> Abs {
        if let Abs::O(o) = v {
            let object = self.state.objects[o as usize].clone();
            match object.kind {
                ObjectKind::Range => {
                    if let Some(it) =
                        self.range_iterator(object.fields[0], object.fields[1], object.fields[2])
                    {
                        return it;
                    }
                }
                ObjectKind::Tuple => {
                    let t = self.materialize(o);
                    let zero = self.constant_int(0);
                    return self
                        .state
                        .add_object(ObjectKind::TupleIterator, vec![Abs::V(t), Abs::V(zero)]);
                }
                ObjectKind::RangeIterator
                | ObjectKind::ListIterator
                | ObjectKind::TupleIterator
                | ObjectKind::ListReverseIterator
                | ObjectKind::StrIterator
                | ObjectKind::BytesIterator
                | ObjectKind::Enumerate
                | ObjectKind::Generator(..)
                | ObjectKind::Zip => return v,
                _ => {}
            }
        }
        let v = self.tagged(v);
        let ty = self.ty(v);
        let shape = if ty.shape != 0 && ty.within(kinds::OBJECT) {
            ty.shape
        } else if ty.may_be(kinds::OBJECT) {
            seen
        } else {
            0
        };
        for (t, kind) in [
            (T::List, ObjectKind::ListIterator),
            (T::Tuple, ObjectKind::TupleIterator),
        ] {
            if shape == shape_of(t) {
                let s = self.builtin_shape(v, t);
                let zero = self.constant_int(0);
                return self.state.add_object(kind, vec![Abs::V(s), Abs::V(zero)]);
            }
        }
        if shape != 0
            && let Some(assumption) =
                taipan_vm::machine::inherits(self.th, shape, T::List, "__iter__")
        {
            self.assume(assumption);
            let s = self.shape(v, shape);
            let zero = self.constant_int(0);
            let fields = vec![Abs::V(s), Abs::V(zero)];
            return self.state.add_object(ObjectKind::ListIterator, fields);
        }
        if shape == shape_of(T::Str) && !self.is_general() {
            return self.text_iterator(v);
        }
        if shape == shape_of(T::Bytes) {
            return self.bytes_iterator(v);
        }
        if shape == shape_of(T::Range) {
            let r = self.builtin_shape(v, T::Range);
            let parts: Vec<Abs> = [0, 8, 16]
                .iter()
                .map(|o| Abs::V(self.load(r, at::RANGE_START + o, Alias::Constant, Type::ANY)))
                .collect();
            if let Some(it) = self.range_iterator(parts[0], parts[1], parts[2]) {
                return it;
            }
        }
        if shape == shape_of(T::Generator) {
            return Abs::V(self.builtin_shape(v, T::Generator));
        }
        if let Some(g) = self.generator_of(v) {
            return g;
        }
        Abs::V(self.call_helper(Helper::iter, &[v], Type::ANY))
    }

    /// `enumerate(v, start)`
    pub fn enumeration(&mut self, v: Abs, start: Option<Value>, seen: u32) -> Abs {
        let count = start.unwrap_or_else(|| self.constant_int(0));
        let it = self.iterator(v, seen);
        self.state
            .add_object(ObjectKind::Enumerate, vec![it, Abs::V(count)])
    }

    /// `zip(…)` of what has iterators that are not made, the first two of the shapes that were seen;
    /// None otherwise.
    pub fn zipped(&mut self, values: &[Abs], seen: [u32; 2]) -> Option<Abs> {
        let shape_of_argument = |i: usize| seen[i.min(1)];
        let plain = |b: &Self, v: &Abs, i: usize| match v {
            Abs::O(o) => matches!(
                b.state.objects[*o as usize].kind,
                ObjectKind::Range | ObjectKind::Tuple
            ),
            Abs::V(v) => {
                let t = b.ty(*v);
                let shape = if t.shape != 0 {
                    t.shape
                } else {
                    shape_of_argument(i)
                };
                let known = [T::List, T::Tuple, T::Bytes].map(shape_of).contains(&shape)
                    || (shape == shape_of(T::Str) && !b.is_general());
                known && t.may_be(kinds::OBJECT) && (t.shape != 0 || i == 0 || !b.is_general())
            }
            Abs::Unbound => false,
        };
        for (i, v) in values.iter().enumerate() {
            if !plain(self, v, i) {
                return None;
            }
        }
        let mut iterators = Vec::with_capacity(values.len());
        for (i, v) in values.iter().enumerate() {
            let it = self.iterator(*v, shape_of_argument(i));
            iterators.push(it);
        }
        let removed = iterators.iter().all(|it| matches!(it, Abs::O(_)));
        if !removed {
            return None;
        }
        Some(self.state.add_object(ObjectKind::Zip, iterators))
    }

    /// `reversed(v)` of a list, or of a range with step 1 or -1 that was not made; None otherwise.
    pub fn reversed(&mut self, v: Abs) -> Option<Abs> {
        match v {
            Abs::V(list) if self.is_shape(list, T::List) => {
                let len = self.list_len(list);
                let fields = vec![Abs::V(list), Abs::V(len)];
                Some(
                    self.state
                        .add_object(ObjectKind::ListReverseIterator, fields),
                )
            }
            Abs::O(o) if self.state.objects[o as usize].kind == ObjectKind::Range => {
                let fields = self.state.objects[o as usize].fields.clone();
                let (Abs::V(start), Abs::V(stop), Abs::V(step)) = (fields[0], fields[1], fields[2])
                else {
                    return None;
                };
                let step = self.known_int(step).filter(|n| n.abs() == 1)?;
                let (start, stop) = (self.int(start), self.int(stop));
                let n = self.constant_int(step);
                let mut before = |x: Value| {
                    let t = self.ty(x);
                    let ty = Type::int(
                        (t.low - step).clamp(INT_MIN, INT_MAX),
                        (t.high - step).clamp(INT_MIN, INT_MAX),
                    );
                    Abs::V(self.push(Op::Sub, &[x, n], 0, Rep::Int, ty))
                };
                let (first, end) = (before(stop), before(start));
                let step = self.constant_int(-step);
                self.range_iterator(first, end, Abs::V(step))
            }
            _ => None,
        }
    }

    /// A range's step, which is taken to be greater than zero and no giant.
    pub fn ascending_step(&mut self, step: Value) -> Value {
        let one = self.constant_int(1);
        let limit = self.constant_int(MAX_STEP);
        let before = self.push(Op::Sub, &[step, one], 0, Rep::Int, Type::RAW);
        let ok = self.push(Op::LessUnsigned, &[before, limit], 0, Rep::Bool, Type::BOOL);
        self.guard_true(ok, Reason::Arithmetic);
        // So that it cannot be zero even where the guard has not been yet: it is divided by.
        let mask = self.constant_int(MAX_STEP - 1);
        let ty = Type::int(0, MAX_STEP - 1);
        let before = self.push(Op::And, &[before, mask], 0, Rep::Int, ty);
        self.push(Op::Add, &[before, one], 0, Rep::Int, Type::int(1, MAX_STEP))
    }

    /// An iterator over a range of ints whose step is a constant or greater than zero; None when it
    /// must be made.
    fn range_iterator(&mut self, start: Abs, stop: Abs, step: Abs) -> Option<Abs> {
        let (Abs::V(start), Abs::V(stop), Abs::V(step)) = (start, stop, step) else {
            return None;
        };
        let constant = match self.known_int(step) {
            Some(n) if n == 0 || n.unsigned_abs() > MAX_STEP as u64 => return None,
            Some(n) => n,
            None => {
                let t = self.ty(step);
                if !t.is_int() || t.low <= 0 || t.high > MAX_STEP {
                    return None;
                }
                return self.ascending_iterator(start, stop, step);
            }
        };
        let step = constant;
        if !self.ty(start).may_be(kinds::INT) || !self.ty(stop).may_be(kinds::INT) {
            return None;
        }
        let (start, stop) = (self.int(start), self.int(stop));
        // Items left, from the distance.
        let (ts, te) = (self.ty(start), self.ty(stop));
        let (from, to) = if step > 0 {
            (start, stop)
        } else {
            (stop, start)
        };
        let (tf, tt) = (self.ty(from), self.ty(to));
        let distance_high = (tt.high as i128 - tf.low as i128).clamp(0, i64::MAX as i128) as i64;
        let d = self.push(Op::Sub, &[to, from], 0, Rep::Int, Type::RAW);
        let magnitude = step.unsigned_abs() as i64;
        let n = if magnitude == 1 {
            d
        } else {
            let m = self.constant_raw_int(magnitude - 1);
            let sum = self.push(Op::Add, &[d, m], 0, Rep::Int, Type::RAW);
            let m = self.constant_raw_int(magnitude);
            self.push(Op::FloorDiv, &[sum, m], 0, Rep::Int, Type::RAW)
        };
        let _ = (ts, te);
        let zero = self.constant_int(0);
        let positive = self.push(
            Op::CompareInt,
            &[d, zero],
            Compare::Gt as i64,
            Rep::Bool,
            Type::BOOL,
        );
        let left = self.push(
            Op::Select,
            &[positive, n, zero],
            0,
            Rep::Int,
            Type::int(
                0,
                (distance_high / magnitude).saturating_add(1).min(INT_MAX),
            ),
        );
        let step = self.constant_int(step);
        Some(self.state.add_object(
            ObjectKind::RangeIterator,
            vec![Abs::V(start), Abs::V(step), Abs::V(left)],
        ))
    }

    /// As [`Builder::range_iterator`], for a step that is not known but greater than zero.
    fn ascending_iterator(&mut self, start: Value, stop: Value, step: Value) -> Option<Abs> {
        if !self.ty(start).may_be(kinds::INT) || !self.ty(stop).may_be(kinds::INT) {
            return None;
        }
        let (start, stop) = (self.int(start), self.int(stop));
        let (from, to) = (self.ty(start), self.ty(stop));
        let most = (to.high as i128 - from.low as i128).clamp(0, INT_MAX as i128) as i64;
        let (zero, one) = (self.constant_int(0), self.constant_int(1));
        let d = self.push(Op::Sub, &[stop, start], 0, Rep::Int, Type::RAW);
        let gt = Compare::Gt as i64;
        let some = self.push(Op::CompareInt, &[d, zero], gt, Rep::Bool, Type::BOOL);
        // One less than the items' distance, in steps.
        let before = self.push(Op::Sub, &[d, one], 0, Rep::Int, Type::RAW);
        let ty = Type::int(0, INT_MAX);
        let before = self.push(Op::Select, &[some, before, zero], 0, Rep::Int, ty);
        let steps = self.push(Op::FloorDiv, &[before, step], 0, Rep::Int, ty);
        let n = self.push(Op::Add, &[steps, one], 0, Rep::Int, Type::int(1, INT_MAX));
        let ty = Type::int(0, most);
        let left = self.push(Op::Select, &[some, n, zero], 0, Rep::Int, ty);
        Some(self.state.add_object(
            ObjectKind::RangeIterator,
            vec![Abs::V(start), Abs::V(step), Abs::V(left)],
        ))
    }

    /// `R[a] = next(R[b])`, or to the exit.
    pub fn for_iter(&mut self, a: usize, b: usize, exit: u32, fb: u32) -> Result<Flow, Failure> {
        let it = self.state.get(b);
        let seen = self.iterated_shape(fb);
        let pair = self.is_taken_apart(a);
        let (more, item) = self.next_item(it, seen, pair);
        Ok(Flow::Iterated {
            more,
            exit,
            item,
            dst: a,
        })
    }

    /// Does the next instruction take the temporary apart in two?
    fn is_taken_apart(&self, a: usize) -> bool {
        let code = self.code();
        let next = taipan_bytecode::encode::decode(&code.data.code, self.next_pc as usize);
        a >= code.first_temporary.get() as usize
            && next.is_some_and(|(op, x, _)| {
                op == Opcode::UnpackSequence && x.b as usize == a && x.c == 2
            })
    }

    /// Is there a next item, and what it is.
    fn next_item(&mut self, it: Abs, seen: u32, pair: bool) -> (Value, Item) {
        if let Abs::O(o) = it {
            let object = self.state.objects[o as usize].clone();
            match object.kind {
                ObjectKind::RangeIterator => {
                    if let Abs::V(left) = object.fields[2] {
                        let zero = self.constant_int(0);
                        let left = self.int(left);
                        let (more, _) = self.compare_ints(Compare::Gt, left, zero);
                        return (more, Item::Range(o));
                    }
                }
                ObjectKind::ListIterator
                | ObjectKind::TupleIterator
                | ObjectKind::ListReverseIterator
                | ObjectKind::StrIterator
                | ObjectKind::BytesIterator => {
                    if let (Abs::V(s), Abs::V(i)) = (object.fields[0], object.fields[1]) {
                        let i = self.int(i);
                        let more = self.has_more(object.kind, s, i);
                        return (more, Item::Sequence(o));
                    }
                }
                ObjectKind::Enumerate => {
                    let (more, item) = self.next_item(object.fields[0], 0, false);
                    return (more, Item::Numbered(o, Box::new(item)));
                }
                ObjectKind::Zip => {
                    let mut all = self.constant_bool(true);
                    let mut items = Vec::with_capacity(object.fields.len());
                    for f in &object.fields {
                        let (more, item) = self.next_item(*f, 0, false);
                        let no = self.constant_bool(false);
                        all = match self.known_truth(all) {
                            Some(true) => more,
                            _ => {
                                let ty = Type::BOOL;
                                self.push(Op::Select, &[all, more, no], 0, Rep::Bool, ty)
                            }
                        };
                        items.push(item);
                    }
                    return (all, Item::Zipped(items));
                }
                _ => {}
            }
        }
        let v = self.tagged(it);
        let ty = self.ty(v);
        let shape = if ty.shape != 0 && ty.within(kinds::OBJECT) {
            ty.shape
        } else {
            seen
        };
        if shape == shape_of(T::RangeIterator) {
            let r = self.builtin_shape(v, T::RangeIterator);
            let left = self.push(
                Op::LoadRaw,
                &[r],
                at::RANGE_LEFT as i64,
                Rep::Int,
                Type::RAW,
            );
            self.set_alias(Alias::Iterator);
            let next = self.push(
                Op::LoadRaw,
                &[r],
                at::RANGE_NEXT as i64,
                Rep::Int,
                Type::RAW,
            );
            self.set_alias(Alias::Iterator);
            let step = self.push(
                Op::LoadRaw,
                &[r],
                at::RANGE_STEP as i64,
                Rep::Int,
                Type::RAW,
            );
            self.set_alias(Alias::Iterator);
            let zero = self.constant_int(0);
            let more = self.push(
                Op::CompareInt,
                &[left, zero],
                Compare::Ne as i64,
                Rep::Bool,
                Type::BOOL,
            );
            return (more, Item::MadeRange(r, left, next, step));
        }
        if let Some(q) = SEQUENCES.iter().find(|q| shape == shape_of(q.iterator)) {
            let r = self.builtin_shape(v, q.iterator);
            let s = self.push(
                Op::Load,
                &[r],
                q.sequence as i64,
                Rep::Tagged,
                Type::ANY_OR_UNBOUND,
            );
            self.set_alias(Alias::Iterator);
            // Exhausted ones have none.
            let state = self.state_here(taipan_abi::resume::Reason::Unbound);
            let ty = Type::shape(shape_of(q.of));
            let s = self.push_state(Op::GuardBound, &[s], 0, Rep::Tagged, ty, state);
            let ty = Type::int(0, MAX_LEN);
            let i = self.push(Op::LoadRaw, &[r], q.index as i64, Rep::Int, ty);
            self.set_alias(Alias::Iterator);
            let more = self.has_more(q.kind, s, i);
            return (more, Item::MadeSequence(r, s, i, q));
        }
        let of_pairs = [T::DictItemIterator, T::Enumerate]
            .into_iter()
            .find(|t| shape == shape_of(*t));
        if pair && let Some(t) = of_pairs {
            let v = self.builtin_shape(v, t);
            let x = self.call_helper(Helper::next_pair, &[v], Type::ANY);
            let y = self.push(Op::Second, &[], 0, Rep::Tagged, Type::ANY);
            self.set_alias(Alias::Thread);
            let more = self.not_exhausted(x);
            return (more, Item::Pair(x, y));
        }
        let r = self.call_helper(Helper::next, &[v], Type::ANY);
        let more = self.not_exhausted(r);
        (more, Item::Value(r))
    }

    fn not_exhausted(&mut self, r: Value) -> Value {
        let end = self.constant_raw(taipan_abi::resume::EXHAUSTED as i64);
        let done = self.push(Op::Same, &[r, end], 0, Rep::Bool, Type::BOOL);
        self.not(done)
    }

    /// Number of items of the sequence of such an iterator.
    fn sequence_len(&mut self, kind: ObjectKind, s: Value) -> Value {
        match kind {
            ObjectKind::ListIterator | ObjectKind::ListReverseIterator => self.list_len(s),
            ObjectKind::StrIterator => self.text_len(s),
            ObjectKind::BytesIterator => self.bytes_len(s),
            _ => self.load_raw(s, at::TUPLE_LEN, Alias::Constant, Type::int(0, MAX_LEN)),
        }
    }

    /// Has such an iterator, with this index, an item?
    fn has_more(&mut self, kind: ObjectKind, s: Value, i: Value) -> Value {
        let len = self.sequence_len(kind, s);
        if kind == ObjectKind::ListReverseIterator {
            let one = self.constant_int(1);
            let i = self.push(Op::Sub, &[i, one], 0, Rep::Int, Type::RAW);
            return self.push(Op::LessUnsigned, &[i, len], 0, Rep::Bool, Type::BOOL);
        }
        self.compare_ints(Compare::Lt, i, len).0
    }

    /// The index behind an item.
    fn next_index(&mut self, kind: ObjectKind, i: Value) -> Value {
        let (one, t) = (self.constant_int(1), self.ty(i));
        let (op, ty) = match kind {
            ObjectKind::ListReverseIterator => (Op::Sub, Type::int(0, (t.high - 1).max(0))),
            _ => (Op::Add, Type::int((t.low + 1).max(0), MAX_LEN)),
        };
        self.push(op, &[i, one], 0, Rep::Int, ty)
    }

    /// Its item with an index that is in range.
    fn sequence_item(&mut self, kind: ObjectKind, s: Value, i: Value) -> Value {
        match kind {
            ObjectKind::ListIterator => self.list_item(s, i),
            ObjectKind::ListReverseIterator => {
                let i = self.next_index(kind, i);
                self.list_item(s, i)
            }
            ObjectKind::StrIterator => self.text_item(s, i),
            ObjectKind::BytesIterator => self.bytes_item(s, i),
            _ => {
                let offset = at::TUPLE_ITEMS as i64;
                let v = self.push(Op::LoadIndexed, &[s, i], offset, Rep::Tagged, Type::ANY);
                self.set_alias(Alias::Constant);
                v
            }
        }
    }

    /// What happens on the way on which there is no item: an exhausted iterator of a sequence lets go
    /// of it.
    pub fn end_items(&mut self, item: &Item) {
        if let Item::Numbered(_, inner) = item {
            return self.end_items(inner);
        }
        if let Item::MadeSequence(r, _, _, q) = item {
            let nothing = self.constant_int(0);
            self.push(
                Op::StoreRaw,
                &[*r, nothing],
                q.sequence as i64,
                Rep::Int,
                Type::RAW,
            );
            self.set_alias(Alias::Iterator);
        }
    }

    /// Takes the item on the way on which there is one.
    pub fn take_item(&mut self, item: Item) -> Result<Abs, Failure> {
        match item {
            Item::Value(v) => Ok(Abs::V(v)),
            Item::Pair(x, y) => Ok(self
                .state
                .add_object(ObjectKind::Tuple, vec![Abs::V(x), Abs::V(y)])),
            Item::Numbered(o, inner) => {
                let v = self.take_item(*inner)?;
                let Abs::V(n) = self.state.objects[o as usize].fields[1] else {
                    return Err(Failure::Refused("an enumeration without number"));
                };
                let (n, one) = (self.int(n), self.constant_int(1));
                let t = self.ty(n);
                // Nobody counts to the end of the small ints.
                let ty = Type::int(t.low.saturating_add(1).min(INT_MAX), INT_MAX);
                let next = self.push(Op::Add, &[n, one], 0, Rep::Int, ty);
                self.state.objects[o as usize].fields[1] = Abs::V(next);
                Ok(self.state.add_object(ObjectKind::Tuple, vec![Abs::V(n), v]))
            }
            Item::Zipped(items) => {
                let mut fields = Vec::with_capacity(items.len());
                for item in items {
                    fields.push(self.take_item(item)?);
                }
                Ok(self.state.add_object(ObjectKind::Tuple, fields))
            }
            Item::Range(o) => {
                let fields = self.state.objects[o as usize].fields.clone();
                let (Abs::V(next), Abs::V(step), Abs::V(left)) = (fields[0], fields[1], fields[2])
                else {
                    return Err(Failure::Refused("a range iterator without numbers"));
                };
                let s = self.known_int(step).unwrap_or(1);
                let t = self.ty(next);
                let one = self.constant_int(1);
                // The item is a small int, as start and stop are. The number behind the last one need
                // not be; nobody looks at it then.
                let left_type = self.ty(left);
                let l = self.push(
                    Op::Sub,
                    &[left, one],
                    0,
                    Rep::Int,
                    Type::int(0, (left_type.high - 1).max(0)),
                );
                let (low, high) = if s > 0 {
                    (t.low, INT_MAX)
                } else {
                    (INT_MIN, t.high)
                };
                let n = self.push(Op::Add, &[next, step], 0, Rep::Int, Type::int(low, high));
                self.state.objects[o as usize].fields[0] = Abs::V(n);
                self.state.objects[o as usize].fields[2] = Abs::V(l);
                Ok(Abs::V(next))
            }
            Item::Sequence(o) => {
                let fields = self.state.objects[o as usize].fields.clone();
                let kind = self.state.objects[o as usize].kind;
                let (Abs::V(s), Abs::V(i)) = (fields[0], fields[1]) else {
                    return Err(Failure::Refused("an iterator without sequence"));
                };
                let i = self.int(i);
                let n = self.next_index(kind, i);
                self.state.objects[o as usize].fields[1] = Abs::V(n);
                Ok(Abs::V(self.sequence_item(kind, s, i)))
            }
            Item::MadeRange(r, left, next, step) => {
                let one = self.constant_int(1);
                let l = self.push(Op::Sub, &[left, one], 0, Rep::Int, Type::RAW);
                let n = self.push(Op::Add, &[next, step], 0, Rep::Int, Type::RAW);
                self.push(
                    Op::StoreRaw,
                    &[r, l],
                    at::RANGE_LEFT as i64,
                    Rep::Int,
                    Type::RAW,
                );
                self.set_alias(Alias::Iterator);
                self.push(
                    Op::StoreRaw,
                    &[r, n],
                    at::RANGE_NEXT as i64,
                    Rep::Int,
                    Type::RAW,
                );
                self.set_alias(Alias::Iterator);
                // The item may be wide; that is tested after the fact, so it stays tagged then.
                let v = self.push(
                    Op::TagWide,
                    &[next],
                    0,
                    Rep::Tagged,
                    Type::of(kinds::INT | kinds::OBJECT),
                );
                Ok(Abs::V(v))
            }
            Item::MadeSequence(r, s, i, q) => {
                let n = self.next_index(q.kind, i);
                let args = [r, n];
                self.push(Op::StoreRaw, &args, q.index as i64, Rep::Int, Type::RAW);
                self.set_alias(Alias::Iterator);
                Ok(Abs::V(self.sequence_item(q.kind, s, i)))
            }
        }
    }
}
