//! Loading, storing and deleting names.

use ruff_text_size::TextRange;
use taipan_bytecode::code::{Intrinsic1, Intrinsic2};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::Lowerer;
use crate::emit::operands;
use crate::scopes::{Binding, Resolved, ScopeKind};

/// A register operand that the opcode does not use.
pub(super) const UNUSED: Reg = Reg(0);

/// How a name is reached at the present point.
enum Place {
    /// A register.
    Fast(Reg),
    /// A cell in a register.
    Cell(Reg),
    /// A cell, behind a namespace: the class body's own, or the enclosing class's.
    DictOrCell(Reg),
    /// The locals mapping.
    ByName,
    /// Globals and builtins.
    Global,
    /// Globals and builtins, behind the enclosing class's namespace.
    DictOrGlobal,
}

impl<'a> Lowerer<'a> {
    pub(super) fn intrinsic1(&mut self, dst: Reg, src: Reg, which: Intrinsic1) {
        self.b()
            .op3(Opcode::CallIntrinsic1, dst, src, Reg(which as u16));
    }

    pub(super) fn intrinsic2(&mut self, dst: Reg, lhs: Reg, rhs: Reg, which: Intrinsic2) {
        let x = operands(dst.0, lhs.0, rhs.0, which as u32);
        self.b().emit(Opcode::CallIntrinsic2, x);
    }

    /// The register of the cell of a name as a scope below would capture it.
    pub(super) fn cell_of(&self, resolved: &Resolved) -> Option<Reg> {
        if resolved.scope == self.unit.own
            && let Some(&own) = self.unit.own_cells.get(&resolved.name)
        {
            return Some(own);
        }
        self.unit
            .cells
            .get(&(resolved.scope, resolved.name.clone()))
            .copied()
    }

    /// The register with the cell of one of this code's own or free variables.
    pub(super) fn own_cell(&self, name: &'static str) -> Option<Reg> {
        let name = ruff_python_ast::name::Name::new_static(name);
        if let Some(&own) = self.unit.own_cells.get(&name) {
            return Some(own);
        }
        self.unit.cells.get(&(self.unit.own, name)).copied()
    }

    fn resolve(&self, name: &str) -> Resolved {
        self.scopes.resolve(self.unit.own, self.scope(), name)
    }

    fn place(&self, resolved: &Resolved) -> Place {
        let asking = &self.scopes[self.unit.current];
        let own = &self.scopes[self.unit.own];
        let in_class_body = asking.kind == ScopeKind::Class;
        let key = (resolved.scope, resolved.name.clone());
        match resolved.binding {
            Binding::Local => match self.unit.fast.get(&key) {
                Some(&reg) => Place::Fast(reg),
                None => Place::ByName,
            },
            Binding::Cell => match self.unit.cells.get(&key) {
                Some(&reg) => Place::Cell(reg),
                None => Place::ByName,
            },
            Binding::Free => match self.unit.cells.get(&key) {
                Some(&reg) if in_class_body || asking.can_see_class_scope => Place::DictOrCell(reg),
                Some(&reg) => Place::Cell(reg),
                None => Place::Global,
            },
            Binding::GlobalExplicit => Place::Global,
            Binding::GlobalImplicit if asking.can_see_class_scope => Place::DictOrGlobal,
            Binding::GlobalImplicit if in_class_body => Place::ByName,
            Binding::GlobalImplicit if own.kind == ScopeKind::Module => Place::ByName,
            Binding::GlobalImplicit => Place::Global,
        }
    }

    /// The register of a name that is a plain local here.
    pub(super) fn local(&self, name: &str) -> Option<Reg> {
        let resolved = self.resolve(name);
        match self.place(&resolved) {
            Place::Fast(reg) => Some(reg),
            _ => None,
        }
    }

    /// Registers of the locals that code in a range may unbind.
    pub(super) fn unbound_in(&self, range: TextRange) -> Vec<Reg> {
        let names = self.marks.unbound_in(range);
        names.filter_map(|name| self.local(name)).collect()
    }

    /// The namespace that `__classdict__`, or the class body itself, stands for.
    fn class_namespace(&mut self) -> Reg {
        let t = self.temp();
        if self.scopes[self.unit.current].kind == ScopeKind::Class {
            self.b().op1(Opcode::LoadLocals, t);
        } else if let Some(cell) = self.own_cell("__classdict__") {
            self.b()
                .named(Opcode::LoadCell, t, cell, UNUSED, "__classdict__");
        } else {
            self.b().op1(Opcode::LoadLocals, t);
        }
        t
    }

    /// The value of a name: a local's own register if it is one.
    pub(super) fn load_name(&mut self, name: &str, want: Option<Reg>) -> Reg {
        let resolved = self.resolve(name);
        self.load_resolved(&resolved, want)
    }

    pub(super) fn load_resolved(&mut self, resolved: &Resolved, want: Option<Reg>) -> Reg {
        let name = &resolved.name;
        match self.place(resolved) {
            Place::Fast(reg) => {
                if self.unit.b.reachable && !self.unit.b.bound.contains(reg.0) {
                    // In a generator expression the host's variables are free ones.
                    let current = &self.scopes[self.unit.current];
                    let free = current.consumer.is_some() && resolved.scope != self.unit.current;
                    let free = Reg(free as u16);
                    self.b().named(Opcode::CheckBound, reg, free, UNUSED, name);
                    self.b().bound.insert(reg.0);
                }
                reg
            }
            Place::Cell(cell) => {
                let dst = self.dest(want);
                self.b().named(Opcode::LoadCell, dst, cell, UNUSED, name);
                dst
            }
            Place::DictOrCell(cell) => {
                let mark = self.mark();
                let dict = self.class_namespace();
                self.release(mark);
                let dst = self.dest(want);
                self.b()
                    .named(Opcode::LoadFromDictOrCell, dst, dict, cell, name);
                dst
            }
            Place::ByName => {
                let dst = self.dest(want);
                self.b().named(Opcode::LoadName, dst, UNUSED, UNUSED, name);
                dst
            }
            Place::Global => {
                let dst = self.dest(want);
                self.b()
                    .named(Opcode::LoadGlobal, dst, UNUSED, UNUSED, name);
                dst
            }
            Place::DictOrGlobal => {
                let mark = self.mark();
                let dict = self.class_namespace();
                self.release(mark);
                let dst = self.dest(want);
                self.b()
                    .named(Opcode::LoadFromDictOrGlobals, dst, dict, UNUSED, name);
                dst
            }
        }
    }

    /// Stores a value under a name.
    pub(super) fn store_name(&mut self, name: &str, value: Reg) {
        let resolved = self.resolve(name);
        self.store_resolved(&resolved, value);
    }

    pub(super) fn store_resolved(&mut self, resolved: &Resolved, value: Reg) {
        let name = &resolved.name;
        match self.place(resolved) {
            Place::Fast(reg) => {
                self.b().move_(reg, value);
                self.b().bound.insert(reg.0);
            }
            Place::Cell(cell) | Place::DictOrCell(cell) => {
                self.b().op2(Opcode::StoreCell, cell, value);
            }
            Place::ByName => {
                self.b()
                    .named(Opcode::StoreName, value, UNUSED, UNUSED, name);
            }
            Place::Global | Place::DictOrGlobal => {
                self.b()
                    .named(Opcode::StoreGlobal, value, UNUSED, UNUSED, name);
            }
        }
    }

    /// `del name`.
    pub(super) fn delete_name(&mut self, name: &str) {
        let resolved = self.resolve(name);
        let name = &resolved.name;
        match self.place(&resolved) {
            Place::Fast(reg) => {
                if self.unit.b.reachable && !self.unit.b.bound.contains(reg.0) {
                    self.b()
                        .named(Opcode::CheckBound, reg, UNUSED, UNUSED, name);
                }
                self.b().op1(Opcode::Clear, reg);
                self.b().bound.remove(reg.0);
            }
            Place::Cell(cell) | Place::DictOrCell(cell) => {
                self.b()
                    .named(Opcode::DeleteCell, cell, UNUSED, UNUSED, name);
            }
            Place::ByName => {
                self.b()
                    .named(Opcode::DeleteName, UNUSED, UNUSED, UNUSED, name);
            }
            Place::Global | Place::DictOrGlobal => {
                self.b()
                    .named(Opcode::DeleteGlobal, UNUSED, UNUSED, UNUSED, name);
            }
        }
    }
}
