//! Objects that are not made until somebody else could see them.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_ssa::graph::Alias;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::machine::layout as at;
use taipan_vm::types::T;

use super::state::Abs;
use super::{Builder, shape_of};

/// Can fields change while the object is not made?
pub fn is_mutable_field(kind: ObjectKind, field: usize) -> bool {
    match kind {
        ObjectKind::Tuple
        | ObjectKind::Dict
        | ObjectKind::BoundMethod
        | ObjectKind::Function(..)
        | ObjectKind::Range
        | ObjectKind::Zip => false,
        ObjectKind::Instance(..) | ObjectKind::Cell | ObjectKind::List => true,
        ObjectKind::RangeIterator => field != 1,
        ObjectKind::Generator(..) => field != 0,
        ObjectKind::ListIterator
        | ObjectKind::TupleIterator
        | ObjectKind::ListReverseIterator
        | ObjectKind::StrIterator
        | ObjectKind::BytesIterator
        | ObjectKind::Enumerate => field == 1,
    }
}

impl Builder<'_> {
    /// Makes a removed object; gives its value.
    pub fn materialize(&mut self, id: u32) -> Value {
        let object = self.state.objects[id as usize].clone();
        let fields: Vec<Abs> = object.fields.clone();
        let v = match object.kind {
            ObjectKind::Tuple => {
                let args: Vec<Value> = fields.iter().map(|f| self.tagged(*f)).collect();
                self.made_of_run(Helper::new_tuple, &args, Type::shape(shape_of(T::Tuple)))
            }
            ObjectKind::List => {
                let args: Vec<Value> = fields.iter().map(|f| self.tagged(*f)).collect();
                self.made_of_run(Helper::new_list, &args, Type::shape(shape_of(T::List)))
            }
            ObjectKind::Dict => {
                let args: Vec<Value> = fields.iter().map(|f| self.tagged(*f)).collect();
                self.made_of_run(Helper::new_dict, &args, Type::shape(shape_of(T::Dict)))
            }
            ObjectKind::Enumerate => {
                let (it, n) = (self.tagged(fields[0]), self.tagged(fields[1]));
                let h = Helper::new_enumerate;
                self.made_by(
                    Op::CallQuiet,
                    h,
                    &[it, n],
                    Type::shape(shape_of(T::Enumerate)),
                )
            }
            ObjectKind::Zip => {
                let args: Vec<Value> = fields.iter().map(|f| self.tagged(*f)).collect();
                self.made_of_run(Helper::new_zip, &args, Type::shape(shape_of(T::Zip)))
            }
            ObjectKind::BoundMethod => self.make(
                T::BoundMethod,
                &fields,
                &[at::METHOD_FUNCTION, at::METHOD_RECEIVER],
            ),
            ObjectKind::Function(code, home) => self.materialize_function(code, home, &fields),
            ObjectKind::Cell => self.make(T::Cell, &fields, &[at::CELL_CONTENTS]),
            ObjectKind::Range => self.make(
                T::Range,
                &fields,
                &[at::RANGE_START, at::RANGE_START + 8, at::RANGE_START + 16],
            ),
            ObjectKind::RangeIterator => {
                let v = self.allocate(T::RangeIterator);
                for (f, offset) in
                    fields
                        .iter()
                        .zip([at::RANGE_NEXT, at::RANGE_STEP, at::RANGE_LEFT])
                {
                    let n = self.to_rep(*f, Rep::Int);
                    self.store_fresh_raw(v, offset, n);
                }
                v
            }
            ObjectKind::StrIterator => {
                let (s, n) = (self.tagged(fields[0]), self.to_rep(fields[1], Rep::Int));
                self.made_by(Op::CallQuiet, Helper::new_str_iterator, &[s, n], Type::ANY)
            }
            ObjectKind::ListIterator
            | ObjectKind::TupleIterator
            | ObjectKind::ListReverseIterator
            | ObjectKind::BytesIterator => {
                let (t, sequence, index) = match object.kind {
                    ObjectKind::ListIterator => (
                        T::ListIterator,
                        at::LIST_ITERATOR_LIST,
                        at::LIST_ITERATOR_INDEX,
                    ),
                    ObjectKind::ListReverseIterator => (
                        T::ListReverseIterator,
                        at::LIST_REVERSE_LIST,
                        at::LIST_REVERSE_LEFT,
                    ),
                    ObjectKind::BytesIterator => (
                        T::BytesIterator,
                        at::BYTES_ITERATOR_BYTES,
                        at::BYTES_ITERATOR_INDEX,
                    ),
                    _ => (
                        T::TupleIterator,
                        at::TUPLE_ITERATOR_TUPLE,
                        at::TUPLE_ITERATOR_INDEX,
                    ),
                };
                let s = self.tagged(fields[0]);
                let n = self.to_rep(fields[1], Rep::Int);
                let v = self.allocate(t);
                self.store_fresh(v, sequence, s);
                self.store_fresh_raw(v, index, n);
                v
            }
            ObjectKind::Generator(site, ..) => {
                self.make_generator(site);
                self.constant_unbound()
            }
            ObjectKind::Instance(shape, _) => {
                let values: Vec<Option<Value>> = fields
                    .iter()
                    .map(|f| match f {
                        Abs::Unbound => None,
                        f => Some(self.tagged(*f)),
                    })
                    .collect();
                let layout = taipan_vm::machine::instance_layout(self.th, shape);
                let v = self.push(
                    Op::Allocate,
                    &[],
                    layout.header as i64,
                    Rep::Tagged,
                    Type::shape(shape),
                );
                self.set_imm2(layout.size as i64);
                for (i, x) in values.into_iter().enumerate() {
                    if let Some(x) = x {
                        self.store_fresh(v, layout.first_slot + 8 * i as i32, x);
                        self.state.add_fact(
                            v,
                            layout.first_slot + 8 * i as i32,
                            Alias::Slot((layout.first_slot + 8 * i as i32) as u16),
                            x,
                        );
                    }
                }
                v
            }
        };
        // Fields may have been made meanwhile; nothing refers to the recipe any more.
        self.state.materialized(id, v);
        v
    }

    /// An object that a helper makes of a run of values.
    pub fn made_of_run(&mut self, h: Helper, run: &[Value], ty: Type) -> Value {
        self.made_by(Op::CallRunQuiet, h, run, ty)
    }

    /// An object that a helper makes. Only memory can be wanting; then it leaves, whatever handlers there
    /// are: to walk to one, the functions of inlined frames would have to be made, and this may be
    /// a part of one.
    fn made_by(&mut self, op: Op, h: Helper, args: &[Value], ty: Type) -> Value {
        let s = self.state_at(self.pc, Reason::Raised, false);
        self.push_state(op, args, h as i64, Rep::Tagged, ty, s)
    }

    fn allocate(&mut self, t: T) -> Value {
        let (header, vtable, size) = taipan_vm::machine::native_layout(self.th, t);
        let v = self.push(
            Op::Allocate,
            &[],
            header as i64,
            Rep::Tagged,
            Type::shape(shape_of(t)),
        );
        self.set_imm2(size as i64);
        if vtable != 0 {
            let word = self.constant_int(vtable as i64);
            self.store_fresh_raw(v, 8, word);
        }
        v
    }

    fn make(&mut self, t: T, fields: &[Abs], offsets: &[i32]) -> Value {
        let values: Vec<Option<Value>> = fields
            .iter()
            .map(|f| match f {
                Abs::Unbound => None,
                f => Some(self.tagged(*f)),
            })
            .collect();
        let v = self.allocate(t);
        for (x, offset) in values.into_iter().zip(offsets) {
            if let Some(x) = x {
                self.store_fresh(v, *offset, x);
            }
        }
        v
    }

    fn store_fresh(&mut self, base: Value, offset: i32, v: Value) {
        self.push(Op::Store, &[base, v], offset as i64, Rep::Tagged, Type::ANY);
        self.set_alias(Alias::Fresh);
    }

    fn store_fresh_raw(&mut self, base: Value, offset: i32, v: Value) {
        self.push(Op::StoreRaw, &[base, v], offset as i64, Rep::Int, Type::RAW);
        self.set_alias(Alias::Fresh);
    }

    /// Does a removed object lead to another one?
    pub fn leads_to(&self, from: Abs, to: u32) -> bool {
        match from {
            Abs::O(o) if o == to => true,
            Abs::O(o) => self.state.objects[o as usize]
                .fields
                .iter()
                .any(|f| self.leads_to(*f, to)),
            _ => false,
        }
    }

    /// Sets a field of a removed object.
    pub fn set_field(&mut self, object: u32, field: usize, v: Abs) {
        // No cycles among recipes.
        let v = if self.leads_to(v, object) {
            Abs::V(self.tagged(v))
        } else {
            v
        };
        // Making the value may have made the object itself; then the store is the caller's.
        if let Some(f) = self.state.objects[object as usize].fields.get_mut(field) {
            *f = v;
        }
    }
}
