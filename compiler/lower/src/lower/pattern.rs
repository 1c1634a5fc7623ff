//! The `match` statement.
//!
//! Captured values wait in temporaries, one for each name a case binds, until its whole pattern
//! has matched; only then are the names stored, and after that the guard runs. Alternatives
//! of an or-pattern write the same temporaries.

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Identifier, Pattern};
use taipan_bytecode::code::Constant;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Lowerer, Result};
use crate::emit::{Label, operands};

/// Where the values of a case's captures wait.
type Captures = Vec<(Name, Reg)>;

impl<'a> Lowerer<'a> {
    pub(super) fn match_(&mut self, s: &'a ast::StmtMatch) -> Result<()> {
        let mark = self.mark();
        let subject = self.expr_temp(&s.subject)?;
        let end = self.b().label();
        for case in &s.cases {
            let case_mark = self.mark();
            let fail = self.b().label();
            let mut captures = Captures::new();
            let mut names = Vec::new();
            captured(&case.pattern, &mut names);
            for name in names {
                let reg = self.temp();
                captures.push((name, reg));
            }
            self.at(&case.pattern);
            self.op0(Opcode::Nop);
            self.pattern(&case.pattern, subject, fail, &captures)?;
            self.at(&case.pattern);
            for (name, reg) in captures {
                self.store_name(&name, reg);
            }
            self.release(case_mark);
            if let Some(guard) = &case.guard {
                self.jump_cond(guard, false, fail)?;
            }
            self.suite(&case.body)?;
            self.b().jump_to(end);
            self.b().bind(fail);
        }
        self.b().bind(end);
        self.release(mark);
        Ok(())
    }

    fn capture(&mut self, name: &Identifier, value: Reg, captures: &Captures) {
        if let Some((_, reg)) = captures.iter().find(|(n, _)| *n == name.id) {
            self.b().move_(*reg, value);
        }
    }

    fn pattern(
        &mut self,
        p: &'a Pattern,
        subject: Reg,
        fail: Label,
        captures: &Captures,
    ) -> Result<()> {
        let mark = self.mark();
        match p {
            Pattern::MatchValue(p) => {
                if let Some(n) = self.small_int(&p.value) {
                    self.at(p);
                    let x = operands(subject.0, n as u16, 0, 0);
                    self.b().jump(Opcode::JumpEqInt, x, fail);
                } else {
                    let value = self.expr(&p.value, None)?;
                    self.at(p);
                    let x = operands(subject.0, value.0, 0, 0);
                    self.b().jump(Opcode::JumpEq, x, fail);
                }
            }
            Pattern::MatchSingleton(p) => {
                self.at(p);
                let constant = match p.value {
                    ast::Singleton::None => {
                        let x = operands(subject.0, 0, 0, 0);
                        self.b().jump(Opcode::JumpIfNotNone, x, fail);
                        return Ok(());
                    }
                    ast::Singleton::True => true,
                    ast::Singleton::False => false,
                };
                let value = self.constant(Constant::Bool(constant), None);
                let x = operands(subject.0, value.0, 0, 0);
                self.b().jump(Opcode::JumpIs, x, fail);
            }
            Pattern::MatchSequence(p) => self.sequence_pattern(p, subject, fail, captures)?,
            Pattern::MatchMapping(p) => self.mapping_pattern(p, subject, fail, captures)?,
            Pattern::MatchClass(p) => self.class_pattern(p, subject, fail, captures)?,
            Pattern::MatchStar(p) => {
                if let Some(name) = &p.name {
                    self.capture(name, subject, captures);
                }
            }
            Pattern::MatchAs(p) => {
                if let Some(inner) = &p.pattern {
                    self.pattern(inner, subject, fail, captures)?;
                }
                if let Some(name) = &p.name {
                    self.at(p);
                    self.capture(name, subject, captures);
                }
            }
            Pattern::MatchOr(p) => {
                let matched = self.b().label();
                let Some((last, others)) = p.patterns.split_last() else {
                    return Ok(());
                };
                for alternative in others {
                    let next = self.b().label();
                    self.pattern(alternative, subject, next, captures)?;
                    self.b().jump_to(matched);
                    self.b().bind(next);
                }
                self.pattern(last, subject, fail, captures)?;
                self.b().bind(matched);
            }
        }
        self.release(mark);
        Ok(())
    }

    /// A test that sets a temporary, and the way out if it fails.
    fn test(&mut self, op: Opcode, subject: Reg, fail: Label) {
        let t = self.temp();
        self.b().op2(op, t, subject);
        self.b().jump_if(t, false, fail);
        self.release(t.0);
    }

    /// Compares the length of the subject with a number.
    fn test_length(&mut self, op: Opcode, subject: Reg, n: usize, fail: Label) {
        let t = self.temp();
        self.b().op2(Opcode::GetLen, t, subject);
        match i16::try_from(n) {
            Ok(n) => {
                let x = operands(t.0, n as u16, 0, 0);
                self.b().jump(op, x, fail);
            }
            Err(_) => {
                let k = self.constant(Constant::Int(n as i64), None);
                let op = match op {
                    Opcode::JumpEqInt => Opcode::JumpEq,
                    _ => Opcode::JumpGe,
                };
                self.b().jump(op, operands(t.0, k.0, 0, 0), fail);
            }
        }
        self.release(t.0);
    }

    fn sequence_pattern(
        &mut self,
        p: &'a ast::PatternMatchSequence,
        subject: Reg,
        fail: Label,
        captures: &Captures,
    ) -> Result<()> {
        self.at(p);
        let size = p.patterns.len();
        let star = p.patterns.iter().position(Pattern::is_match_star);
        self.test(Opcode::MatchSequence, subject, fail);
        match star {
            None => self.test_length(Opcode::JumpEqInt, subject, size, fail),
            Some(_) if size > 1 => {
                self.test_length(Opcode::JumpGeInt, subject, size - 1, fail);
            }
            Some(_) => {}
        }
        if p.patterns.iter().all(is_wildcard) {
            return Ok(());
        }
        let mark = self.mark();
        match star {
            Some(star) if is_wildcard(&p.patterns[star]) => {
                // Only the items that matter are fetched.
                for (i, inner) in p.patterns.iter().enumerate() {
                    if i == star || is_wildcard(inner) {
                        continue;
                    }
                    self.at(p);
                    let item = self.temp();
                    if i < star {
                        self.b().load_int(item, i as i32);
                    } else {
                        self.b().op2(Opcode::GetLen, item, subject);
                        let back = self.temp();
                        self.b().load_int(back, (size - i) as i32);
                        self.b().op3(Opcode::BinarySub, item, item, back);
                    }
                    self.b().op3(Opcode::LoadSubscript, item, subject, item);
                    self.release(item.0 + 1);
                    self.pattern(inner, item, fail, captures)?;
                    self.release(mark);
                }
                return Ok(());
            }
            Some(star) => {
                let base = self.unit.regs.alloc_run(size);
                let mut x = operands(base.0, subject.0, 0, star as u32);
                x.e = (size - star - 1) as u32;
                self.b().emit(Opcode::UnpackEx, x);
                self.sub_patterns(&p.patterns, base, fail, captures)?;
            }
            None => {
                let base = self.unpacked(subject, size);
                self.sub_patterns(&p.patterns, base, fail, captures)?;
            }
        }
        self.release(mark);
        Ok(())
    }

    fn unpacked(&mut self, sequence: Reg, count: usize) -> Reg {
        let base = self.unit.regs.alloc_run(count);
        let x = operands(base.0, sequence.0, count as u16, 0);
        self.b().emit(Opcode::UnpackSequence, x);
        base
    }

    fn sub_patterns(
        &mut self,
        patterns: &'a [Pattern],
        base: Reg,
        fail: Label,
        captures: &Captures,
    ) -> Result<()> {
        for (i, inner) in patterns.iter().enumerate() {
            self.pattern(inner, base.offset(i as u16), fail, captures)?;
        }
        Ok(())
    }

    fn mapping_pattern(
        &mut self,
        p: &'a ast::PatternMatchMapping,
        subject: Reg,
        fail: Label,
        captures: &Captures,
    ) -> Result<()> {
        self.at(p);
        let size = p.keys.len();
        self.test(Opcode::MatchMapping, subject, fail);
        if size == 0 && p.rest.is_none() {
            return Ok(());
        }
        let mark = self.mark();
        if size > 0 {
            self.test_length(Opcode::JumpGeInt, subject, size, fail);
        }
        let keys = self.temp();
        match self.fold_all(&p.keys) {
            Some(items) => self.b().load_const(keys, Constant::Tuple(items)),
            None => {
                let tuple = self.tuple_of(&p.keys, p.range, Some(keys))?;
                self.b().move_(keys, tuple);
            }
        }
        self.at(p);
        let values = self.temp();
        self.b().op3(Opcode::MatchKeys, values, subject, keys);
        self.b()
            .jump(Opcode::JumpIfNone, operands(values.0, 0, 0, 0), fail);
        let base = self.unpacked(values, size);
        self.sub_patterns(&p.patterns, base, fail, captures)?;
        if let Some(rest) = &p.rest {
            self.at(p);
            let others = self.temp();
            self.build(Opcode::BuildMap, others, others, 0);
            self.b().op2(Opcode::DictUpdate, others, subject);
            let keys = self.unpacked(keys, size);
            for i in 0..size as u16 {
                self.b()
                    .op2(Opcode::DeleteSubscript, others, keys.offset(i));
            }
            self.capture(rest, others, captures);
        }
        self.release(mark);
        Ok(())
    }

    fn class_pattern(
        &mut self,
        p: &'a ast::PatternMatchClass,
        subject: Reg,
        fail: Label,
        captures: &Captures,
    ) -> Result<()> {
        let mark = self.mark();
        let positional = &p.arguments.patterns;
        let keywords = &p.arguments.keywords;
        for (i, keyword) in keywords.iter().enumerate() {
            let name = &keyword.attr.id;
            if keywords.iter().take(i).any(|k| k.attr.id == *name) {
                let message = format!("attribute name repeated in class pattern: {name}");
                return Err(self.error(keyword.range, message));
            }
        }
        let class = self.expr(&p.cls, None)?;
        self.at(p);
        // Not mangled, unlike an attribute access.
        let names = keywords
            .iter()
            .map(|k| Constant::Str(k.attr.as_str().into()))
            .collect();
        let values = self.temp();
        let mut x = operands(values.0, subject.0, class.0, positional.len() as u32);
        x.e = self.b().constant(Constant::Tuple(names));
        self.b().emit(Opcode::MatchClass, x);
        self.b()
            .jump(Opcode::JumpIfNone, operands(values.0, 0, 0, 0), fail);
        let base = self.unpacked(values, positional.len() + keywords.len());
        let patterns = positional.iter().chain(keywords.iter().map(|k| &k.pattern));
        for (i, inner) in patterns.enumerate() {
            self.pattern(inner, base.offset(i as u16), fail, captures)?;
        }
        self.release(mark);
        Ok(())
    }
}

/// `_`, alone or after a star.
fn is_wildcard(p: &Pattern) -> bool {
    match p {
        Pattern::MatchAs(p) => p.pattern.is_none() && p.name.is_none(),
        Pattern::MatchStar(p) => p.name.is_none(),
        _ => false,
    }
}

/// The names a pattern binds, in the order they are stored.
fn captured(p: &Pattern, out: &mut Vec<Name>) {
    let mut add = |name: &Option<Identifier>| {
        if let Some(name) = name
            && !out.contains(&name.id)
        {
            out.push(name.id.clone());
        }
    };
    match p {
        Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
        Pattern::MatchStar(p) => add(&p.name),
        Pattern::MatchAs(p) => {
            if let Some(inner) = &p.pattern {
                captured(inner, out);
            }
            if let Some(name) = &p.name
                && !out.contains(&name.id)
            {
                out.push(name.id.clone());
            }
        }
        Pattern::MatchSequence(p) => p.patterns.iter().for_each(|p| captured(p, out)),
        Pattern::MatchOr(p) => p.patterns.iter().for_each(|p| captured(p, out)),
        Pattern::MatchMapping(p) => {
            p.patterns.iter().for_each(|p| captured(p, out));
            if let Some(name) = &p.rest
                && !out.contains(&name.id)
            {
                out.push(name.id.clone());
            }
        }
        Pattern::MatchClass(p) => {
            let args = &p.arguments;
            args.patterns.iter().for_each(|p| captured(p, out));
            args.keywords.iter().for_each(|k| captured(&k.pattern, out));
        }
    }
}
