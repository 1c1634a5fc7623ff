//! `class`.

use ruff_python_ast::{self as ast};
use ruff_text_size::TextRange;
use taipan_bytecode::code::{Constant, SourceRange};
use taipan_bytecode::lazy::CodeRef;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::names::UNUSED;
use super::{Lowerer, Result};
use crate::scopes::ScopeId;

impl<'a> Lowerer<'a> {
    pub(super) fn class_def(&mut self, s: &'a ast::StmtClassDef) -> Result<()> {
        let start =
            self.definition_start(&s.decorator_list, "class", false, &s.name, s.range.start());
        let place = TextRange::new(start, s.range.end());
        let mark = self.mark();
        self.decorators(&s.decorator_list)?;
        let dst = self.temp();
        self.at(place);
        match &s.type_params {
            Some(params) => self.generic_class(s, params, place, dst)?,
            None => self.build_class(s, place, None, dst)?,
        }
        self.release(dst.0 + 1);
        self.decorate(&s.decorator_list, dst);
        self.at(place);
        self.store_name(&s.name.id, Reg(mark));
        self.release(mark);
        Ok(())
    }

    /// `R[dst] = __build_class__(body, name, *bases, **keywords)`; `generic` is one more base.
    pub(super) fn build_class(
        &mut self,
        s: &'a ast::StmtClassDef,
        place: TextRange,
        generic: Option<Reg>,
        dst: Reg,
    ) -> Result<()> {
        let Some(scope) = self.scopes.class(s) else {
            return Err(self.error(s.range, "class without a scope"));
        };
        let code = self.class_code(s, scope)?;
        let base = self.temp();
        self.at(place);
        self.b().op1(Opcode::LoadBuildClass, base);
        let function = self.temp();
        self.make_function(code, scope, function, Default::default());
        let name = self.temp();
        self.b()
            .load_const(name, Constant::Str(s.name.as_str().into()));
        let (args, keywords): (&[_], &[_]) = match &s.arguments {
            Some(a) => (&a.args, &a.keywords),
            None => (&[], &[]),
        };
        let at = self.locate(place);
        let made = self.call_after(base, 2, args, keywords, generic, at, Some(dst))?;
        self.b().move_(dst, made);
        Ok(())
    }

    fn class_code(&mut self, s: &'a ast::StmtClassDef, scope: ScopeId) -> Result<CodeRef> {
        let first_line = self.line(s.range.start());
        self.enter(scope, s.name.as_str(), first_line, true);
        let head = SourceRange {
            line: first_line,
            end_line: first_line,
            column: 0,
            end_column: 0,
        };
        self.unit.b.at = head;
        let t = self.temp();
        self.b()
            .named(Opcode::LoadName, t, UNUSED, UNUSED, "__name__");
        self.store_special("__module__", t);
        let qualname = self.unit.code.qualname.clone();
        self.b().load_const(t, Constant::Str(qualname.into()));
        self.store_special("__qualname__", t);
        self.b().load_const(t, Constant::Int(first_line as i64));
        self.store_special("__firstlineno__", t);
        if s.type_params.is_some() {
            let params = self.load_name(".type_params", Some(t));
            self.store_special("__type_params__", params);
        }
        let needs_classdict = self.scopes[scope].needs_classdict;
        if needs_classdict && let Some(cell) = self.own_cell("__classdict__") {
            self.b().op1(Opcode::LoadLocals, t);
            self.b().op2(Opcode::StoreCell, cell, t);
        }
        self.prepare_annotations(&s.body, t)?;
        let mut body: &'a [ast::Stmt] = &s.body;
        if let Some((doc, rest)) = self.split_docstring(body) {
            if self.optimize < 2 {
                if let Some(first) = body.first() {
                    self.at(first);
                }
                self.b().load_const(t, doc);
                self.store_special("__doc__", t);
            }
            body = rest;
        }
        self.release(t.0);
        self.suite(body)?;

        let t = self.temp();
        self.class_annotate(head)?;
        let attributes = self
            .unit
            .static_attributes
            .iter()
            .map(|a| Constant::Str(a.as_str().into()))
            .collect();
        self.b().inherit();
        self.b().load_const(t, Constant::Tuple(attributes));
        self.store_special("__static_attributes__", t);
        if needs_classdict && let Some(cell) = self.own_cell("__classdict__") {
            self.store_special("__classdictcell__", cell);
        }
        if self.scopes[scope].needs_class_closure
            && let Some(cell) = self.own_cell("__class__")
        {
            self.store_special("__classcell__", cell);
            self.b().op1(Opcode::Return, cell);
        }
        self.release(t.0);
        self.leave()
    }

    /// Stores into the class namespace (or the module's) whatever the name means elsewhere.
    pub(super) fn store_special(&mut self, name: &str, value: Reg) {
        self.b()
            .named(Opcode::StoreName, value, UNUSED, UNUSED, name);
    }
}
