//! What is found out about a code object before it is walked.

use rustc_hash::{FxHashMap, FxHashSet};
use taipan_bytecode::access::{for_each_access, instructions};
use taipan_bytecode::liveness::Liveness;
use taipan_bytecode::operand::OperandKind;
use taipan_vm::Thread;
use taipan_vm::object::Gc;
use taipan_vm::types::code::Code;

use super::CodeFacts;

/// Liveness, loops and jump targets of a code object.
pub fn code_facts(th: &mut Thread, code: Gc<Code>) -> CodeFacts {
    let data = &code.data;
    let liveness = Liveness::compute(data);
    let mut targets = FxHashSet::default();
    // Header and last word of each loop.
    let mut ranges: FxHashMap<u32, u32> = FxHashMap::default();
    for (pc, op, x, _) in instructions(&data.code) {
        if let Some(t) = op.operand(&x, OperandKind::Label) {
            targets.insert(t);
            if t <= pc as u32 {
                let end = ranges.entry(t).or_insert(0);
                *end = (*end).max(pc as u32);
            }
        }
    }
    let mut loops: FxHashMap<u32, FxHashSet<u16>> = FxHashMap::default();
    for (&header, &end) in &ranges {
        let mut written = FxHashSet::default();
        for (pc, op, x, _) in instructions(&data.code) {
            if (pc as u32) < header || pc as u32 > end {
                continue;
            }
            for_each_access(op, &x, |a| {
                if a.writes {
                    written.extend(a.first as u16..(a.first + a.count) as u16);
                }
            });
            if op.clobbers_from_base()
                && let Some(base) = op.operand(&x, OperandKind::Base)
            {
                written.extend(base as u16..code.registers as u16);
            }
        }
        loops.insert(header, written);
    }
    CodeFacts {
        liveness,
        loops,
        ranges,
        targets,
        feedback: taipan_vm::machine::feedback_slots(th, code),
    }
}
