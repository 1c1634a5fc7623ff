//! Setting `f_lineno` from a trace function: the frame goes on at another line.
//!
//! CPython compares the value stacks of the two places. Here temporaries are registers, and what
//! liveness says is alive at the target must be alive where the frame stands: the iterator of a
//! loop, the exit function of a `with`, the exception of a handler. More may be alive; it is
//! what the jump leaves.

use taipan_bytecode::access::{for_each_access, instructions};
use taipan_bytecode::code::CodeObject;
use taipan_bytecode::liveness::Liveness;
use taipan_bytecode::opcode::Opcode;

use super::trace::event;
use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::frame::FrameObject;

/// `frame.f_lineno = v`
pub(crate) fn set_line(th: &mut Thread, object: Gc<FrameObject>, v: Option<Value>) -> Result<()> {
    let Some(v) = v else {
        return Err(th.raise(ExceptionClass::AttributeError, "cannot delete attribute"));
    };
    let line = match v.is_int() {
        true => v.int_unchecked(),
        false => return Err(th.value_error("lineno must be an integer")),
    };
    match object.trace_event.get() {
        event::LINE | event::YIELD => {}
        event::NONE => {
            return Err(th.value_error("f_lineno can only be set in a trace function"));
        }
        event::CALL => {
            return Err(th.value_error("can't jump from the 'call' trace event of a new frame"));
        }
        _ => return Err(th.value_error("can only jump from a 'line' trace event")),
    }
    let Some(frame) = object.live_record() else {
        return Err(th.value_error("f_lineno can only be set in a trace function"));
    };
    let data = frame.code.data.clone();
    if line < data.first_line as i64 {
        let message = format!("line {line} comes before the current code block");
        return Err(th.value_error(message));
    }
    let Some(target_line) = first_line_from(&data, line) else {
        let message = format!("line {line} comes after the current code block");
        return Err(th.value_error(message));
    };
    let liveness = Liveness::compute(&data);
    let at = frame.word() as u32;
    let here = temporaries(&data, &liveness, at);
    let mut best: Option<(u32, Vec<u16>)> = None;
    let mut missing = None;
    for (word, _, _, _) in instructions(&data.code) {
        let word = word as u32;
        if !starts_line(&data, word, target_line) {
            continue;
        }
        let there = temporaries(&data, &liveness, word);
        let alike = |r: &u16| here.contains(r) && role(&data, at, *r) == role(&data, word, *r);
        match there.iter().rev().find(|r| !alike(r)) {
            Some(&r) => missing = missing.or(Some(r)),
            None if best.as_ref().is_none_or(|(_, b)| there.len() > b.len()) => {
                best = Some((word, there));
            }
            None => {}
        }
    }
    let Some((word, there)) = best else {
        let message = explain(&data, missing);
        return Err(th.value_error(message));
    };
    // All unbound variables, as the code may rely on any of them there.
    let unbound: Vec<u16> = (0..data.varnames.len() as u16)
        .filter(|&r| frame.reg(r as usize).is_none())
        .collect();
    if !unbound.is_empty() {
        let plural = if unbound.len() == 1 { "" } else { "s" };
        let message = format!("assigning None to {} unbound local{plural}", unbound.len());
        crate::exceptions::warn(th, ExceptionClass::RuntimeWarning, &message, 1)?;
        for r in unbound {
            frame.set_reg(r as usize, Some(th.none()));
        }
    }
    // Handlers that the jump leaves: the outermost one saved what was handled around it.
    let left = handlers(&data).into_iter().find(|&r| {
        let saved = role(&data, at, r) == Role::Exception;
        saved && here.contains(&r) && !there.contains(&r)
    });
    if let Some(r) = left {
        frame.own_handled = frame.reg(r as usize).map_or(0, Value::bits);
    }
    frame.pc = frame.code.words().wrapping_add(word as usize);
    object.trace_word.set(usize::MAX);
    object.jumped.set(true);
    Ok(())
}

/// The first line with instructions at or behind a line.
fn first_line_from(data: &CodeObject, line: i64) -> Option<u32> {
    let lines = data.positions.iter().map(|run| run.range.line);
    lines.filter(|&l| l != 0 && l as i64 >= line).min()
}

/// Is this word the beginning of instructions of a line?
fn starts_line(data: &CodeObject, word: u32, line: u32) -> bool {
    let at = |word: u32| data.position(word).line;
    at(word) == line && (word == 0 || at(word - 1) != line)
}

/// Registers alive at a word that belong to no variable.
fn temporaries(data: &CodeObject, liveness: &Liveness, word: u32) -> Vec<u16> {
    let named = |r: u16| {
        (r as usize) < data.varnames.len()
            || data
                .cellvars
                .iter()
                .chain(&data.freevars)
                .any(|(_, c)| *c == r)
    };
    let live = liveness.live_in(word);
    live.into_iter()
        .flat_map(|live| live.iter())
        .filter(|&r| !named(r))
        .collect()
}

/// What a temporary register holds at a word, as far as jumps go.
#[derive(PartialEq, Eq)]
enum Role {
    Exception,
    Iterator,
    Other,
}

/// By the last instruction before the word that wrote the register: code is laid out in order.
fn role(data: &CodeObject, word: u32, register: u16) -> Role {
    let mut role = Role::Other;
    for (at, op, x, _) in instructions(&data.code) {
        if at as u32 >= word {
            break;
        }
        for_each_access(op, &x, |a| {
            let run = a.first..a.first + a.count;
            if a.writes && run.contains(&(register as u32)) {
                role = match op {
                    Opcode::EnterHandler => Role::Exception,
                    Opcode::GetIter | Opcode::GetAIter => Role::Iterator,
                    _ => Role::Other,
                };
            }
        });
    }
    role
}

/// Registers in which handlers save what was handled around them, outer ones first.
fn handlers(data: &CodeObject) -> Vec<u16> {
    let mut found: Vec<u16> = instructions(&data.code)
        .filter(|(_, op, _, _)| *op == Opcode::EnterHandler)
        .map(|(_, _, x, _)| x.b)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Why a jump to where this register is alive is none.
fn explain(data: &CodeObject, missing: Option<u16>) -> &'static str {
    let is = |wanted: Opcode, pick: fn(&taipan_bytecode::encode::Operands) -> u16| {
        instructions(&data.code).any(|(_, op, x, _)| op == wanted && missing == Some(pick(&x)))
    };
    if is(Opcode::EnterHandler, |x| x.a) || is(Opcode::EnterHandler, |x| x.b) {
        "can't jump into an 'except' block as there's no exception"
    } else if is(Opcode::ForIter, |x| x.b) {
        "can't jump into the body of a for loop"
    } else {
        "incompatible stacks"
    }
}
