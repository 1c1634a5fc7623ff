//! Which of several nested loops is compiled, and what loops are like in the bytecode.
//!
//! To enter compiled code at a loop's header, and to leave it behind the loop, costs as much as some
//! rounds in the interpreter. So a loop that runs few rounds each time is not worth a unit of its own
//! while another loop is around it: that one is asked for instead, and takes the inner one in.

use taipan_bytecode::access::instructions;
use taipan_bytecode::opcode::Opcode;
use taipan_vm::Thread;
use taipan_vm::feedback::FeedbackSlot;
use taipan_vm::object::Gc;
use taipan_vm::types::code::Code;

use crate::frontend::loop_end;

/// Rounds of a loop for each time that it is begun, from which on it is worth entering.
const WORTH_ENTERING: u32 = 30;

/// What stands at a word, as far as exits there are of a kind.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum WordKind {
    /// A loop begins here.
    Header,
    /// An attribute is loaded, with this feedback slot.
    Attribute(u32),
    /// An iterator is asked for, or an item.
    Items,
}

/// What stands at a word of a code object.
pub fn kind_of_word(code: Gc<Code>, word: u32) -> Option<WordKind> {
    let mut here = None;
    for (pc, op, x, _) in instructions(&code.data.code) {
        if op == Opcode::LoopBack && x.d == word {
            return Some(WordKind::Header);
        }
        if pc as u32 == word && matches!(op, Opcode::LoadMethod | Opcode::LoadAttr) {
            here = Some(WordKind::Attribute(x.e));
        }
        if pc as u32 == word && matches!(op, Opcode::GetIter | Opcode::LoadSubscript) {
            here = Some(WordKind::Items);
        }
    }
    here
}

/// The innermost loop around another one.
pub struct Around {
    /// Its header.
    pub header: u32,
    slots: Vec<&'static FeedbackSlot>,
}

impl Around {
    /// Has it be asked for at its next round, as if it had run as often as this.
    pub fn ask(&self, threshold: u32) {
        for s in &self.slots {
            s.count.set(s.count.get().max(threshold));
        }
    }
}

/// The loop around the one with this header, if that runs few rounds each time.
pub fn around_a_short_one(th: &mut Thread, code: Gc<Code>, header: u32) -> Option<Around> {
    let end = loop_end(code, header);
    let mut outer: Option<u32> = None;
    for (pc, op, x, _) in instructions(&code.data.code) {
        let contains = op == Opcode::LoopBack && x.d < header && pc as u32 > end;
        if contains && outer.is_none_or(|o| x.d > o) {
            outer = Some(x.d);
        }
    }
    let outer = outer?;
    let slots = taipan_vm::machine::feedback_slots(th, code);
    let of = |header: u32| -> Vec<&'static FeedbackSlot> {
        instructions(&code.data.code)
            .filter(|(_, op, x, _)| *op == Opcode::LoopBack && x.d == header)
            .filter_map(|(_, _, x, _)| slots.get(x.e as usize).copied())
            .collect()
    };
    let rounds = |slots: &[&FeedbackSlot]| slots.iter().map(|s| s.count.get()).sum::<u32>();
    let around = of(outer);
    let begun = rounds(&around);
    let short = begun > 0 && rounds(&of(header)) < begun.saturating_mul(WORTH_ENTERING);
    short.then_some(Around {
        header: outer,
        slots: around,
    })
}
