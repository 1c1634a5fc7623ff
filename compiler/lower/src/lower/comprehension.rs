//! Comprehensions, inlined into their host (PEP 709), and generator expressions.
//!
//! The names an inlined comprehension binds get registers of their own, above the host's
//! temporaries, for as long as it runs; nothing of the host's has to be saved.

use ruff_python_ast::{self as ast, Comprehension, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_bytecode::encode::Operands;
use taipan_bytecode::lazy::CodeRef;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::{FeedbackKind, Reg};

use super::consume::Sink;
use super::names::UNUSED;
use super::{Lowerer, Result};
use crate::emit::operands;
use crate::scopes::{Binding, ScopeId};

/// What is made of each round.
#[derive(Clone, Copy)]
pub(super) enum Element<'a> {
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
    Generator(&'a Expr),
    /// For a builtin that consumes a generator expression.
    Consumed(&'a Expr, Sink),
}

impl<'a> Lowerer<'a> {
    pub(super) fn comprehension(&mut self, e: &'a Expr, want: Option<Reg>) -> Result<Reg> {
        let (element, generators, name) = match e {
            Expr::ListComp(e) => (Element::List(&e.elt), &e.generators, "<listcomp>"),
            Expr::SetComp(e) => (Element::Set(&e.elt), &e.generators, "<setcomp>"),
            Expr::DictComp(e) => {
                let key = e.key.as_deref().unwrap_or(&e.value);
                (Element::Dict(key, &e.value), &e.generators, "<dictcomp>")
            }
            Expr::Generator(e) => (Element::Generator(&e.elt), &e.generators, "<genexpr>"),
            _ => return Err(self.error(e.range(), "invalid syntax")),
        };
        let Some(scope) = self.scopes.comprehension(e) else {
            return Err(self.error(e.range(), "comprehension without a scope"));
        };
        let Some(first) = generators.first() else {
            return Err(self.error(e.range(), "comprehension without a loop"));
        };
        if self.scopes[scope].inlined && !e.is_generator_expr() {
            self.inlined(scope, element, generators, first, e.range(), want)
        } else {
            let place = match e {
                Expr::Generator(g) if !g.parenthesized => self.in_parentheses(e.range()),
                e => e.range(),
            };
            self.generator(scope, name, element, generators, first, place, want)
        }
    }

    fn inlined(
        &mut self,
        scope: ScopeId,
        element: Element<'a>,
        generators: &'a [Comprehension],
        first: &'a Comprehension,
        place: TextRange,
        want: Option<Reg>,
    ) -> Result<Reg> {
        let result = self.early_dest(want);
        let mark = self.mark();
        let iter = self.temp();
        self.outermost(first, iter)?;
        let host = std::mem::replace(&mut self.unit.current, scope);
        self.bind_own(scope, generators);
        self.at(place);
        let build = match element {
            Element::Set(_) => Opcode::BuildSet,
            Element::Dict(..) => Opcode::BuildMap,
            _ => Opcode::BuildList,
        };
        self.build(build, result, UNUSED, 0);
        self.rounds(element, generators, Some(iter), result, place)?;
        self.unit.current = host;
        self.release(mark);
        Ok(result)
    }

    /// The range of a generator expression that is a call's only argument: with the call's
    /// parentheses.
    pub(super) fn in_parentheses(&self, range: TextRange) -> TextRange {
        let before = self.text(TextRange::up_to(range.start()));
        let after = self.source.get(range.end().to_usize()..).unwrap_or("");
        let trimmed = before.trim_end();
        let mut rest = after.trim_start();
        if let Some(more) = rest.strip_prefix(',') {
            rest = more.trim_start();
        }
        if !trimmed.ends_with('(') || !rest.starts_with(')') {
            return range;
        }
        let start = TextSize::of(trimmed) - TextSize::from(1);
        let end = range.end() + TextSize::of(after) - TextSize::of(rest) + TextSize::from(1);
        TextRange::new(start, end)
    }

    /// The first iterator, evaluated outside of the comprehension's scope.
    pub(super) fn outermost(&mut self, first: &'a Comprehension, iter: Reg) -> Result<()> {
        let source = if first.is_async {
            self.expr(&first.iter, Some(iter))?
        } else {
            self.iterable(&first.iter, iter)?
        };
        self.at(&first.iter);
        let op = if first.is_async {
            Opcode::GetAIter
        } else {
            Opcode::GetIter
        };
        self.b().op2(op, iter, source);
        self.release(iter.0 + 1);
        Ok(())
    }

    /// Something to iterate over; displays of constants become constants.
    pub(super) fn iterable(&mut self, e: &'a Expr, want: Reg) -> Result<Reg> {
        if let Some(constant) = self.fold_display(e) {
            self.at(e);
            self.b().load_const(want, constant);
            return Ok(want);
        }
        match e {
            // Nobody else sees the list.
            Expr::List(list) if super::collections::is_short(&list.elts) => {
                self.tuple_of(&list.elts, e.range(), Some(want))
            }
            e => self.expr(e, Some(want)),
        }
    }

    /// Registers for the names that an inlined comprehension binds.
    pub(super) fn bind_own(&mut self, scope: ScopeId, generators: &'a [Comprehension]) {
        let scopes = self.scopes;
        for symbol in scopes[scope].symbols.iter() {
            let key = (scope, symbol.name.clone());
            match symbol.binding {
                Binding::Local if symbol.name.as_str() != ".0" => {
                    let reg = self.temp();
                    self.unit.fast.insert(key, reg);
                    self.b().bound.remove(reg.0);
                    // The first target is bound before anything can read it.
                    let first = generators.first().map(|g| &g.target);
                    let simple = matches!(first, Some(Expr::Name(n)) if n.id == symbol.name);
                    if !simple {
                        self.b().op1(Opcode::Clear, reg);
                    }
                }
                Binding::Cell => {
                    let reg = self.temp();
                    self.unit.cells.insert(key, reg);
                    self.b().op1(Opcode::Clear, reg);
                    self.b().op1(Opcode::MakeCell, reg);
                }
                _ => {}
            }
        }
    }

    /// The code of a generator, or of a comprehension that is not part of its host's.
    pub(super) fn generator_code(
        &mut self,
        scope: ScopeId,
        name: &str,
        element: Element<'a>,
        generators: &'a [Comprehension],
        place: TextRange,
    ) -> Result<CodeRef> {
        let is_generator = matches!(element, Element::Generator(_));
        let line = self.line(place.start());
        self.enter(scope, name, line, true);
        self.unit.code.argcount = 1;
        self.function_flags(scope);
        if is_generator {
            self.at(place);
            self.enter_generator();
        } else if self.scopes[scope].is_coroutine {
            self.enter_generator();
        }
        let iter = self.temp();
        self.b().move_(iter, Reg(0));
        let result = self.temp();
        self.at(place);
        match element {
            Element::Set(_) => self.build(Opcode::BuildSet, result, UNUSED, 0),
            Element::Dict(..) => self.build(Opcode::BuildMap, result, UNUSED, 0),
            Element::List(_) => self.build(Opcode::BuildList, result, UNUSED, 0),
            Element::Generator(_) | Element::Consumed(..) => {}
        }
        self.rounds(element, generators, Some(iter), result, place)?;
        self.at(place);
        if !is_generator {
            self.b().op1(Opcode::Return, result);
        }
        self.leave()
    }

    #[allow(clippy::too_many_arguments)]
    fn generator(
        &mut self,
        scope: ScopeId,
        name: &str,
        element: Element<'a>,
        generators: &'a [Comprehension],
        first: &'a Comprehension,
        place: TextRange,
        want: Option<Reg>,
    ) -> Result<Reg> {
        let code = self.generator_code(scope, name, element, generators, place)?;
        let awaits = !matches!(element, Element::Generator(_)) && self.scopes[scope].is_coroutine;
        self.make_generator(code, scope, first, place, awaits, want)
    }

    /// Calls a generator's code with the first iterator.
    pub(super) fn make_generator(
        &mut self,
        code: CodeRef,
        scope: ScopeId,
        first: &'a Comprehension,
        place: TextRange,
        awaits: bool,
        want: Option<Reg>,
    ) -> Result<Reg> {
        let base = self.temp();
        self.at(place);
        self.make_function(code, scope, base, Default::default());
        let iter = self.temp();
        self.outermost(first, iter)?;
        self.release(base.0);
        let dst = self.dest(want);
        self.at(place);
        self.b().emit(Opcode::Call, operands(dst.0, base.0, 1, 0));
        if awaits {
            self.await_value(dst, dst, 0);
        }
        Ok(dst)
    }

    /// The loops of a comprehension from the given one inwards.
    pub(super) fn rounds(
        &mut self,
        element: Element<'a>,
        generators: &'a [Comprehension],
        iter: Option<Reg>,
        result: Reg,
        place: TextRange,
    ) -> Result<()> {
        let Some((this, inner)) = generators.split_first() else {
            return self.element(element, result, place);
        };
        let mark = self.mark();
        let iter = match iter {
            Some(iter) => iter,
            None => {
                if !this.is_async
                    && let Some(single) = single_element(&this.iter)
                {
                    // `for y in [x]` is an assignment.
                    self.assign_from(&this.target, single)?;
                    let next = self.b().label();
                    for condition in &this.ifs {
                        self.jump_cond(condition, false, next)?;
                    }
                    self.rounds(element, inner, None, result, place)?;
                    self.b().bind(next);
                    self.release(mark);
                    return Ok(());
                }
                let iter = self.temp();
                self.outermost(this, iter)?;
                iter
            }
        };
        let header = self.b().label();
        let next = self.b().label();
        let exit = self.b().label();
        let slot = self.b().feedback_slot(FeedbackKind::Loop);
        self.b().bind_loop(header, &[]);
        if this.is_async {
            self.async_next(iter, exit, &this.target, place)?;
        } else {
            self.for_iter(iter, exit, &this.target, &this.iter)?;
        }
        for condition in &this.ifs {
            self.jump_cond(condition, false, next)?;
        }
        self.rounds(element, inner, None, result, place)?;
        self.b().bind(next);
        self.at(place);
        self.b().loop_back(header, slot);
        self.b().bind(exit);
        self.release(mark);
        Ok(())
    }

    fn element(&mut self, element: Element<'a>, result: Reg, place: TextRange) -> Result<()> {
        let mark = self.mark();
        match element {
            Element::List(e) => {
                let value = self.expr(e, None)?;
                self.at(e);
                self.b().op2(Opcode::ListAppend, result, value);
            }
            Element::Set(e) => {
                let value = self.expr(e, None)?;
                self.at(e);
                self.b().op2(Opcode::SetAdd, result, value);
            }
            Element::Dict(key, value) => {
                let k = self.operand(key, value.range())?;
                let v = self.expr(value, None)?;
                self.at(TextRange::new(key.start(), value.end()));
                self.b().op3(Opcode::MapSet, result, k, v);
            }
            Element::Generator(e) => {
                let value = self.expr(e, None)?;
                self.at(e);
                let t = self.temp();
                let wrap = self.is_async_generator();
                let x = Operands {
                    a: t.0,
                    b: value.0,
                    c: wrap as u16,
                    ..Operands::default()
                };
                self.b().emit(Opcode::Yield, x);
            }
            Element::Consumed(e, sink) => self.consume_element(e, sink)?,
        }
        let _ = place;
        self.release(mark);
        Ok(())
    }
}

/// The element of `[x]` or `(x,)`.
fn single_element(e: &Expr) -> Option<&Expr> {
    let elements = match e {
        Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. }) => elts,
        _ => return None,
    };
    match elements.as_slice() {
        [e] if !e.is_starred_expr() => Some(e),
        _ => None,
    }
}
