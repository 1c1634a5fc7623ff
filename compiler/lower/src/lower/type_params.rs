//! Type parameters (PEP 695, 696) and `type` statements.
//!
//! A generic definition is made by a hidden function, whose locals are the type parameters;
//! it is called at once.

use ruff_python_ast::{self as ast, Expr, TypeParam, TypeParams};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::code::{Constant, Intrinsic1, Intrinsic2};
use taipan_bytecode::lazy::CodeRef;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::function::{DEFAULTS, KW_DEFAULTS, Parts};
use super::{Lowerer, Result};
use crate::emit::operands;
use crate::scopes::ScopeId;

impl<'a> Lowerer<'a> {
    fn hidden_scope(&self, params: &TypeParams) -> Result<ScopeId> {
        self.scopes
            .type_params(params)
            .ok_or_else(|| self.error(params.range, "type parameters without a scope"))
    }

    fn enter_hidden(&mut self, scope: ScopeId, name: &str, place: TextRange, start: TextRange) {
        let line = self.line(start.start());
        self.enter(
            scope,
            &format!("<generic parameters of {name}>"),
            line,
            true,
        );
        self.unit.code.argcount = self.scopes[scope].params.len() as u32;
        self.unit.b.at = self.locate(TextRange::at(place.start(), 0.into()));
    }

    /// Makes the hidden function and calls it with what is in `args`; `dst` is the top temporary.
    fn call_hidden(&mut self, code: CodeRef, scope: ScopeId, dst: Reg, args: &[Reg]) {
        let mark = self.mark();
        let base = self.temp();
        self.make_function(code, scope, base, Default::default());
        for &arg in args {
            let reg = self.temp();
            self.b().move_(reg, arg);
        }
        self.b()
            .emit(Opcode::Call, operands(dst.0, base.0, args.len() as u16, 0));
        self.release(mark);
    }

    pub(super) fn generic_function(
        &mut self,
        s: &'a ast::StmtFunctionDef,
        params: &'a TypeParams,
        place: TextRange,
        dst: Reg,
    ) -> Result<()> {
        let mut parts = self.window();
        self.defaults(&s.parameters, &mut parts)?;
        let scope = self.hidden_scope(params)?;
        self.enter_hidden(scope, s.name.as_str(), place, s.range);
        let types = self.temp();
        self.type_parameters(params, types)?;
        let mut inner = self.window();
        let names = [(".defaults", DEFAULTS, 0), (".kwdefaults", KW_DEFAULTS, 1)];
        for (name, bit, offset) in names {
            if parts.bits & bit != 0
                && let Some(base) = inner.base
            {
                let value = self.load_name(name, None);
                self.b().move_(base.offset(offset), value);
                inner.bits |= bit;
            }
        }
        let function = self.temp();
        self.at(place);
        self.plain_function(s, place, inner, function)?;
        self.at(place);
        self.set_type_params(function, types);
        self.b().op1(Opcode::Return, function);
        let code = self.leave()?;
        self.at(place);
        let mut args = Vec::new();
        if let Some(base) = parts.base {
            for (_, bit, offset) in names {
                if parts.bits & bit != 0 {
                    args.push(base.offset(offset));
                }
            }
        }
        self.call_hidden(code, scope, dst, &args);
        Ok(())
    }

    pub(super) fn generic_class(
        &mut self,
        s: &'a ast::StmtClassDef,
        params: &'a TypeParams,
        place: TextRange,
        dst: Reg,
    ) -> Result<()> {
        let scope = self.hidden_scope(params)?;
        self.enter_hidden(scope, s.name.as_str(), place, s.range);
        let t = self.temp();
        self.type_parameters(params, t)?;
        self.at(place);
        self.store_name(".type_params", t);
        let types = self.load_name(".type_params", None);
        let generic = self.temp();
        self.intrinsic1(generic, types, Intrinsic1::SubscriptGeneric);
        self.store_name(".generic_base", generic);
        let class = self.temp();
        self.build_class(s, place, Some(generic), class)?;
        self.at(place);
        self.b().op1(Opcode::Return, class);
        let code = self.leave()?;
        self.at(place);
        self.call_hidden(code, scope, dst, &[]);
        Ok(())
    }

    pub(super) fn type_alias(&mut self, s: &'a ast::StmtTypeAlias) -> Result<()> {
        let Expr::Name(name) = s.name.as_ref() else {
            return Err(self.error(s.range, "invalid syntax"));
        };
        let mark = self.mark();
        let dst = self.temp();
        self.at(s);
        match &s.type_params {
            None => {
                let base = self.unit.regs.alloc_run(3);
                self.alias(s, name, base)?;
                self.b().op2(Opcode::Move, dst, base);
            }
            Some(params) => {
                let scope = self.hidden_scope(params)?;
                self.enter_hidden(scope, &name.id, s.range, s.range);
                let base = self.unit.regs.alloc_run(3);
                self.type_parameters(params, base.offset(1))?;
                self.alias(s, name, base)?;
                self.b().op1(Opcode::Return, base);
                let code = self.leave()?;
                self.at(s);
                self.call_hidden(code, scope, dst, &[]);
            }
        }
        self.at(s);
        self.store_name(&name.id, dst);
        self.release(mark);
        Ok(())
    }

    /// `R[base]` = the alias; its parameters are in `R[base+1]` if it has any.
    fn alias(
        &mut self,
        s: &'a ast::StmtTypeAlias,
        name: &'a ast::ExprName,
        base: Reg,
    ) -> Result<()> {
        self.at(s);
        self.b()
            .load_const(base, Constant::Str(name.id.as_str().into()));
        if s.type_params.is_none() {
            self.b().load_none(base.offset(1));
        }
        let Some(scope) = self.scopes.type_alias(s) else {
            return Err(self.error(s.range, "type alias without a scope"));
        };
        self.thunk(scope, &name.id, &s.value, s.range, base.offset(2))?;
        self.at(s);
        self.build(Opcode::BuildTuple, base, base, 3);
        self.intrinsic1(base, base, Intrinsic1::TypeAlias);
        Ok(())
    }

    /// A function that evaluates `e` when asked, in its own annotation scope. Its format
    /// defaults to "value".
    fn thunk(
        &mut self,
        scope: ScopeId,
        name: &str,
        e: &'a Expr,
        place: TextRange,
        dst: Reg,
    ) -> Result<()> {
        let at = self.locate(place);
        self.enter_annotation_scope(scope, name, at);
        let value = match e {
            // `*Ts = *tuple`: the default of a TypeVarTuple is unpacked.
            Expr::Starred(star) => {
                let t = self.temp();
                self.expr_to(&star.value, t)?;
                self.at(e);
                self.b()
                    .emit(Opcode::UnpackSequence, operands(t.0, t.0, 1, 0));
                t
            }
            e => self.expr(e, None)?,
        };
        self.at(place);
        self.b().op1(Opcode::Return, value);
        let code = self.leave()?;
        self.at(place);
        let mark = self.mark();
        let mut parts: Parts = self.window();
        if let Some(base) = parts.base {
            self.b()
                .load_const(base, Constant::Tuple(vec![Constant::Int(1)]));
            parts.bits |= DEFAULTS;
        }
        self.make_function(code, scope, dst, parts);
        self.release(mark);
        Ok(())
    }

    /// Binds the type parameters and leaves the tuple of them in `dst`.
    fn type_parameters(&mut self, params: &'a TypeParams, dst: Reg) -> Result<()> {
        let mark = self.mark();
        let base = self.unit.regs.alloc_run(params.len());
        for (i, param) in params.iter().enumerate() {
            let reg = base.offset(i as u16);
            let place = param.range();
            let (name, default, kind) = match param {
                TypeParam::TypeVar(p) => (&p.name, &p.default, Intrinsic1::TypeVar),
                TypeParam::TypeVarTuple(p) => (&p.name, &p.default, Intrinsic1::TypeVarTuple),
                TypeParam::ParamSpec(p) => (&p.name, &p.default, Intrinsic1::ParamSpec),
            };
            self.at(place);
            self.b()
                .load_const(reg, Constant::Str(name.as_str().into()));
            let bound = match param {
                TypeParam::TypeVar(p) => p.bound.as_deref().map(|b| (p, b)),
                _ => None,
            };
            match bound {
                Some((p, bound)) => {
                    let Some(scope) = self.scopes.type_param_bound(p) else {
                        return Err(self.error(place, "bound without a scope"));
                    };
                    let t = self.temp();
                    self.thunk(scope, name.as_str(), bound, bound.range(), t)?;
                    let which = match bound {
                        Expr::Tuple(_) => Intrinsic2::TypeVarWithConstraints,
                        _ => Intrinsic2::TypeVarWithBound,
                    };
                    self.at(place);
                    self.intrinsic2(reg, reg, t, which);
                    self.release(t.0);
                }
                None => self.intrinsic1(reg, reg, kind),
            }
            if let Some(default) = default.as_deref() {
                let Some(scope) = self.scopes.type_param_default(param) else {
                    return Err(self.error(place, "default without a scope"));
                };
                let t = self.temp();
                self.thunk(scope, name.as_str(), default, default.range(), t)?;
                self.at(place);
                self.intrinsic2(reg, reg, t, Intrinsic2::SetTypeParamDefault);
                self.release(t.0);
            }
            self.at(place);
            self.store_name(name.as_str(), reg);
        }
        self.build(Opcode::BuildTuple, dst, base, params.len());
        self.release(mark);
        Ok(())
    }
}
