//! Generator expressions that a builtin consumes in line: what their calls need beside loops.

use taipan_abi::helpers::Helper;
use taipan_abi::resume::Reason;
use taipan_bytecode::code::Intrinsic2;
use taipan_ssa::graph::Alias;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Type};
use taipan_vm::feedback::seen;
use taipan_vm::protocol::arith::BinaryOp;

use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure};

impl Builder<'_> {
    /// Goes to `target` unless `R[a]` is the builtin with this number.
    pub fn jump_if_not_builtin(
        &mut self,
        a: usize,
        which: usize,
        target: u32,
    ) -> Result<Flow, Failure> {
        let callee = self.state.get(a);
        let Some(builtin) = self.th.vm().consumer(which) else {
            self.leave(Reason::Interpret);
            return Ok(Flow::Ended);
        };
        let condition = match (self.known_abs(callee), callee) {
            (Some(known), _) => self.constant_bool(!known.is(builtin)),
            (None, Abs::V(v)) if !self.is_general() => {
                self.identity(v, builtin);
                self.constant_bool(false)
            }
            (None, callee) => {
                let (v, other) = (self.tagged(callee), self.constant_object(builtin));
                let same = self.push(Op::Same, &[v, other], 0, Rep::Bool, Type::BOOL);
                return Ok(Flow::Branch {
                    condition: same,
                    sense: false,
                    target,
                    compared: None,
                });
            }
        };
        Ok(Flow::Branch {
            condition,
            sense: true,
            target,
            compared: None,
        })
    }

    /// `R[a] += R[b]` as `sum` adds.
    pub fn sum_step(&mut self, a: usize, b: usize, fb: u32) -> Result<Flow, Failure> {
        let (total, state) = (self.state.get(a), self.state.get(a + 1));
        let value = self.state.get(b);
        if self.seen(fb) == 0 {
            self.leave(Reason::Untaken);
            return Ok(Flow::Ended);
        }
        if self.seen(fb) == seen::INT
            && let Abs::V(s) = state
            && self.ty(s).within(kinds::NONE)
        {
            return match self.arithmetic(BinaryOp::Add, false, total, value, fb)? {
                Some(sum) => {
                    self.state.set(a, sum);
                    Ok(Flow::Next)
                }
                None => Ok(Flow::Ended),
            };
        }
        let args = [total, state, value].map(|x| self.tagged(x));
        let sum = self.call_helper(Helper::sum_step, &args, Type::ANY);
        let state = self.push(Op::Second, &[], 0, Rep::Tagged, Type::ANY);
        self.set_alias(Alias::Thread);
        self.state.set(a, Abs::V(sum));
        self.state.set(a + 1, Abs::V(state));
        Ok(Flow::Next)
    }

    /// Is this the end of a sum that added only ints, with its state in `R[state]`?
    pub fn is_int_sum(&self, state: usize, which: u32) -> bool {
        let none = match self.state.get(state) {
            Abs::V(s) => self.ty(s).within(kinds::NONE),
            _ => false,
        };
        none && which == Intrinsic2::SumResult as u32
    }
}
