//! Calls of helpers and of compiled code.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    self, AbiParam, BlockArg, InstBuilder, MemFlagsData, StackSlotData, StackSlotKind, types,
};
use taipan_abi::helpers::{Helper, Kind, Outcome};
use taipan_abi::resume::MARKER_BITS;
use taipan_ssa::StateId;
use taipan_vm::machine::layout as at;

use super::Lowering;
use super::insts::helper_of;

impl Lowering<'_, '_> {
    /// A helper that may raise: zero leaves, if there is a state.
    pub(super) fn call_helper(
        &mut self,
        imm: i64,
        args: &[ir::Value],
        s: Option<StateId>,
    ) -> Result<Option<ir::Value>, String> {
        let h = helper_of(imm)?;
        let r = self.helper(h, args);
        if h.outcome() == Outcome::ZeroRaises
            && let (Some(r), Some(s)) = (r, s)
        {
            let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, r, 0);
            self.leave_unless(c, s)?;
        }
        Ok(r)
    }

    /// Values in a row on the machine stack: the slot, which all calls of the unit share, and its
    /// address.
    fn spill(&mut self, values: &[ir::Value]) -> (ir::StackSlot, ir::Value) {
        let size = 8 * values.len().max(1) as u32;
        let slot = match self.run_slot {
            Some(s) => s,
            None => self.b.create_sized_stack_slot(StackSlotData::new(
                StackSlotKind::ExplicitSlot,
                size,
                3,
            )),
        };
        self.run_slot = Some(slot);
        let data = &mut self.b.func.sized_stack_slots[slot];
        data.size = data.size.max(size);
        for (i, v) in values.iter().enumerate() {
            self.b.ins().stack_store(types::I64, *v, slot, 8 * i as i32);
        }
        (slot, self.b.ins().stack_addr(types::I64, slot, 0))
    }

    pub(super) fn call_run(
        &mut self,
        imm: i64,
        args: &[ir::Value],
        front: usize,
        s: Option<StateId>,
    ) -> Result<ir::Value, String> {
        let h = helper_of(imm)?;
        let run = &args[front..];
        let (slot, p) = self.spill(run);
        let n = self.word(run.len() as i64);
        let mut all = args[..front].to_vec();
        all.push(p);
        all.push(n);
        let r = self.helper(h, &all);
        // Stale arguments would keep objects alive.
        let zero = self.word(0);
        for i in 0..run.len() {
            self.b
                .ins()
                .stack_store(types::I64, zero, slot, 8 * i as i32);
        }
        let Some(r) = r else {
            return Err("a helper without result".into());
        };
        if h.outcome() == Outcome::ZeroRaises
            && let Some(s) = s
        {
            let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, r, 0);
            self.leave_unless(c, s)?;
        }
        debug_assert!(h.result() != Kind::None);
        Ok(r)
    }

    /// Zero in these words behind each other of a record.
    fn clear_record(&mut self, record: ir::Value, offset: i32) {
        let trusted = MemFlagsData::trusted();
        let zeros = self
            .b
            .func
            .dfg
            .constants
            .insert(ir::ConstantData::from(&[0u8; 16][..]));
        let zeros = self.b.ins().vconst(types::I8X16, zeros);
        for (first, second) in [
            (at::FRAME_LOCALS, at::FRAME_OWN_HANDLED),
            (at::FRAME_OBJECT, at::FRAME_GENERATOR),
        ] {
            debug_assert!(second == first + 8);
            self.b.ins().store(trusted, zeros, record, offset + first);
        }
    }

    /// The record of an inlined frame, but for where it stands.
    pub(super) fn write_frame(&mut self, number: i64, imm2: i64, function: ir::Value) {
        let trusted = MemFlagsData::trusted();
        let offset = number as i32 * at::FRAME_SIZE;
        let activation = imm2 as u32 as usize;
        let frame = self.frame;
        let code = self.word(self.codes[activation] as i64);
        let window = self.window;
        let window = self.b.ins().iadd_imm_s(window, 8 * (imm2 >> 32));
        let handled = self.load_thread(at::THREAD_HANDLED);
        let zero = self.word(0);
        for (v, field) in [
            (function, at::FRAME_FUNCTION),
            (code, at::FRAME_CODE),
            (window, at::FRAME_REGS),
            (handled, at::FRAME_ENTRY_HANDLED),
            (zero, at::FRAME_DST),
        ] {
            self.b.ins().store(trusted, v, frame, offset + field);
        }
        self.clear_record(frame, offset);
    }

    pub(super) fn push_frames(&mut self, n: i64) {
        let frame = self.frame;
        let last = self.b.ins().iadd_imm_s(frame, n * at::FRAME_SIZE as i64);
        self.store_thread(last, at::THREAD_CURRENT);
        let depth = self.load_thread(at::THREAD_DEPTH);
        let more = self.b.ins().iadd_imm_s(depth, n);
        self.store_thread(more, at::THREAD_DEPTH);
    }

    pub(super) fn pop_frames(&mut self, n: i64) {
        let next = self.b.create_block();
        let held = self.b.create_block();
        self.b.set_cold_block(held);
        let any = self.objects_of_inlined(n);
        if let Some(any) = any {
            self.b.ins().brif(any, held, &[], next, &[]);
            self.b.switch_to_block(held);
            let n = self.word(n);
            self.helper(Helper::detach_frames, &[n]);
        }
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
        let frame = self.frame;
        self.store_thread(frame, at::THREAD_CURRENT);
        let depth = self.load_thread(at::THREAD_DEPTH);
        let less = self.b.ins().iadd_imm_s(depth, -n);
        self.store_thread(less, at::THREAD_DEPTH);
    }

    /// Not zero when one of the inlined frames has a frame object.
    fn objects_of_inlined(&mut self, n: i64) -> Option<ir::Value> {
        let frame = self.frame;
        let mut any = None;
        for i in 1..=n as i32 {
            let o = self.b.ins().load(
                types::I64,
                MemFlagsData::trusted(),
                frame,
                i * at::FRAME_SIZE + at::FRAME_OBJECT,
            );
            any = Some(match any {
                None => o,
                Some(a) => self.b.ins().bor(a, o),
            });
        }
        any
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

    /// Writes the callee's record and calls its machine code, or what interprets it while there is
    /// none. `args` are the function and the parameters; `imm2` has the callee's registers, from bit
    /// 16 the number of inlined frames, whose records are written, and from bit 32 where the
    /// callee's window begins. Without a state, zero comes back when an exception is pending; the
    /// records of the inlined frames are pushed then.
    pub(super) fn call_compiled(
        &mut self,
        code: i64,
        imm2: i64,
        args: &[ir::Value],
        s: Option<StateId>,
    ) -> Result<ir::Value, String> {
        let trusted = MemFlagsData::trusted();
        let next = self.b.create_block();
        self.b.append_block_param(next, types::I64);
        let th = self.thread;
        let own = self.frame;
        let registers = imm2 & 0xFFFF;
        let inlined = imm2 >> 16 & 0xFFFF;
        let window = self.window;
        let window = self.b.ins().iadd_imm_s(window, 8 * (imm2 >> 32));
        let offset = (inlined as i32 + 1) * at::FRAME_SIZE;
        let frame = self.b.ins().iadd_imm_s(own, offset as i64);
        // Room on the value stack, and depth, which bounds the frame stack too.
        let end = self.load_thread(at::THREAD_VALUES_END);
        let top = self.b.ins().iadd_imm_s(window, 8 * (registers + 64));
        let room = self.b.ins().icmp(IntCC::UnsignedLessThanOrEqual, top, end);
        let limit = self.load_thread(at::THREAD_DEPTH_LIMIT);
        let limit = self.b.ins().load(types::I64, trusted, limit, 0);
        let depth = self.load_thread(at::THREAD_DEPTH);
        let shallow = self.b.ins().icmp(IntCC::UnsignedLessThan, depth, limit);
        let frames_end = self.load_thread(at::THREAD_FRAMES_END);
        let frames_room = self
            .b
            .ins()
            .icmp(IntCC::UnsignedLessThan, frame, frames_end);
        let ok = self.b.ins().band(room, shallow);
        let ok = self.b.ins().band(ok, frames_room);
        let (go, too_deep) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(too_deep);
        self.b.ins().brif(ok, go, &[], too_deep, &[]);
        self.b.switch_to_block(too_deep);
        // The error is raised in the innermost frame.
        if inlined > 0 {
            self.push_frames(inlined);
        }
        if let Some(r) = self.helper(Helper::recursion_error, &[]) {
            match s {
                Some(s) => self.exit(s)?,
                None => {
                    self.b.ins().jump(next, &[BlockArg::Value(r)]);
                }
            }
        }
        self.b.switch_to_block(go);
        // The record.
        let code_value = self.word(code);
        let handled = self.load_thread(at::THREAD_HANDLED);
        let words = self
            .b
            .ins()
            .load(types::I64, trusted, code_value, at::CODE_WORDS);
        let dst = self.word(at::ENTRY_DST);
        for (v, field) in [
            (args[0], at::FRAME_FUNCTION),
            (code_value, at::FRAME_CODE),
            (words, at::FRAME_PC),
            (window, at::FRAME_REGS),
            (handled, at::FRAME_ENTRY_HANDLED),
            (dst, at::FRAME_DST),
        ] {
            self.b.ins().store(trusted, v, own, offset + field);
        }
        self.clear_record(own, offset);
        for (i, v) in args[1..].iter().enumerate() {
            self.b.ins().store(trusted, *v, window, 8 * i as i32);
        }
        self.b.ins().store(trusted, frame, th, at::THREAD_CURRENT);
        let more = self.b.ins().iadd_imm_s(depth, 1 + inlined);
        self.store_thread(more, at::THREAD_DEPTH);
        // The call.
        let entry = self
            .b
            .ins()
            .load(types::I64, trusted, code_value, at::CODE_ENTRY);
        let signature = self.unit_signature();
        let call = self.b.ins().call_indirect(signature, entry, &[th, window]);
        let r = self.b.inst_results(call)[0];
        let rest = self.b.ins().band_imm_s(r, !(MARKER_BITS as i64));
        let (returned, left) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(left);
        self.b.ins().brif(rest, returned, &[], left, &[]);
        self.b.switch_to_block(returned);
        // The records go, unless somebody holds a frame.
        let held = self.b.create_block();
        self.b.set_cold_block(held);
        let simple = self.b.create_block();
        let any = self.objects_of_inlined(inlined + 1).unwrap_or(r);
        self.b.ins().brif(any, held, &[], simple, &[]);
        self.b.switch_to_block(held);
        let n = self.word(inlined + 1);
        self.helper(Helper::detach_frames, &[n]);
        self.b.ins().jump(simple, &[]);
        self.b.switch_to_block(simple);
        self.b.ins().store(trusted, own, th, at::THREAD_CURRENT);
        self.store_thread(depth, at::THREAD_DEPTH);
        self.b.ins().jump(next, &[BlockArg::Value(r)]);
        self.b.switch_to_block(left);
        let v = self.helper(Helper::resume, &[r]).unwrap_or(r);
        match s {
            Some(s) => {
                let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, v, 0);
                self.leave_unless(c, s)?;
            }
            None if inlined > 0 => {
                let value = self.b.create_block();
                self.b.set_cold_block(value);
                self.b
                    .ins()
                    .brif(v, value, &[], next, &[BlockArg::Value(v)]);
                self.b.switch_to_block(value);
            }
            None => {}
        }
        if inlined > 0 {
            self.pop_frames(inlined);
        }
        self.b.ins().jump(next, &[BlockArg::Value(v)]);
        self.b.switch_to_block(next);
        Ok(self.b.block_params(next)[0])
    }
}
