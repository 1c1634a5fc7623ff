//! Import statements.

use ruff_python_ast as ast;
use taipan_bytecode::code::Constant;
use taipan_bytecode::opcode::Opcode;

use super::names::UNUSED;
use super::{Lowerer, Result};
use crate::emit::operands;

impl<'a> Lowerer<'a> {
    pub(super) fn import(&mut self, s: &'a ast::StmtImport) -> Result<()> {
        let mark = self.mark();
        for alias in &s.names {
            self.at(s);
            let module = self.temp();
            self.b().load_none(module);
            let name = self.scopes[self.scope()].mangle(&alias.name);
            let d = self.b().name(&name);
            self.b()
                .emit(Opcode::ImportName, operands(module.0, module.0, 0, d));
            let mut parts = alias.name.id.split('.');
            let top = parts.next().unwrap_or("");
            match &alias.asname {
                None => self.store_name(top, module),
                Some(asname) => {
                    for part in parts {
                        self.b()
                            .named(Opcode::ImportFrom, module, module, UNUSED, part);
                    }
                    self.store_name(&asname.id, module);
                }
            }
            self.release(mark);
        }
        Ok(())
    }

    pub(super) fn import_from(&mut self, s: &'a ast::StmtImportFrom) -> Result<()> {
        let mark = self.mark();
        self.at(s);
        let names = s
            .names
            .iter()
            .map(|a| Constant::Str(a.name.id.as_str().into()));
        let module = self.temp();
        self.b()
            .load_const(module, Constant::Tuple(names.collect()));
        let name = s.module.as_ref().map_or("", |m| m.id.as_str());
        let name = self.scopes[self.scope()].mangle(name);
        let d = self.b().name(&name);
        let level = s.level.min(u16::MAX as u32) as u16;
        self.b()
            .emit(Opcode::ImportName, operands(module.0, module.0, level, d));
        for alias in &s.names {
            if alias.name.id.as_str() == "*" {
                self.b().op1(Opcode::ImportStar, module);
                continue;
            }
            let target = &alias.asname.as_ref().unwrap_or(&alias.name).id;
            let t = self.temp();
            let name = self.scopes[self.scope()].mangle(&alias.name);
            self.b().named(Opcode::ImportFrom, t, module, UNUSED, &name);
            self.store_name(target, t);
            self.release(t.0);
        }
        self.release(mark);
        Ok(())
    }
}
