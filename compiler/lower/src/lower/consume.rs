//! Generator expressions that a builtin consumes at once: `any(x > 3 for x in xs)`.
//!
//! # Theory
//! No generator is made. The loops run in the host's code, as those of a list comprehension do (PEP
//! 709), and what the builtin does with each item is compiled into the innermost one. The compiler
//! takes only calls whose callee, by the source, is the builtin of that name ([`Consumer`]), and
//! whose generator expression holds no scope of its own, no `:=` and nothing that looks at frames
//! (`scopes/analyze.rs`).
//!
//! # Invariants
//! * What the name is bound to is tested when the call runs (`JumpIfNotBuiltin`); any other callee
//!   gets a generator. It sees the values that the host's variables have then.
//! * An exception in the loops passes a handler that gives it the traceback entry of the generator's
//!   frame, and makes a RuntimeError of a StopIteration. What the builtin itself would raise (an
//!   unhashable item, a sum of strings) does not pass it.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::code::{Constant, Consumer, Intrinsic2};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::comprehension::Element;
use super::names::UNUSED;
use super::{Lowerer, Result};
use crate::emit::{Label, operands};

/// Where the items go.
#[derive(Clone, Copy)]
pub(super) struct Sink {
    consumer: Consumer,
    /// What was gathered so far.
    acc: Reg,
    /// Where `any` and `all` go when the answer is known.
    found: Label,
    /// The handler of the loops.
    guard: Label,
    /// The handler around the call.
    outside: Option<Label>,
    /// The call.
    place: TextRange,
}

impl<'a> Lowerer<'a> {
    /// The generator expression and the builtin that consumes it, if that is what a call is.
    pub(super) fn consumed(
        &self,
        e: &'a ast::ExprCall,
    ) -> Option<(&'a ast::ExprGenerator, Consumer)> {
        let [Expr::Generator(g)] = &*e.arguments.args else {
            return None;
        };
        let scope = &self.scopes[self.scopes.comprehension(g)?];
        Some((g, scope.consumer.filter(|_| scope.inlined)?))
    }

    pub(super) fn consume(
        &mut self,
        e: &'a ast::ExprCall,
        g: &'a ast::ExprGenerator,
        consumer: Consumer,
        want: Option<Reg>,
    ) -> Result<Reg> {
        let (Some(scope), Some(first)) = (self.scopes.comprehension(g), g.generators.first())
        else {
            return Err(self.error(g.range, "comprehension without a scope"));
        };
        let place = match g.parenthesized {
            false => self.in_parentheses(g.range),
            true => g.range,
        };
        let result = self.early_dest(want);
        let mark = self.mark();
        let (other, end) = (self.b().label(), self.b().label());

        // The callee, and room for the argument of a call that remains.
        let base = self.unit.regs.alloc_run(3);
        let argument = match &*e.func {
            Expr::Attribute(method) => {
                let object = self.expr(&method.value, Some(base))?;
                self.unit.b.at = self.attribute_place(method, method.range);
                self.b()
                    .named(Opcode::LoadMethod, base, object, UNUSED, "join");
                base.offset(2)
            }
            func => {
                self.expr_to(func, base)?;
                let x = operands(base.0, consumer as u16, 0, 0);
                self.b().jump(Opcode::JumpIfNotBuiltin, x, other);
                base.offset(1)
            }
        };

        let acc = self.unit.regs.alloc_run(2);
        let iter = self.temp();
        self.outermost(first, iter)?;
        let host = std::mem::replace(&mut self.unit.current, scope);
        self.bind_own(scope, &g.generators);
        self.at(place);
        match consumer {
            Consumer::Sum => {
                self.b().load_const(acc, Constant::Int(0));
                self.b().load_none(acc.offset(1));
            }
            Consumer::Set => self.build(Opcode::BuildSet, acc, UNUSED, 0),
            Consumer::Min | Consumer::Max => self.b().op1(Opcode::Clear, acc),
            Consumer::All | Consumer::Any => {}
            _ => self.build(Opcode::BuildList, acc, UNUSED, 0),
        }
        let guard = self.b().handler_label(&[]);
        let outside = self.b().set_handler(Some(guard));
        let sink = Sink {
            consumer,
            acc,
            found: self.b().label(),
            guard,
            outside,
            place: e.range(),
        };
        let element = Element::Consumed(&g.elt, sink);
        self.rounds(element, &g.generators, Some(iter), acc, place)?;
        self.unit.current = host;
        self.b().set_handler(outside);
        self.at(e);
        self.finish(e, sink, base, argument, result)?;
        self.b().jump_to(end);

        self.at(e);
        let element = Element::Generator(&g.elt);
        let code = self.generator_code(scope, "<genexpr>", element, &g.generators, place)?;
        self.b().bind(guard);
        self.at_callee(e, consumer);
        self.release(base.0);
        let (exc, save, k) = (self.temp(), self.temp(), self.temp());
        self.b().op2(Opcode::EnterHandler, exc, save);
        self.b().load_const(k, Constant::Code(code.clone()));
        self.intrinsic2(exc, exc, k, Intrinsic2::LeaveGenerator);
        self.b().op1(Opcode::ExitHandler, save);
        self.b().op1(Opcode::Reraise, exc);

        if consumer != Consumer::Join {
            self.b().bind(other);
            self.release(base.0);
            self.unit.regs.alloc_run(1);
            let reg = self.temp();
            self.make_generator(code, scope, first, place, false, Some(reg))?;
            self.call_builtin(e, base, result)?;
        }
        self.release(mark);
        self.b().bind(end);
        Ok(result)
    }

    /// Calls the callee at `base`, whose positional argument is above it.
    fn call_builtin(&mut self, e: &'a ast::ExprCall, base: Reg, result: Reg) -> Result<()> {
        self.release(base.0);
        self.unit.regs.alloc_run(2);
        let kwnames = self.keywords(&e.arguments.keywords)?;
        self.at(e);
        let count = 1 + e.arguments.keywords.len() as u16;
        let x = operands(result.0, base.0, count, kwnames);
        self.b().emit(Opcode::Call, x);
        Ok(())
    }

    /// The call's result, of what the loops gathered.
    fn finish(
        &mut self,
        e: &'a ast::ExprCall,
        sink: Sink,
        base: Reg,
        argument: Reg,
        result: Reg,
    ) -> Result<()> {
        let acc = sink.acc;
        match sink.consumer {
            Consumer::All | Consumer::Any => {
                let all = sink.consumer == Consumer::All;
                let known = self.b().label();
                self.b().load_const(result, Constant::Bool(all));
                self.b().jump_to(known);
                self.b().bind(sink.found);
                self.b().load_const(result, Constant::Bool(!all));
                self.b().bind(known);
            }
            Consumer::List | Consumer::Set => self.b().move_(result, acc),
            Consumer::Tuple => self.b().op2(Opcode::ListToTuple, result, acc),
            Consumer::Sum => self.intrinsic2(result, acc, acc.offset(1), Intrinsic2::SumResult),
            Consumer::Min | Consumer::Max => {
                let (empty, known) = (self.b().label(), self.b().label());
                let x = operands(acc.0, 0, 0, 0);
                self.b().jump(Opcode::JumpIfUnbound, x, empty);
                self.b().move_(result, acc);
                self.b().jump_to(known);
                // The builtin itself says what is wrong.
                self.b().bind(empty);
                self.b().load_const(argument, Constant::Tuple(Vec::new()));
                self.call_builtin(e, base, result)?;
                self.b().bind(known);
            }
            Consumer::Sorted => {
                self.b().move_(argument, acc);
                self.call_builtin(e, base, result)?;
            }
            Consumer::Join => {
                self.b().move_(argument, acc);
                let x = operands(result.0, base.0, 1, 0);
                if let Expr::Attribute(method) = &*e.func {
                    self.unit.b.at = self.attribute_place(method, e.range());
                }
                self.b().emit(Opcode::CallMethod, x);
            }
        }
        Ok(())
    }

    /// What the builtin does with an item.
    pub(super) fn consume_element(&mut self, e: &'a Expr, sink: Sink) -> Result<()> {
        let acc = sink.acc;
        if let Consumer::All | Consumer::Any = sink.consumer {
            let sense = sink.consumer == Consumer::Any;
            if e.is_compare_expr() || matches!(e, Expr::UnaryOp(u) if u.op == ast::UnaryOp::Not) {
                return self.jump_cond(e, sense, sink.found);
            }
            let value = self.expr(e, None)?;
            self.outside(sink);
            self.b().jump_if(value, sense, sink.found);
            self.b().set_handler(Some(sink.guard));
            return Ok(());
        }
        let value = self.expr(e, None)?;
        self.outside(sink);
        match sink.consumer {
            Consumer::Sum => self.b().op2(Opcode::SumStep, acc, value),
            Consumer::Set => self.b().op2(Opcode::SetAdd, acc, value),
            Consumer::Min | Consumer::Max => {
                let (take, next) = (self.b().label(), self.b().label());
                let x = operands(acc.0, 0, 0, 0);
                self.b().jump(Opcode::JumpIfUnbound, x, take);
                let op = match sink.consumer {
                    Consumer::Min => Opcode::JumpLt,
                    _ => Opcode::JumpGt,
                };
                self.b().jump(op, operands(value.0, acc.0, 0, 0), next);
                self.b().bind(take);
                self.b().move_(acc, value);
                self.b().bind(next);
            }
            _ => self.b().op2(Opcode::ListAppend, acc, value),
        }
        self.b().set_handler(Some(sink.guard));
        Ok(())
    }

    /// The place that the reference gives a call's generator to run at: it has such calls in line,
    /// too, at the callee's name.
    fn at_callee(&mut self, e: &'a ast::ExprCall, consumer: Consumer) {
        match consumer {
            Consumer::All | Consumer::Any | Consumer::Tuple => self.at(&*e.func),
            _ => self.at(e),
        }
    }

    /// What follows is the builtin's, not the generator's.
    fn outside(&mut self, sink: Sink) {
        self.b().set_handler(sink.outside);
        self.at(sink.place);
    }
}
