//! Calls: plain, of methods, through `super()`, with stars.

use ruff_python_ast::{self as ast, Expr, Keyword};
use ruff_text_size::Ranged;
use taipan_bytecode::code::{Constant, SourceRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::collections::RUN;
use super::names::UNUSED;
use super::{Lowerer, Result};
use crate::emit::operands;
use crate::scopes::{Binding, ScopeKind};

impl<'a> Lowerer<'a> {
    pub(super) fn call(&mut self, e: &'a ast::ExprCall, want: Option<Reg>) -> Result<Reg> {
        let args = &e.arguments;
        if let Some((g, consumer)) = self.consumed(e) {
            return self.consume(e, g, consumer, want);
        }
        if let Expr::Attribute(method) = e.func.as_ref()
            && is_simple(args)
        {
            return self.method_call(e, method, want);
        }
        let base = self.temp();
        self.expr_to(&e.func, base)?;
        self.release(base.0 + 1);
        let at = self.locate(e.range());
        self.call_with(base, &args.args, &args.keywords, at, want)
    }

    /// Calls `R[base]`, the top temporary, and releases it. `extra` arguments may already be
    /// above it: see [`Lowerer::call_after`].
    pub(super) fn call_with(
        &mut self,
        base: Reg,
        args: &'a [Expr],
        keywords: &'a [Keyword],
        at: SourceRange,
        want: Option<Reg>,
    ) -> Result<Reg> {
        self.call_after(base, 0, args, keywords, None, at, want)
    }

    /// As [`Lowerer::call_with`], with `ready` arguments already evaluated above `base`, and
    /// `last` as one more positional argument.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn call_after(
        &mut self,
        base: Reg,
        ready: usize,
        args: &'a [Expr],
        keywords: &'a [Keyword],
        last: Option<Reg>,
        at: SourceRange,
        want: Option<Reg>,
    ) -> Result<Reg> {
        if !is_simple_list(args, keywords) {
            return self.call_ex(base, ready, args, keywords, last, at, want);
        }
        self.run(args)?;
        if let Some(last) = last {
            let reg = self.temp();
            self.b().move_(reg, last);
        }
        let kwnames = self.keywords(keywords)?;
        let count = ready + args.len() + last.is_some() as usize + keywords.len();
        self.release(base.0);
        let dst = self.dest(want);
        if self.unit.b.reachable {
            self.unit.b.at = at;
        }
        let x = operands(dst.0, base.0, count as u16, kwnames);
        self.b().emit(Opcode::Call, x);
        Ok(dst)
    }

    /// Evaluates keyword arguments; gives the `kwnames` operand.
    pub(super) fn keywords(&mut self, keywords: &'a [Keyword]) -> Result<u32> {
        if keywords.is_empty() {
            return Ok(0);
        }
        let mut names = Vec::new();
        for keyword in keywords {
            self.expr_temp(&keyword.value)?;
            if let Some(name) = &keyword.arg {
                // As in the reference, a keyword is not mangled.
                names.push(Constant::Str(name.as_str().into()));
            }
        }
        Ok(1 + self.b().constant(Constant::Tuple(names)))
    }

    fn method_call(
        &mut self,
        e: &'a ast::ExprCall,
        method: &'a ast::ExprAttribute,
        want: Option<Reg>,
    ) -> Result<Reg> {
        let name = self.scopes[self.scope()].mangle(&method.attr);
        let base = match self.super_arguments(&method.value, method.attr.as_str())? {
            Some(base) => {
                self.unit.b.at = self.attribute_place(method, method.range);
                self.b()
                    .named(Opcode::LoadSuperMethod, base, UNUSED, UNUSED, &name);
                base
            }
            None => {
                let base = self.unit.regs.alloc_run(2);
                let object = self.expr(&method.value, Some(base))?;
                self.unit.b.at = self.attribute_place(method, method.range);
                self.b()
                    .named(Opcode::LoadMethod, base, object, UNUSED, &name);
                base
            }
        };
        self.release(base.0 + 2);
        self.run(&e.arguments.args)?;
        let kwnames = self.keywords(&e.arguments.keywords)?;
        let count = e.arguments.args.len() + e.arguments.keywords.len();
        self.release(base.0);
        let dst = self.dest(want);
        if self.unit.b.reachable {
            self.unit.b.at = self.attribute_place(method, e.range());
        }
        let x = operands(dst.0, base.0, count as u16, kwnames);
        self.b().emit(Opcode::CallMethod, x);
        Ok(dst)
    }

    /// If `e` is `super()` in a method, or `super(C, x)`: its global, class and first argument in
    /// three new temporaries, for an attribute of it to be loaded without making the object.
    pub(super) fn super_arguments(&mut self, e: &'a Expr, attribute: &str) -> Result<Option<Reg>> {
        let Expr::Call(call) = e else { return Ok(None) };
        let Expr::Name(name) = call.func.as_ref() else {
            return Ok(None);
        };
        let scopes = self.scopes;
        let own = &scopes[self.unit.own];
        if name.id.as_str() != "super"
            || !call.arguments.keywords.is_empty()
            || attribute == "__class__"
            || own.kind != ScopeKind::Function
            || self.unit.current != self.unit.own
            || own.lookup("super") != Binding::GlobalImplicit
            // As the reference does: the module must not so much as mention the name.
            || scopes[scopes.module()].symbols.get("super").is_some()
        {
            return Ok(None);
        }
        match &*call.arguments.args {
            [] if self.unit.code.argcount > 0 => {}
            [class, object] if !class.is_starred_expr() && !object.is_starred_expr() => {
                let base = self.unit.regs.alloc_run(3);
                self.at(name);
                self.b()
                    .named(Opcode::LoadGlobal, base, UNUSED, UNUSED, "super");
                self.expr_to(class, base.offset(1))?;
                self.expr_to(object, base.offset(2))?;
                return Ok(Some(base));
            }
            _ => return Ok(None),
        }
        let (Some(class), Some(first)) = (self.own_cell("__class__"), own.params.first()) else {
            return Ok(None);
        };
        let base = self.unit.regs.alloc_run(3);
        self.at(name);
        self.b()
            .named(Opcode::LoadGlobal, base, UNUSED, UNUSED, "super");
        self.at(call);
        self.b()
            .named(Opcode::LoadCell, base.offset(1), class, UNUSED, "__class__");
        let resolved = scopes.capture(self.unit.own, self.unit.own, first);
        let receiver = self.load_resolved(&resolved, Some(base.offset(2)));
        self.b().move_(base.offset(2), receiver);
        Ok(Some(base))
    }

    /// A call with `*` or `**`, or with more arguments than registers are to be spent on.
    #[allow(clippy::too_many_arguments)]
    fn call_ex(
        &mut self,
        base: Reg,
        ready: usize,
        args: &'a [Expr],
        keywords: &'a [Keyword],
        last: Option<Reg>,
        at: SourceRange,
        want: Option<Reg>,
    ) -> Result<Reg> {
        let positional = base.offset(1);
        if ready > 0 || last.is_some() {
            let list = self.temp();
            self.build(Opcode::BuildList, list, positional, ready);
            for e in args {
                let mark = self.mark();
                match e {
                    Expr::Starred(star) => {
                        let value = self.expr(&star.value, None)?;
                        self.at(star);
                        self.b().op2(Opcode::ListExtend, list, value);
                    }
                    e => {
                        let value = self.expr(e, None)?;
                        self.b().op2(Opcode::ListAppend, list, value);
                    }
                }
                self.release(mark);
            }
            if let Some(last) = last {
                self.b().op2(Opcode::ListAppend, list, last);
            }
            self.b().op2(Opcode::ListToTuple, positional, list);
            self.release(base.0 + 1);
            self.temp();
        } else {
            let positional = self.temp();
            match args {
                [Expr::Starred(star)] => self.expr_to(&star.value, positional)?,
                [] => self.b().load_const(positional, Constant::Tuple(Vec::new())),
                args => {
                    if self.unit.b.reachable {
                        self.unit.b.at = at;
                    }
                    let place = ruff_text_size::TextRange::new(
                        args.first().map_or(0.into(), Ranged::start),
                        args.last().map_or(0.into(), Ranged::end),
                    );
                    let value = self.tuple_of(args, place, Some(positional))?;
                    self.b().move_(positional, value);
                }
            }
        }
        self.release(base.0 + 2);
        let map = self.temp();
        self.keyword_map(base, map, keywords, at)?;
        self.release(base.0);
        let dst = self.dest(want);
        if self.unit.b.reachable {
            self.unit.b.at = at;
        }
        self.b().op2(Opcode::CallEx, dst, base);
        Ok(dst)
    }

    /// The keyword arguments as a dict in `map`; nothing there if there are none.
    fn keyword_map(
        &mut self,
        callee: Reg,
        map: Reg,
        keywords: &'a [Keyword],
        at: SourceRange,
    ) -> Result<()> {
        if keywords.is_empty() {
            self.b().op1(Opcode::Clear, map);
            return Ok(());
        }
        let mut rest = keywords;
        let mut first = true;
        while let Some(keyword) = rest.first() {
            let mark = self.mark();
            if keyword.arg.is_some() {
                let n = rest
                    .iter()
                    .take(RUN / 2)
                    .take_while(|k| k.arg.is_some())
                    .count();
                let base = self.unit.regs.mark();
                for keyword in &rest[..n] {
                    if let Some(name) = &keyword.arg {
                        let reg = self.temp();
                        self.b()
                            .load_const(reg, Constant::Str(name.as_str().into()));
                        self.expr_temp(&keyword.value)?;
                    }
                }
                if self.unit.b.reachable {
                    self.unit.b.at = at;
                }
                if first {
                    self.build(Opcode::BuildMap, map, Reg(base), n);
                } else {
                    let group = Reg(base);
                    self.build(Opcode::BuildMap, group, group, n);
                    self.b().op3(Opcode::DictMerge, map, group, callee);
                }
                rest = &rest[n..];
            } else {
                if first {
                    self.build(Opcode::BuildMap, map, UNUSED, 0);
                }
                let value = self.expr(&keyword.value, None)?;
                if self.unit.b.reachable {
                    self.unit.b.at = at;
                }
                self.b().op3(Opcode::DictMerge, map, value, callee);
                rest = &rest[1..];
            }
            first = false;
            self.release(mark);
        }
        Ok(())
    }
}

fn is_simple(args: &ast::Arguments) -> bool {
    is_simple_list(&args.args, &args.keywords)
}

/// Whether the arguments can be laid out in registers.
pub(super) fn is_simple_list(args: &[Expr], keywords: &[Keyword]) -> bool {
    args.len() + keywords.len() <= RUN
        && !args.iter().any(Expr::is_starred_expr)
        && keywords.iter().all(|k| k.arg.is_some())
}
