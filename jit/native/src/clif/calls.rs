//! Calls of helpers and of compiled code.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    self, AbiParam, BlockArg, InstBuilder, MemFlagsData, StackSlotData, StackSlotKind, types,
};
use taipan_abi::helpers::{Helper, Kind, Outcome};
use taipan_abi::resume::MARKER_BITS;
use taipan_ssa::{Rep, StateId};
use taipan_vm::machine::layout as at;

use super::Lowering;
use super::insts::helper_of;

impl Lowering<'_, '_> {
    /// A helper that may raise: zero leaves.
    pub(super) fn call_helper(
        &mut self,
        imm: i64,
        args: &[ir::Value],
        s: StateId,
    ) -> Result<Option<ir::Value>, String> {
        let h = helper_of(imm)?;
        let r = self.helper(h, args);
        if h.outcome() == Outcome::ZeroRaises
            && let Some(r) = r
        {
            let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, r, 0);
            self.guard_unstressed(c, s)?;
        }
        Ok(r)
    }

    /// Values in a row on the machine stack; their address.
    fn spill(&mut self, values: &[ir::Value]) -> ir::Value {
        let slot = self.b.create_sized_stack_slot(StackSlotData::new(
            StackSlotKind::ExplicitSlot,
            8 * values.len().max(1) as u32,
            3,
        ));
        for (i, v) in values.iter().enumerate() {
            self.b.ins().stack_store(types::I64, *v, slot, 8 * i as i32);
        }
        self.b.ins().stack_addr(types::I64, slot, 0)
    }

    pub(super) fn call_run(
        &mut self,
        imm: i64,
        args: &[ir::Value],
        front: usize,
        s: StateId,
    ) -> Result<ir::Value, String> {
        let h = helper_of(imm)?;
        let run = &args[front..];
        let p = self.spill(run);
        let n = self.word(run.len() as i64);
        let mut all = args[..front].to_vec();
        all.push(p);
        all.push(n);
        let r = self.helper(h, &all);
        let Some(r) = r else {
            return Err("a helper without result".into());
        };
        if h.outcome() == Outcome::ZeroRaises {
            let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, r, 0);
            self.guard_unstressed(c, s)?;
        }
        debug_assert!(h.result() != Kind::None);
        Ok(r)
    }

    pub(super) fn push_frames(&mut self, s: StateId) -> Result<(), String> {
        let (site, saved) = self.new_site(s);
        for (i, v) in saved.iter().enumerate() {
            let value = self.value(*v);
            let word = match self.g.rep(*v) {
                Rep::Float => self.b.ins().bitcast(types::I64, MemFlagsData::new(), value),
                Rep::Bool => self.b.ins().uextend(types::I64, value),
                _ => value,
            };
            self.store_thread(word, at::THREAD_EXIT + 8 * i as i32);
        }
        let unit = self.word(self.env.unit as i64);
        let site = self.word(site as i64);
        if let Some(r) = self.helper(Helper::push_frames, &[unit, site]) {
            let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, r, 0);
            // Nothing was pushed when it fails.
            self.guard_unstressed(c, s)?;
        }
        Ok(())
    }

    pub(super) fn pop_frames(&mut self, n: i64) {
        let trusted = MemFlagsData::trusted();
        let th = self.thread;
        let current = self.load_thread(at::THREAD_CURRENT);
        let less = self.b.ins().iadd_imm_s(current, -n * at::FRAME_SIZE as i64);
        self.b.ins().store(trusted, less, th, at::THREAD_CURRENT);
        let depth = self.load_thread(at::THREAD_DEPTH);
        let less = self.b.ins().iadd_imm_s(depth, -n);
        self.store_thread(less, at::THREAD_DEPTH);
    }

    fn unit_signature(&mut self) -> ir::SigRef {
        if let Some(s) = self.unit_signature {
            return s;
        }
        let mut s = ir::Signature::new(self.call_conv);
        s.params.push(AbiParam::new(types::I64));
        s.params.push(AbiParam::new(types::I64));
        s.returns.push(AbiParam::new(types::I64));
        let s = self.b.import_signature(s);
        self.unit_signature = Some(s);
        s
    }

    /// Pushes the callee's record and calls its machine code; the interpreter runs it while there is
    /// none. `args` are the function and the parameters.
    pub(super) fn call_compiled(
        &mut self,
        code: i64,
        registers: i64,
        args: &[ir::Value],
        s: StateId,
    ) -> Result<ir::Value, String> {
        let trusted = MemFlagsData::trusted();
        let th = self.thread;
        let caller = self.load_thread(at::THREAD_CURRENT);
        // The window begins behind the caller's (the innermost inlined frame's).
        let regs = self
            .b
            .ins()
            .load(types::I64, trusted, caller, at::FRAME_REGS);
        let caller_code = self
            .b
            .ins()
            .load(types::I64, trusted, caller, at::FRAME_CODE);
        let n = self
            .b
            .ins()
            .load(types::I32, trusted, caller_code, at::CODE_REGISTERS);
        let n = self.b.ins().uextend(types::I64, n);
        let bytes = self.b.ins().ishl_imm_s(n, 3);
        let window = self.b.ins().iadd(regs, bytes);
        // Room on both stacks, and depth.
        let end = self.load_thread(at::THREAD_VALUES_END);
        let top = self.b.ins().iadd_imm_s(window, 8 * (registers + 64));
        let room = self.b.ins().icmp(IntCC::UnsignedLessThanOrEqual, top, end);
        let frame = self.b.ins().iadd_imm_s(caller, at::FRAME_SIZE as i64);
        let frames_end = self.load_thread(at::THREAD_FRAMES_END);
        let past = self.b.ins().iadd_imm_s(frame, 2 * at::FRAME_SIZE as i64);
        let frames_room = self
            .b
            .ins()
            .icmp(IntCC::UnsignedLessThanOrEqual, past, frames_end);
        let limit = self.load_thread(at::THREAD_DEPTH_LIMIT);
        let limit = self.b.ins().load(types::I64, trusted, limit, 0);
        let depth = self.load_thread(at::THREAD_DEPTH);
        let shallow = self.b.ins().icmp(IntCC::UnsignedLessThan, depth, limit);
        let ok = self.b.ins().band(room, frames_room);
        let ok = self.b.ins().band(ok, shallow);
        let (go, too_deep) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(too_deep);
        self.b.ins().brif(ok, go, &[], too_deep, &[]);
        self.b.switch_to_block(too_deep);
        if let Some(r) = self.helper(Helper::recursion_error, &[]) {
            let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, r, 0);
            self.guard_unstressed(c, s)?;
        }
        self.b.ins().jump(go, &[]);
        self.b.switch_to_block(go);
        // The record.
        let zero = self.word(0);
        let code_value = self.word(code);
        let handled = self.load_thread(at::THREAD_HANDLED);
        let words = self
            .b
            .ins()
            .load(types::I64, trusted, code_value, at::CODE_WORDS);
        let dst = self.word(at::ENTRY_DST);
        for (v, offset) in [
            (args[0], at::FRAME_FUNCTION),
            (code_value, at::FRAME_CODE),
            (words, at::FRAME_PC),
            (window, at::FRAME_REGS),
            (zero, at::FRAME_LOCALS),
            (handled, at::FRAME_ENTRY_HANDLED),
            (zero, at::FRAME_OWN_HANDLED),
            (zero, at::FRAME_OBJECT),
            (zero, at::FRAME_GENERATOR),
            (zero, at::FRAME_RESULT),
            (dst, at::FRAME_DST),
        ] {
            self.b.ins().store(trusted, v, frame, offset);
        }
        for (i, v) in args[1..].iter().enumerate() {
            self.b.ins().store(trusted, *v, window, 8 * i as i32);
        }
        self.b.ins().store(trusted, frame, th, at::THREAD_CURRENT);
        let more = self.b.ins().iadd_imm_s(depth, 1);
        self.store_thread(more, at::THREAD_DEPTH);
        // The call.
        let entry = self
            .b
            .ins()
            .load(types::I64, trusted, code_value, at::CODE_COMPILED);
        let (compiled, interpreted, left, popped, next) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        self.b.set_cold_block(interpreted);
        self.b.set_cold_block(left);
        self.b.append_block_param(popped, types::I64);
        self.b.append_block_param(next, types::I64);
        self.b.ins().brif(entry, compiled, &[], interpreted, &[]);
        self.b.switch_to_block(compiled);
        let signature = self.unit_signature();
        let call = self.b.ins().call_indirect(signature, entry, &[th, window]);
        let r = self.b.inst_results(call)[0];
        let rest = self.b.ins().band_imm_s(r, !(MARKER_BITS as i64));
        let is_value = self.b.ins().icmp_imm_s(IntCC::NotEqual, rest, 0);
        let returned = self.b.create_block();
        self.b.ins().brif(is_value, returned, &[], left, &[]);
        self.b.switch_to_block(returned);
        // Its record goes, unless somebody holds the frame.
        let object = self
            .b
            .ins()
            .load(types::I64, trusted, frame, at::FRAME_OBJECT);
        let held = self.b.create_block();
        self.b.set_cold_block(held);
        let simple = self.b.create_block();
        self.b.ins().brif(object, held, &[], simple, &[]);
        self.b.switch_to_block(held);
        self.helper(Helper::detach_frame, &[]);
        self.b.ins().jump(simple, &[]);
        self.b.switch_to_block(simple);
        self.b.ins().store(trusted, caller, th, at::THREAD_CURRENT);
        self.store_thread(depth, at::THREAD_DEPTH);
        self.b.ins().jump(next, &[BlockArg::Value(r)]);
        self.b.switch_to_block(left);
        let v = self.helper(Helper::resume, &[r]).unwrap_or(r);
        self.b.ins().jump(popped, &[BlockArg::Value(v)]);
        self.b.switch_to_block(interpreted);
        // Registers behind the parameters must be unbound for the interpreter.
        let v = self.helper(Helper::run_callee, &[]).unwrap_or(zero);
        self.b.ins().jump(popped, &[BlockArg::Value(v)]);
        self.b.switch_to_block(popped);
        let v = self.b.block_params(popped)[0];
        let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, v, 0);
        self.guard_unstressed(c, s)?;
        self.b.ins().jump(next, &[BlockArg::Value(v)]);
        self.b.switch_to_block(next);
        Ok(self.b.block_params(next)[0])
    }
}
