//! Globals, builtins and cells.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_bytecode::access::instructions;
use taipan_bytecode::encode::Operands;
use taipan_bytecode::opcode::Opcode;
use taipan_ssa::graph::Alias;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Type, Value};
use taipan_vm::machine::assumptions::{self, Assumption};
use taipan_vm::machine::layout as at;
use taipan_vm::object::Gc;
use taipan_vm::types::T;
use taipan_vm::types::cell::CellObject;
use taipan_vm::types::code::Code;
use taipan_vm::types::function::Function;

use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure};

impl Builder<'_> {
    /// Relies on something.
    pub fn assume(&mut self, a: Assumption) {
        if !self.assumptions.contains(&a) {
            self.assumptions.push(a);
        }
    }

    /// At entry: the frame's function must have the globals (and at module level the locals) that
    /// the code was compiled for.
    pub fn guard_globals(&mut self, function: Gc<Function>, f: Value) -> Result<(), Failure> {
        if !uses_globals(function.code()) {
            return Ok(());
        }
        self.guard_globals_of(function, f);
        let globals = function.globals().value();
        if taipan_vm::machine::locals_are_globals(self.th, function) {
            let l = self.push(Op::RootLocals, &[], 0, Rep::Int, Type::RAW);
            self.set_alias(Alias::Constant);
            let want = self.constant_raw_int(globals.bits() as i64);
            let same = self.equal_words(l, want);
            self.guard_true(same, Reason::Identity);
        }
        Ok(())
    }

    /// If its code uses them, a function must have the globals of another one of the same code.
    pub fn guard_globals_of(&mut self, example: Gc<Function>, f: Value) {
        if !uses_globals(example.code()) {
            return;
        }
        let g = self.load(
            f,
            at::FUNCTION_GLOBALS,
            Alias::Constant,
            Type::of(kinds::OBJECT),
        );
        self.identity(g, example.globals().value());
    }

    /// Are two untagged words equal?
    fn equal_words(&mut self, x: Value, y: Value) -> Value {
        let eq = taipan_ssa::insts::Compare::Eq as i64;
        self.push(Op::CompareInt, &[x, y], eq, Rep::Bool, Type::BOOL)
    }

    /// The function that runs here, or one with the same globals and builtins.
    pub fn function_here(&self) -> Gc<Function> {
        let activation = &self.activations[self.activation()];
        match activation.function.or(activation.home) {
            Some(f) => f,
            None => taipan_vm::machine::as_function(self.roots[1]),
        }
    }

    /// `R[a] =` a global or builtin.
    pub fn load_global(
        &mut self,
        a: usize,
        name: u32,
        fb: u32,
        op: Opcode,
        x: &Operands,
    ) -> Result<Flow, Failure> {
        if op == Opcode::LoadGlobal && self.is_passed_by(fb) {
            self.leave(Reason::Untaken);
            return Ok(Flow::Ended);
        }
        let function = self.function_here();
        let globals = function.globals();
        if op == Opcode::LoadName && !taipan_vm::machine::locals_are_globals(self.th, function) {
            return self.step(op, x);
        }
        let builtins = function.builtins();
        let (n, _) = self.name(name);
        let watch = Assumption::Name(globals.value().bits(), n.value().bits());
        // (What a module stores in its own loops varies; builtins do not.)
        let varies = op == Opcode::LoadName && globals.get_str(n).is_some();
        if self.th.vm().assumptions.is_unstable(watch) || varies {
            return self.load_varying_global(a, globals, n, op, x);
        }
        let value = match globals.get_str(n) {
            Some(v) => v,
            None => match builtins.get_str(n) {
                Some(v) => {
                    let b = Assumption::Name(builtins.value().bits(), n.value().bits());
                    if self.th.vm().assumptions.is_unstable(b) {
                        return self.step(op, x);
                    }
                    assumptions::watch(builtins);
                    self.roots.push(builtins.value());
                    self.assume(b);
                    v
                }
                None => {
                    self.leave(Reason::Interpret);
                    return Ok(Flow::Ended);
                }
            },
        };
        assumptions::watch(globals);
        self.roots.push(globals.value());
        self.assume(watch);
        let v = self.constant_object(value);
        self.state.set(a, Abs::V(v));
        Ok(Flow::Next)
    }

    /// A global whose value changes: its place is fixed while the set of names stays.
    fn load_varying_global(
        &mut self,
        a: usize,
        globals: Gc<taipan_vm::types::dict::Dict>,
        n: Gc<taipan_vm::types::str_::Str>,
        op: Opcode,
        x: &Operands,
    ) -> Result<Flow, Failure> {
        let Some((version, table, address)) = taipan_vm::machine::global_place(self.th, globals, n)
        else {
            return self.step(op, x);
        };
        self.roots.push(table);
        self.guard_keys(globals, version);
        let base = self.constant_raw_int(address as i64);
        let v = self.push(Op::Load, &[base], 0, Rep::Tagged, Type::ANY);
        self.set_alias(Alias::Dict);
        self.set_imm2(1);
        self.state.set(a, Abs::V(v));
        Ok(Flow::Next)
    }

    /// Leaves when the set of names in a namespace is not what it was.
    fn guard_keys(&mut self, globals: Gc<taipan_vm::types::dict::Dict>, version: u32) {
        let g = self.constant_object(globals.value());
        let got = self.push(
            Op::LoadHalf,
            &[g],
            at::DICT_KEYS_VERSION as i64,
            Rep::Int,
            Type::RAW,
        );
        self.set_alias(Alias::Dict);
        let want = self.constant_raw_int(version as i64);
        let same = self.equal_words(got, want);
        self.guard_true(same, Reason::Identity);
    }

    /// `locals[name] = R[a]` of code whose names are its globals.
    pub fn store_name(
        &mut self,
        a: usize,
        name: u32,
        op: Opcode,
        x: &Operands,
    ) -> Result<Flow, Failure> {
        let function = self.function_here();
        let globals = function.globals();
        let (n, _) = self.name(name);
        if !taipan_vm::machine::locals_are_globals(self.th, function)
            || taipan_vm::machine::global_place(self.th, globals, n).is_none()
        {
            return self.step(op, x);
        }
        // It is stored in a hot loop: nobody should take it for a constant.
        let watch = Assumption::Name(globals.value().bits(), n.value().bits());
        self.th.vm().assumptions.give_up(watch);
        self.store_global(a, name);
        Ok(Flow::Next)
    }

    /// `globals[name] = R[a]`
    pub fn store_global(&mut self, a: usize, name: u32) {
        let globals = self.function_here().globals();
        let (n, n_value) = self.name(name);
        let v = self.tagged_register(a);
        let watch = Assumption::Name(globals.value().bits(), n.value().bits());
        // Nothing relies on a name that was seen to vary.
        if self.th.vm().assumptions.is_unstable(watch)
            && let Some((version, table, address)) =
                taipan_vm::machine::global_place(self.th, globals, n)
        {
            self.roots.push(table);
            self.guard_keys(globals, version);
            let base = self.constant_raw_int(address as i64);
            self.push(Op::Store, &[base, v], 0, Rep::Tagged, Type::ANY);
            self.set_alias(Alias::Dict);
            self.state.clobber(Alias::Dict);
            let owner = self.constant_object(table);
            self.barrier(owner, v);
            return;
        }
        self.roots.push(globals.value());
        let g = self.constant_object(globals.value());
        self.call_helper(Helper::store_global, &[g, n_value, v], Type::RAW);
    }

    /// An untagged constant that is no Python int.
    pub fn constant_raw_int(&mut self, n: i64) -> Value {
        self.push(Op::ConstInt, &[], n, Rep::Int, Type::RAW)
    }

    /// `R[a] = Cell(R[a])`
    pub fn make_cell(&mut self, a: usize) {
        let v = self.state.get(a);
        let cell = self.state.add_object(ObjectKind::Cell, vec![v]);
        self.state.set(a, cell);
    }

    /// `R[a] =` a cell of the closure.
    pub fn load_closure(
        &mut self,
        a: usize,
        index: usize,
        op: Opcode,
        x: &Operands,
    ) -> Result<Flow, Failure> {
        let activation = self.activation();
        if let Some(f) = self.activations[activation].function {
            let Some(cell) = f.closure.get().and_then(|t| t.get(index)) else {
                return self.step(op, x);
            };
            let v = self.constant_object(cell);
            self.state.set(a, Abs::V(v));
            return Ok(Flow::Next);
        }
        if let Some(cell) = self.unmade_cell(index) {
            self.state.set(a, cell);
            return Ok(Flow::Next);
        }
        let inlined = self.state.frames.len() > 1;
        let f = match self.state.frames.last().map(|f| f.function) {
            Some(Abs::V(v)) if inlined => Some(v),
            _ => self.activations[activation].function_value,
        };
        let Some(f) = f else {
            return self.step(op, x);
        };
        let t = self.load(
            f,
            at::FUNCTION_CLOSURE,
            Alias::Constant,
            Type::shape(super::shape_of(T::Tuple)),
        );
        let v = self.load(
            t,
            at::TUPLE_ITEMS + 8 * index as i32,
            Alias::Constant,
            Type::shape(super::shape_of(T::Cell)),
        );
        self.state.set(a, Abs::V(v));
        Ok(Flow::Next)
    }

    /// `R[a] =` the contents of the cell `R[b]`.
    pub fn load_cell(&mut self, a: usize, b: usize) -> Result<Flow, Failure> {
        match self.state.get(b) {
            Abs::O(o) => match self.state.objects[o as usize].fields[0] {
                Abs::Unbound => {
                    self.leave(Reason::Unbound);
                    return Ok(Flow::Ended);
                }
                Abs::V(v) if self.ty(v).may_be(kinds::UNBOUND) => {
                    let s = self.state_here(Reason::Unbound);
                    let ty = Type {
                        kinds: self.ty(v).kinds & !kinds::UNBOUND,
                        ..self.ty(v)
                    };
                    let g = self.push_state(Op::GuardBound, &[v], 0, Rep::Tagged, ty, s);
                    self.state.replace(v, g);
                    self.state.set(a, Abs::V(g));
                }
                v => self.state.set(a, v),
            },
            Abs::V(cell) => {
                let cell = self.tag(cell);
                if let Some(v) = self.state.fact(cell, at::CELL_CONTENTS) {
                    self.state.set(a, Abs::V(v));
                    return Ok(Flow::Next);
                }
                // A cell that is written once holds its value for good; a function that closes over
                // itself or over another is the common case.
                if let Some(k) = self.known(cell)
                    && let Some(c) = k.downcast::<CellObject>()
                    && let Some(v) = c.contents.get()
                    && v.kind() == taipan_vm::object::Kind::Function
                {
                    let l = self.push(
                        Op::Load,
                        &[cell],
                        at::CELL_CONTENTS as i64,
                        Rep::Tagged,
                        Type::ANY_OR_UNBOUND,
                    );
                    self.set_alias(Alias::Cell);
                    let g = self.identity(l, v);
                    self.state.add_fact(cell, at::CELL_CONTENTS, Alias::Cell, g);
                    self.state.set(a, Abs::V(g));
                    return Ok(Flow::Next);
                }
                let v = self.push(
                    Op::Load,
                    &[cell],
                    at::CELL_CONTENTS as i64,
                    Rep::Tagged,
                    Type::ANY_OR_UNBOUND,
                );
                self.set_alias(Alias::Cell);
                let s = self.state_here(Reason::Unbound);
                let g = self.push_state(Op::GuardBound, &[v], 0, Rep::Tagged, Type::ANY, s);
                self.state.add_fact(cell, at::CELL_CONTENTS, Alias::Cell, g);
                self.state.set(a, Abs::V(g));
            }
            Abs::Unbound => {
                self.leave(Reason::Unbound);
                return Ok(Flow::Ended);
            }
        }
        Ok(Flow::Next)
    }

    /// The contents of the cell `R[a]` become `R[b]`.
    pub fn store_cell(
        &mut self,
        a: usize,
        b: usize,
        op: Opcode,
        x: &Operands,
    ) -> Result<Flow, Failure> {
        let v = self.state.get(b);
        match self.state.get(a) {
            Abs::O(o) => {
                self.set_field(o, 0, v);
                if let Abs::V(made) = self.state.get(a) {
                    // Making the value made the cell.
                    let v = self.tagged(v);
                    self.store(made, at::CELL_CONTENTS, Alias::Cell, v);
                }
            }
            Abs::V(cell) => {
                let v = match v {
                    Abs::V(v) => v,
                    v => self.tagged(v),
                };
                self.store(cell, at::CELL_CONTENTS, Alias::Cell, v);
            }
            Abs::Unbound => return self.step(op, x),
        }
        Ok(Flow::Next)
    }
}

/// Does code look names up, or make functions, which get its globals?
fn uses_globals(code: Gc<Code>) -> bool {
    let mut all = instructions(&code.data.code);
    !code.data.names.is_empty() || all.any(|(_, op, ..)| op == Opcode::MakeFunction)
}
