//! Whether a unit may go on: is it still valid, does somebody want a safepoint, is there stack left.
//!
//! Where such questions, or a call that may raise and one, stand behind each other, they are tested
//! together and share an exit: compiling an exit costs as much as several instructions. The call's result,
//! among the words that the exit saves, tells an exception from the rest (`Exit::raised`). Where exits are
//! forced one by one, each has its own.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, types};
use taipan_abi::helpers::Outcome;
use taipan_ssa::{Op, StateId, Value};

use super::insts::helper_of;
use super::{Forced, Lowering};

/// Tests that are made together: one exit serves them.
#[derive(Default)]
pub(super) struct Held {
    /// This must not be zero.
    pub(super) condition: Option<ir::Value>,
    /// A call's result, which must not be zero, and the state in which its exception is raised.
    pub(super) call: Option<(Value, StateId)>,
}

impl Lowering<'_, '_> {
    /// Does the next instruction test with its own condition what this one would leave by?
    pub(super) fn is_tested_by_next(&self, op: Op, imm: i64, state: Option<StateId>) -> bool {
        let raises = match op {
            Op::CallHelper | Op::CallRun => {
                helper_of(imm).is_ok_and(|h| h.outcome() == Outcome::ZeroRaises)
            }
            Op::CallCompiled => true,
            _ => false,
        };
        let next = match self.following {
            Some(Op::StillValid) => raises,
            Some(Op::Safepoint) => matches!(op, Op::StackCheck | Op::StillValid),
            _ => false,
        };
        next && state.is_some() && !matches!(self.env.forced, Forced::Once)
    }

    /// Leaves by this state if the condition is zero, or what was held; or holds both for the next
    /// instruction.
    pub(super) fn ask(&mut self, c: ir::Value, hold: bool, s: StateId) -> Result<(), String> {
        let ty = self.b.func.dfg.value_type(c);
        let c = match self.held.condition.take() {
            Some(before) => self.b.ins().band(before, c),
            None if hold && ty == types::I64 => self.b.ins().icmp_imm_s(IntCC::NotEqual, c, 0),
            None => c,
        };
        if hold {
            self.held.condition = Some(c);
            return Ok(());
        }
        match self.held.call.take() {
            Some((r, raised)) => self.leave_unless_called(c, r, raised, s),
            None => self.guard_uncounted(c, s),
        }
    }
}

/// Does the instruction ask whether the unit may go on?
pub(super) fn is_request(op: Op) -> bool {
    matches!(op, Op::StillValid | Op::Safepoint | Op::StackCheck)
}
