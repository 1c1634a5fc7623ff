//! From symbolic instructions to words, with the few clean-ups that need the whole code.

use taipan_bytecode::access::registers_needed;
use taipan_bytecode::code::{CodeObject, Handler, PositionRun};
use taipan_bytecode::encode;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::{OperandKind, Position, flags};

use super::Builder;
use super::builder::Label;

impl Builder {
    /// Where a label leads when jumps to jumps are followed.
    fn final_target(&self, label: Label) -> u32 {
        let mut at = self.target(label);
        for _ in 0..16 {
            match self.insts.get(at as usize) {
                Some(inst) if inst.op == Opcode::Jump => match inst.label {
                    Some(next) => at = self.target(next),
                    None => break,
                },
                _ => break,
            }
        }
        at
    }

    fn target(&self, label: Label) -> u32 {
        self.labels
            .get(label.0 as usize)
            .and_then(|l| l.at)
            .unwrap_or(0)
    }

    /// Which instructions control can arrive at.
    fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.insts.len()];
        let mut work = vec![0u32];
        while let Some(at) = work.pop() {
            let mut at = at as usize;
            while let Some(inst) = self.insts.get(at) {
                if std::mem::replace(&mut reached[at], true) {
                    break;
                }
                work.extend(inst.label.map(|l| self.target(l)));
                // Where an emptied jump's chain ends is reached as well.
                work.extend(inst.label.map(|l| self.final_target(l)));
                work.extend(inst.handler.map(|l| self.target(l)));
                if inst.op.info().flags & flags::TERMINATES != 0 {
                    break;
                }
                at += 1;
            }
        }
        reached
    }

    /// Marks instructions that do nothing: jumps to the next instruction, and `Nop`s that no line
    /// event needs.
    fn useless(&self) -> Vec<bool> {
        let mut drop: Vec<bool> = self.reached().iter().map(|r| !r).collect();
        for i in (0..self.insts.len()).rev() {
            if drop[i] {
                continue;
            }
            let inst = &self.insts[i];
            let next = (i + 1..self.insts.len()).find(|&j| !drop[j]);
            drop[i] = match inst.op {
                Opcode::Jump => inst.label.is_some_and(|l| {
                    let target = self.target(l) as usize;
                    target > i && (i + 1..target).all(|j| drop[j]) && self.line_is_kept(i, next)
                }),
                Opcode::Nop => self.line_is_kept(i, next),
                _ => false,
            };
        }
        drop
    }

    fn line_is_kept(&self, i: usize, next: Option<usize>) -> bool {
        let line = self.insts[i].at.line;
        let same = |j: usize| self.insts[j].at.line == line;
        line == 0 || next.is_some_and(same) || (i > 0 && same(i - 1))
    }

    /// Gives lines to what no statement owns. An instruction without one has that of the
    /// instruction before it, unless it can be jumped to. A way back that statements of several
    /// lines lead to belongs to the loop's header.
    fn place_artificial(&mut self) {
        let mut sources: Vec<Option<u32>> = vec![None; self.insts.len() + 1];
        let mut mixed = vec![false; self.insts.len() + 1];
        for inst in &self.insts {
            for label in [inst.label, inst.handler].into_iter().flatten() {
                let to = self.final_target(label) as usize;
                if let Some(source) = sources.get_mut(to) {
                    mixed[to] |= source.is_some_and(|line| line != inst.at.line);
                    *source = Some(inst.at.line);
                }
            }
        }
        for i in 0..self.insts.len() {
            let at = self.insts[i].at;
            if at.line == 0
                && sources[i].is_none()
                && i > 0
                && self.insts[i - 1].op.info().flags & flags::TERMINATES == 0
            {
                self.insts[i].at = self.insts[i - 1].at;
            } else if self.insts[i].op == Opcode::LoopBack
                && let Some(label) = self.insts[i].label
                && (mixed[i] || sources[i].is_some_and(|line| line != at.line))
                && let Some(header) = self.insts.get(self.target(label) as usize)
            {
                self.insts[i].at = header.at;
            }
        }
    }

    /// The implicit return at the end has no line of its own: whoever jumps to it returns
    /// on the spot, or has a copy on its own line, so that no line event names another statement.
    fn duplicate_exit(&mut self) {
        let Some(exit) = self.implicit_return else {
            return;
        };
        let line = |b: &Builder, i: usize| b.insts.get(i).map_or(0, |x| x.at.line);
        let mut copies: Vec<(u32, Label)> = Vec::new();
        for i in 0..self.insts.len() {
            let Some(label) = self.insts[i].label else {
                continue;
            };
            if self.insts[i].op == Opcode::LoopBack || self.final_target(label) != exit {
                continue;
            }
            if self.insts[i].op == Opcode::Jump {
                self.insts[i].op = Opcode::ReturnNone;
                self.insts[i].label = None;
                continue;
            }
            let own = line(self, i);
            if own == line(self, exit as usize) {
                continue;
            }
            let copy = match copies.iter().find(|(l, _)| *l == own) {
                Some(&(_, copy)) => copy,
                None => {
                    let copy = self.label();
                    let mut inst = self.insts[exit as usize].clone();
                    inst.at = self.insts[i].at;
                    let at = self.insts.len() as u32;
                    self.insts.push(inst);
                    if let Some(info) = self.labels.get_mut(copy.0 as usize) {
                        info.at = Some(at);
                    }
                    copies.push((own, copy));
                    copy
                }
            };
            self.insts[i].label = Some(copy);
        }
    }

    /// Lays out words, exception table and positions into `code`, and fills in the tables.
    pub fn assemble(mut self, code: &mut CodeObject) {
        self.place_artificial();
        self.duplicate_exit();
        let drop = self.useless();
        // Word of each instruction; a dropped one has its successor's.
        let mut word = Vec::with_capacity(self.insts.len() + 1);
        let mut at = 0u32;
        for (inst, &drop) in self.insts.iter().zip(&drop) {
            word.push(at);
            if !drop {
                at += inst.op.info().words as u32;
            }
        }
        word.push(at);
        let place = |i: u32| word.get(i as usize).copied().unwrap_or(at);

        let mut handlers: Vec<Handler> = Vec::new();
        let mut positions: Vec<PositionRun> = Vec::new();
        let mut words = Vec::with_capacity(at as usize);
        for (i, inst) in self.insts.iter().enumerate() {
            if drop[i] {
                continue;
            }
            let start = words.len() as u32;
            let mut x = inst.x;
            if let Some(label) = inst.label {
                let target = match inst.op {
                    Opcode::LoopBack => self.target(label),
                    _ => self.final_target(label),
                };
                let position = inst
                    .op
                    .info()
                    .operands
                    .iter()
                    .find(|o| o.kind == OperandKind::Label)
                    .map_or(Position::D, |o| o.position);
                x.set(position, place(target));
            }
            encode::encode(inst.op, &x, &mut words);
            let end = words.len() as u32;
            if let Some(label) = inst.handler {
                let target = place(self.target(label));
                match handlers.last_mut() {
                    Some(h) if h.target == target && h.end == start => h.end = end,
                    _ => handlers.push(Handler { start, end, target }),
                }
            }
            match positions.last() {
                Some(run) if run.range == inst.at => {}
                _ => positions.push(PositionRun {
                    start,
                    range: inst.at,
                }),
            }
        }
        // A call wants one register more than it names: room for a bound method's receiver.
        let needed = u16::try_from(registers_needed(&words)).unwrap_or(u16::MAX);
        code.registers = code.registers.max(needed);
        code.code = words;
        code.handlers = handlers;
        code.positions = positions.into();
        code.consts = self.constants.finish();
        code.names = self.names;
        code.feedback = self.feedback;
    }
}
