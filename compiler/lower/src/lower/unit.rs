//! One code object in the making.

use ruff_python_ast as ast;
use ruff_python_ast::name::Name;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use taipan_bytecode::code::{CodeObject, Constant, SourceRange, co_flags};
use taipan_bytecode::encode::Operands;
use taipan_bytecode::lazy::CodeRef;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Block, Lowerer, Result};
use crate::emit::{Builder, Label, Registers};
use crate::errors::{ErrorKind, SyntaxError};
use crate::scopes::{Binding, ScopeId, ScopeKind};

/// The state of one code object.
#[derive(Debug)]
pub(super) struct Unit<'a> {
    /// The scope whose code this is.
    pub own: ScopeId,
    /// The scope in which names are looked up now: `own`, or a comprehension inlined in it.
    pub current: ScopeId,
    pub b: Builder,
    pub regs: Registers,
    /// What encloses the present point and needs work on the way out, innermost last.
    pub blocks: Vec<Block<'a>>,
    /// Registers of local variables.
    pub fast: FxHashMap<(ScopeId, Name), Reg>,
    /// Registers that hold cells.
    pub cells: FxHashMap<(ScopeId, Name), Reg>,
    /// The cells this code makes, which a free variable of the same name does not hide
    /// (`nonlocal __class__` in a class body).
    pub own_cells: FxHashMap<Name, Reg>,
    pub code: CodeObject,
    /// Names of `self.name = …` in the methods of a class body.
    pub static_attributes: BTreeSet<String>,
    /// `x: T` statements of a module or class body whose annotation `__annotate__` evaluates, with
    /// their number if they are conditional.
    pub annotations: Vec<(&'a ast::StmtAnnAssign, Option<u32>)>,
    /// Guard of a generator's body, see [`Lowerer::enter_generator`].
    guard: Option<Label>,
}

impl Unit<'_> {
    pub fn placeholder(scope: ScopeId) -> Self {
        Unit {
            own: scope,
            current: scope,
            b: Builder::new(),
            regs: Registers::default(),
            blocks: Vec::new(),
            fast: FxHashMap::default(),
            cells: FxHashMap::default(),
            own_cells: FxHashMap::default(),
            code: CodeObject::default(),
            static_attributes: BTreeSet::new(),
            annotations: Vec::new(),
            guard: None,
        }
    }
}

impl<'a> Lowerer<'a> {
    /// The `co_qualname` of a definition called `name` that is made here.
    fn qualified(&self, scope: ScopeId, name: &str) -> String {
        let mut parents = std::iter::once(&self.unit).chain(self.outer.iter().rev());
        let mut parent = parents.next();
        // An annotation scope, such as the hidden one of type parameters, does not count.
        if parent.is_some_and(|p| is_annotation_scope(self.scopes[p.own].kind)) {
            parent = parents.next();
        }
        let Some(parent) = parent else {
            return name.to_owned();
        };
        let scope = &self.scopes[scope];
        match self.scopes[parent.own].kind {
            ScopeKind::Module => name.to_owned(),
            kind => {
                let defines = matches!(scope.kind, ScopeKind::Function | ScopeKind::Class);
                let mangled = self.scopes[parent.own].mangle(name);
                if defines && self.scopes[parent.own].lookup(&mangled) == Binding::GlobalExplicit {
                    name.to_owned()
                } else if matches!(kind, ScopeKind::Function | ScopeKind::Lambda) {
                    format!("{}.<locals>.{name}", parent.code.qualname)
                } else {
                    format!("{}.{name}", parent.code.qualname)
                }
            }
        }
    }

    /// Begins the code of a scope: registers, cells, closure.
    pub(super) fn enter(&mut self, scope: ScopeId, name: &str, first_line: u32, nested: bool) {
        let qualname = if nested {
            self.qualified(scope, name)
        } else {
            name.to_owned()
        };
        let unit = Unit::placeholder(scope);
        let outer = std::mem::replace(&mut self.unit, unit);
        if nested {
            self.outer.push(outer);
        }
        let scopes = self.scopes;
        let info = &scopes[scope];
        let code = &mut self.unit.code;
        code.name = name.to_owned();
        code.qualname = qualname;
        code.filename = self.filename.to_owned();
        code.first_line = first_line;
        code.flags = flags_of(info);
        if self.future_annotations {
            code.flags |= co_flags::FUTURE_ANNOTATIONS;
        }
        let unit = &mut self.unit;
        let mut next = 0u16;
        let by_register = info.kind.is_function_like();
        if by_register {
            for name in info.locals() {
                unit.fast.insert((scope, name.clone()), Reg(next));
                if info.params.contains(name) {
                    unit.b.bound.insert(next);
                }
                let shown = match info.kind {
                    ScopeKind::Annotations if name.as_str() == ".format" => "format",
                    _ => name.as_str(),
                };
                unit.code.varnames.push(shown.to_owned());
                next = next.saturating_add(1);
            }
        }
        let line = SourceRange {
            line: first_line,
            end_line: first_line,
            column: 0,
            end_column: 0,
        };
        unit.b.at = line;
        let mut makes = Vec::new();
        for name in &info.cell_vars {
            let reg = match unit.fast.get(&(scope, name.clone())) {
                Some(&reg) => reg,
                None => {
                    let reg = Reg(next);
                    next = next.saturating_add(1);
                    reg
                }
            };
            makes.push(reg);
            unit.own_cells.insert(name.clone(), reg);
            unit.cells.insert((scope, name.clone()), reg);
            unit.code.cellvars.push((name.to_string(), reg.0));
        }
        let mut receives = Vec::new();
        for name in &info.free_vars {
            let reg = Reg(next);
            next = next.saturating_add(1);
            receives.push(reg);
            unit.cells.insert((scope, name.clone()), reg);
            unit.code.freevars.push((name.to_string(), reg.0));
        }
        unit.regs = Registers::new(next);
        // On no line: the first line event is the body's.
        let at = std::mem::take(&mut unit.b.at);
        for reg in makes {
            unit.b.op1(Opcode::MakeCell, reg);
        }
        for (index, reg) in receives.into_iter().enumerate() {
            let x = Operands {
                a: reg.0,
                b: index as u16,
                ..Operands::default()
            };
            unit.b.emit(Opcode::LoadClosure, x);
        }
        unit.b.at = at;
    }

    /// The running code is a generator (or coroutine): makes the object, and guards the body so
    /// that a StopIteration that leaves it becomes a RuntimeError.
    pub(super) fn enter_generator(&mut self) {
        let b = &mut self.unit.b;
        b.emit(Opcode::ReturnGenerator, Operands::default());
        let guard = b.handler_label(&[]);
        b.set_handler(Some(guard));
        self.unit.guard = Some(guard);
    }

    /// Ends the code of the current scope; what falls off its end returns None.
    pub(super) fn leave(&mut self) -> Result<CodeRef> {
        self.b().end();
        if let Some(guard) = self.unit.guard {
            self.b().set_handler(None);
            self.b().bind(guard);
            self.b().nowhere();
            let exc = self.temp();
            let save = self.temp();
            self.b().op2(Opcode::EnterHandler, exc, save);
            self.intrinsic1(
                exc,
                exc,
                taipan_bytecode::code::Intrinsic1::StopIterationError,
            );
            self.b().op1(Opcode::ExitHandler, save);
            self.b().op1(Opcode::Reraise, exc);
        }
        let outer = match self.outer.pop() {
            Some(outer) => outer,
            None => Unit::placeholder(self.scopes.module()),
        };
        let unit = std::mem::replace(&mut self.unit, outer);
        let mut code = unit.code;
        if unit.regs.overflow || code.varnames.len() > u16::MAX as usize - 2 {
            return Err(SyntaxError {
                kind: ErrorKind::Memory,
                message: "too many local variables or nested expressions".to_owned(),
                line: code.first_line,
                col: 0,
                end_line: code.first_line,
                end_col: 0,
                text: String::new(),
            });
        }
        unit.b.assemble(&mut code);
        let needed = taipan_bytecode::access::registers_needed(&code.code);
        code.registers = unit.regs.window().max(needed.min(u16::MAX as u32) as u16);
        Ok(CodeRef::from(code))
    }

    /// The docstring takes the first place among the constants.
    pub(super) fn reserve_docstring(&mut self, doc: Constant) {
        self.unit.code.flags |= co_flags::HAS_DOCSTRING;
        self.b().constant(doc);
    }
}

fn is_annotation_scope(kind: ScopeKind) -> bool {
    !kind.is_function() && kind.is_function_like()
}

fn flags_of(scope: &crate::scopes::Scope) -> u32 {
    let mut flags = 0;
    if scope.kind.is_function_like() {
        flags |= co_flags::OPTIMIZED | co_flags::NEWLOCALS;
        if scope.nested {
            flags |= co_flags::NESTED;
        }
        flags |= match (scope.is_generator, scope.is_coroutine) {
            (true, false) => co_flags::GENERATOR,
            (false, true) => co_flags::COROUTINE,
            (true, true) => co_flags::ASYNC_GENERATOR,
            (false, false) => 0,
        };
        if scope.has_varargs {
            flags |= co_flags::VARARGS;
        }
        if scope.has_varkeywords {
            flags |= co_flags::VARKEYWORDS;
        }
    }
    flags
}
