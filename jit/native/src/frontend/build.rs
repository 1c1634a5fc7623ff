//! Building containers.

use taipan_abi::helpers::Helper;
use taipan_bytecode::encode::Operands;
use taipan_bytecode::opcode::Opcode;
use taipan_ssa::graph::Alias;
use taipan_ssa::types::kinds;
use taipan_ssa::{Type, Value};
use taipan_vm::types::T;

use super::ops::Flow;
use super::state::Abs;
use super::{Builder, Failure, shape_of};

impl Builder<'_> {
    /// Dicts, sets and strings of a run of registers.
    pub fn build_run(&mut self, op: Opcode, a: usize, b: usize, c: usize) -> Result<Flow, Failure> {
        let (h, n, t, quiet) = match op {
            Opcode::BuildMap => (Helper::new_dict, 2 * c, T::Dict, c == 0),
            Opcode::BuildSet => (Helper::new_set, c, T::Set, c == 0),
            _ => (Helper::new_string, c, T::Str, true),
        };
        if op == Opcode::BuildMap {
            let fields = (b..b + n).map(|r| self.state.get(r)).collect();
            if self.becomes_arguments(a as u16)
                && let Some(d) = self.removed_dict(fields)
            {
                self.state.set(a, d);
                return Ok(Flow::Next);
            }
        }
        let run: Vec<Value> = (b..b + n)
            .map(|r| {
                let v = self.state.get(r);
                self.tagged(v)
            })
            .collect();
        let ty = Type::shape(shape_of(t));
        let v = if quiet {
            self.call_run_quiet(h, &run, ty)
        } else {
            self.call_run(h, &[], &run, ty)
        };
        self.state.set(a, Abs::V(v));
        Ok(Flow::Next)
    }

    /// Appends to a list of a comprehension or display.
    pub fn list_append_op(
        &mut self,
        a: usize,
        b: usize,
        op: Opcode,
        x: &Operands,
    ) -> Result<Flow, Failure> {
        if let Abs::V(list) = self.state.get(a) {
            let t = self.ty(list);
            let seen_list =
                t.shape == shape_of(T::List) || (t.shape == 0 && t.may_be(kinds::OBJECT));
            if seen_list {
                let list = self.builtin_shape(list, T::List);
                let v = self.state.get(b);
                self.list_append(list, v);
                return Ok(Flow::Next);
            }
        }
        self.step(op, x)
    }

    /// `list.append(v)` on an exact list.
    pub fn list_append(&mut self, list: Value, v: Abs) {
        let v = self.tagged(v);
        let s = self.state_at(self.pc, taipan_abi::resume::Reason::Raised, false);
        self.push_state(
            taipan_ssa::Op::ListAppend,
            &[list, v],
            0,
            taipan_ssa::Rep::Int,
            Type::RAW,
            s,
        );
        self.set_alias(Alias::List);
        self.state.clobber(Alias::List);
        self.state.clobber(Alias::Items);
    }
}
