//! From symbolic instructions to words, with the few clean-ups that need the whole code.

use taipan_bytecode::access::registers_needed;
use taipan_bytecode::code::{CodeObject, Handler, PositionRun};
use taipan_bytecode::encode;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::{OperandKind, Position};

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

    /// Marks instructions that do nothing: jumps to the next instruction, and `Nop`s that no line
    /// event needs.
    fn useless(&self) -> Vec<bool> {
        let mut drop = vec![false; self.insts.len()];
        for i in (0..self.insts.len()).rev() {
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

    /// Lays out words, exception table and positions into `code`, and fills in the tables.
    pub fn assemble(self, code: &mut CodeObject) {
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
        code.positions = positions;
        code.consts = self.constants.finish();
        code.names = self.names;
        code.feedback = self.feedback;
    }
}
