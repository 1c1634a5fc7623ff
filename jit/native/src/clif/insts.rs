//! One arm an instruction.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, MemFlagsData, types};
use taipan_abi::helpers::Helper;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Value};
use taipan_vm::machine::layout as at;

use super::Lowering;
use super::requests::is_request;

const FLOAT_BIAS: i64 = 768 << 52;

fn int_cc(c: Compare) -> IntCC {
    match c {
        Compare::Lt => IntCC::SignedLessThan,
        Compare::Le => IntCC::SignedLessThanOrEqual,
        Compare::Eq => IntCC::Equal,
        Compare::Ne => IntCC::NotEqual,
        Compare::Gt => IntCC::SignedGreaterThan,
        Compare::Ge => IntCC::SignedGreaterThanOrEqual,
    }
}

fn float_cc(c: Compare) -> FloatCC {
    match c {
        Compare::Lt => FloatCC::LessThan,
        Compare::Le => FloatCC::LessThanOrEqual,
        Compare::Eq => FloatCC::Equal,
        Compare::Ne => FloatCC::NotEqual,
        Compare::Gt => FloatCC::GreaterThan,
        Compare::Ge => FloatCC::GreaterThanOrEqual,
    }
}

impl Lowering<'_, '_> {
    pub(super) fn inst(&mut self, number: u32) -> Result<(), String> {
        let inst = &self.g.insts[number as usize];
        let args: Vec<ir::Value> = inst.args.iter().map(|v| self.value(*v)).collect();
        let imm = inst.imm;
        let state = inst.state;
        let need = || state.ok_or_else(|| "an exit without state".to_string());
        let held = self.is_tested_by_next(inst.op, imm, state);
        let raising = if held { None } else { state };
        let trusted = MemFlagsData::trusted();
        let result: Option<ir::Value> = match inst.op {
            Op::Const | Op::ConstInt => Some(self.word(imm)),
            Op::ConstFloat => Some(self.b.ins().f64const(f64::from_bits(imm as u64))),
            Op::ConstBool => Some(self.b.ins().iconst(types::I8, imm)),
            Op::Parameter => return Err("a parameter among instructions".into()),
            Op::RootFunction => {
                let frame = self.frame;
                Some(
                    self.b
                        .ins()
                        .load(types::I64, trusted, frame, at::FRAME_FUNCTION),
                )
            }
            Op::RootLocals => {
                let frame = self.frame;
                let at = at::FRAME_LOCALS;
                Some(self.b.ins().load(types::I64, trusted, frame, at))
            }
            Op::LoadRegister => {
                let w = self.window;
                Some(self.b.ins().load(types::I64, trusted, w, 8 * imm as i32))
            }
            Op::Retype => Some(args[0]),

            Op::UntagInt => Some(self.b.ins().sshr_imm_s(args[0], 2)),
            Op::TagInt => {
                let s = self.b.ins().ishl_imm_s(args[0], 2);
                Some(self.b.ins().bor_imm_s(s, 2))
            }
            Op::TagWide => Some(self.tag_wide(args[0])),
            Op::UntagFloat => Some(self.untag_float(args[0])),
            Op::TagFloat => Some(self.tag_float(args[0])),
            Op::TagBool => {
                let (t, f) = (
                    self.word(self.env.true_ as i64),
                    self.word(self.env.false_ as i64),
                );
                Some(self.b.ins().select(args[0], t, f))
            }
            Op::UntagBool => {
                let t = self.word(self.env.true_ as i64);
                Some(self.b.ins().icmp(IntCC::Equal, args[0], t))
            }
            Op::IntToFloat => Some(self.b.ins().fcvt_from_sint(types::F64, args[0])),

            Op::GuardInt => {
                let low = self.b.ins().band_imm_s(args[0], 3);
                let c = self.b.ins().icmp_imm_s(IntCC::Equal, low, 2);
                self.guard(c, need()?)?;
                Some(args[0])
            }
            Op::GuardFloat => {
                let c = self.is_float(args[0]);
                self.guard(c, need()?)?;
                Some(args[0])
            }
            Op::NumberToFloat => {
                // Floats and ints have bits that pointers do not.
                let low = self.b.ins().band_imm_s(args[0], 3);
                let any = self.b.ins().icmp_imm_s(IntCC::NotEqual, low, 0);
                self.guard(any, need()?)?;
                let float = self.is_float(args[0]);
                let f = self.untag_float(args[0]);
                let i = self.b.ins().sshr_imm_s(args[0], 2);
                let i = self.b.ins().fcvt_from_sint(types::F64, i);
                Some(self.b.ins().select(float, f, i))
            }
            Op::GuardShape => {
                let ty = self.g.ty(inst.args[0]);
                let s = need()?;
                if !ty.is_pointer() {
                    let low = self.b.ins().band_imm_s(args[0], 3);
                    let c = self.b.ins().icmp_imm_s(IntCC::Equal, low, 0);
                    let c = if ty.may_be(kinds::UNBOUND) {
                        let bound = self.b.ins().icmp_imm_s(IntCC::NotEqual, args[0], 0);
                        self.b.ins().band(c, bound)
                    } else {
                        c
                    };
                    self.guard_uncounted(c, s)?;
                }
                let shape = self.b.ins().load(types::I32, trusted, args[0], 0);
                let c = self.b.ins().icmp_imm_s(IntCC::Equal, shape, imm);
                self.guard(c, s)?;
                Some(args[0])
            }
            Op::GuardShapes => {
                let s = need()?;
                let ty = self.g.ty(inst.args[0]);
                if !ty.is_pointer() {
                    let low = self.b.ins().band_imm_s(args[0], 3);
                    let c = self.b.ins().icmp_imm_s(IntCC::Equal, low, 0);
                    let c = if ty.may_be(kinds::UNBOUND) {
                        let bound = self.b.ins().icmp_imm_s(IntCC::NotEqual, args[0], 0);
                        self.b.ins().band(c, bound)
                    } else {
                        c
                    };
                    self.guard_uncounted(c, s)?;
                }
                let c = self.one_of(args[0], imm);
                self.guard(c, s)?;
                Some(args[0])
            }
            Op::HasShapes => Some(self.one_of(args[0], imm)),
            Op::GuardIs => {
                let k = self.word(imm);
                let c = self.b.ins().icmp(IntCC::Equal, args[0], k);
                self.guard(c, need()?)?;
                Some(args[0])
            }
            Op::GuardBound => {
                let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, args[0], 0);
                self.guard(c, need()?)?;
                Some(args[0])
            }
            Op::GuardBool => {
                let (t, f) = (
                    self.word(self.env.true_ as i64),
                    self.word(self.env.false_ as i64),
                );
                let t = self.b.ins().icmp(IntCC::Equal, args[0], t);
                let f = self.b.ins().icmp(IntCC::Equal, args[0], f);
                let c = self.b.ins().bor(t, f);
                self.guard(c, need()?)?;
                Some(args[0])
            }
            Op::GuardTrue => {
                match self.made_by(inst.args[0]) {
                    Some(i) if i.op == Op::Not => {
                        let c = self.value(i.args[0]);
                        self.guard_not(c, need()?)?;
                    }
                    _ => self.guard(args[0], need()?)?,
                }
                Some(args[0])
            }
            Op::GuardFalse => {
                self.guard_not(args[0], need()?)?;
                Some(args[0])
            }
            Op::GuardSmall => {
                let s = self.b.ins().ishl_imm_s(args[0], 2);
                let back = self.b.ins().sshr_imm_s(s, 2);
                let c = self.b.ins().icmp(IntCC::Equal, back, args[0]);
                self.guard(c, need()?)?;
                Some(args[0])
            }

            Op::Add => Some(self.b.ins().iadd(args[0], args[1])),
            Op::Sub => Some(self.b.ins().isub(args[0], args[1])),
            Op::Mul => Some(self.b.ins().imul(args[0], args[1])),
            Op::MulChecked => {
                // A small int has two bits to spare: the product fits when four times it fits a word.
                let wide = self.b.ins().ishl_imm_s(args[0], 2);
                let (product, overflow) = self.b.ins().smul_overflow(wide, args[1]);
                let c = self.b.ins().icmp_imm_s(IntCC::Equal, overflow, 0);
                self.guard(c, need()?)?;
                Some(self.b.ins().sshr_imm_s(product, 2))
            }
            Op::And => Some(self.b.ins().band(args[0], args[1])),
            Op::Or => Some(self.b.ins().bor(args[0], args[1])),
            Op::Xor => Some(self.b.ins().bxor(args[0], args[1])),
            Op::Shl => Some(self.b.ins().ishl(args[0], args[1])),
            Op::Shr => Some(self.b.ins().sshr(args[0], args[1])),
            Op::FloorDiv | Op::FloorMod => Some(self.floor(inst.op, inst.args[0], inst.args[1])),
            Op::CompareInt => Some(self.b.ins().icmp(
                int_cc(Compare::from_imm(imm)),
                args[0],
                args[1],
            )),
            Op::LessUnsigned => Some(self.b.ins().icmp(IntCC::UnsignedLessThan, args[0], args[1])),

            Op::AddFloat => Some(self.b.ins().fadd(args[0], args[1])),
            Op::SubFloat => Some(self.b.ins().fsub(args[0], args[1])),
            Op::MulFloat => Some(self.b.ins().fmul(args[0], args[1])),
            Op::DivFloat => Some(self.b.ins().fdiv(args[0], args[1])),
            Op::NegFloat => Some(self.b.ins().fneg(args[0])),
            Op::AbsFloat => Some(self.b.ins().fabs(args[0])),
            Op::SqrtFloat => Some(self.b.ins().sqrt(args[0])),
            Op::FloorFloat => Some(self.b.ins().floor(args[0])),
            Op::CeilFloat => Some(self.b.ins().ceil(args[0])),
            Op::TruncFloat => Some(self.b.ins().fcvt_to_sint_sat(types::I64, args[0])),
            Op::CompareFloat => Some(self.b.ins().fcmp(
                float_cc(Compare::from_imm(imm)),
                args[0],
                args[1],
            )),

            Op::Same => Some(self.b.ins().icmp(IntCC::Equal, args[0], args[1])),
            Op::HasShape => {
                Some(self.has_shape(args[0], imm, self.g.ty(inst.args[0]).is_pointer()))
            }
            Op::IsInt => {
                let low = self.b.ins().band_imm_s(args[0], 3);
                Some(self.b.ins().icmp_imm_s(IntCC::Equal, low, 2))
            }
            Op::Not => Some(self.b.ins().icmp_imm_s(IntCC::Equal, args[0], 0)),
            Op::Select if self.is_false(inst.args[2]) => Some(self.b.ins().band(args[0], args[1])),
            Op::Select => Some(self.b.ins().select(args[0], args[1], args[2])),

            Op::Load | Op::LoadRaw => {
                Some(self.b.ins().load(types::I64, trusted, args[0], imm as i32))
            }
            Op::LoadHalf => {
                let v = self.b.ins().load(types::I32, trusted, args[0], imm as i32);
                Some(self.b.ins().uextend(types::I64, v))
            }
            Op::LoadByte => {
                let v = self.b.ins().load(types::I8, trusted, args[0], imm as i32);
                Some(self.b.ins().uextend(types::I64, v))
            }
            Op::LoadIndexed => {
                let p = self.indexed(args[0], args[1]);
                Some(self.b.ins().load(types::I64, trusted, p, imm as i32))
            }
            Op::LoadFloatIndexed => {
                let p = self.indexed(args[0], args[1]);
                Some(self.b.ins().load(types::F64, trusted, p, imm as i32))
            }
            Op::StoreFloatIndexed => {
                let p = self.indexed(args[0], args[1]);
                self.b.ins().store(trusted, args[2], p, imm as i32);
                None
            }
            Op::LoadSized => Some(self.load_sized(args[0], args[1], imm as i32, inst.imm2)),
            Op::StoreSized => {
                let (p, ty) = self.sized(args[0], args[1], inst.imm2);
                let v = match ty {
                    types::I64 => args[2],
                    ty => self.b.ins().ireduce(ty, args[2]),
                };
                self.b.ins().store(trusted, v, p, imm as i32);
                None
            }
            Op::Store | Op::StoreRaw => {
                self.b.ins().store(trusted, args[1], args[0], imm as i32);
                None
            }
            Op::StoreHalf => {
                let v = self.b.ins().ireduce(types::I32, args[1]);
                self.b.ins().store(trusted, v, args[0], imm as i32);
                None
            }
            Op::StoreIndexed => {
                let p = self.indexed(args[0], args[1]);
                self.b.ins().store(trusted, args[2], p, imm as i32);
                None
            }
            Op::Barrier => {
                self.barrier(args[0], args[1], self.g.ty(inst.args[1]).is_pointer());
                None
            }
            Op::ListAppend => {
                self.list_append(args[0], args[1], inst.args[1], need()?)?;
                None
            }
            Op::Allocate => Some(self.allocate(imm, inst.imm2)),

            Op::StoreRegister => {
                let window = self.window;
                self.b.ins().store(trusted, args[0], window, 8 * imm as i32);
                None
            }
            Op::ReloadRegister => {
                let window = self.window;
                Some(
                    self.b
                        .ins()
                        .load(types::I64, trusted, window, 8 * imm as i32),
                )
            }
            Op::SetPc => {
                let activation = inst.imm2 as u32 as usize;
                let at_frame = (inst.imm2 >> 32) as i32 * at::FRAME_SIZE;
                let pc = self.word(self.words[activation] as i64 + 8 * imm);
                let frame = self.frame;
                self.b
                    .ins()
                    .store(trusted, pc, frame, at_frame + at::FRAME_PC);
                None
            }
            Op::WriteFrame => {
                self.write_frame(imm, inst.imm2, args[0]);
                None
            }
            Op::PushFrames => {
                self.push_frames(imm);
                None
            }
            Op::PopFrames => {
                self.pop_frames(imm);
                None
            }
            Op::CallHelper | Op::CallQuiet => self.call_helper(imm, &args, raising)?,
            Op::CallNumber | Op::CallFloat => {
                let h = helper_of(imm)?;
                self.helper(h, &args)
            }
            Op::CallRun | Op::CallRunQuiet => {
                Some(self.call_run(imm, &args, inst.imm2 as usize, raising)?)
            }
            Op::CallCompiled => Some(self.call_compiled(imm, inst.imm2, &args, raising)?),
            Op::Second => Some(self.load_thread(at::THREAD_SECOND)),
            Op::SecondFloat => {
                let th = self.thread;
                Some(
                    self.b
                        .ins()
                        .load(types::F64, trusted, th, at::THREAD_SECOND_FLOAT),
                )
            }
            Op::Safepoint => {
                let p = self.load_thread(at::THREAD_REQUESTS);
                // Other threads write it: an ordinary load would be done once in a loop that stores
                // nothing, which then never ended.
                let n = self.b.ins().atomic_load(types::I32, trusted, p);
                let c = self.b.ins().icmp_imm_s(IntCC::Equal, n, 0);
                self.ask(c, held, need()?)?;
                None
            }
            Op::StillValid => {
                let unit = self.word(self.env.unit as i64);
                let n = self.b.ins().load(types::I64, trusted, unit, VALID_OFFSET);
                // (All bits are set while it is.)
                let c = match self.held.call {
                    Some((r, _)) => {
                        let r = self.value(r);
                        self.b.ins().band(r, n)
                    }
                    None => n,
                };
                self.ask(c, held, need()?)?;
                None
            }
            Op::StackCheck => {
                let limit = self.load_thread(at::THREAD_STACK_LIMIT);
                let sp = self.b.ins().get_stack_pointer(types::I64);
                let c = self.b.ins().icmp(IntCC::UnsignedGreaterThan, sp, limit);
                self.ask(c, held, need()?)?;
                None
            }
        };
        self.values[inst.result.0 as usize] = result;
        if held && !is_request(inst.op) {
            self.held.call = state.map(|s| (inst.result, s));
        }
        Ok(())
    }

    fn is_float(&mut self, v: ir::Value) -> ir::Value {
        let bit = self.b.ins().band_imm_s(v, 1);
        self.b.ins().icmp_imm_s(IntCC::NotEqual, bit, 0)
    }

    fn untag_float(&mut self, v: ir::Value) -> ir::Value {
        let r = self.b.ins().rotr_imm_u(v, 3);
        let bias = self.word(FLOAT_BIAS);
        let bits = self.b.ins().isub(r, bias);
        self.b.ins().bitcast(types::F64, MemFlagsData::new(), bits)
    }

    fn tag_float(&mut self, f: ir::Value) -> ir::Value {
        let bits = self.b.ins().bitcast(types::I64, MemFlagsData::new(), f);
        let bias = self.word(FLOAT_BIAS);
        let sum = self.b.ins().iadd(bits, bias);
        let w = self.b.ins().rotl_imm_u(sum, 3);
        let fits = self.is_float(w);
        let (cold, next) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(cold);
        self.b.append_block_param(next, types::I64);
        self.b
            .ins()
            .brif(fits, next, &[BlockArg::Value(w)], cold, &[]);
        self.b.switch_to_block(cold);
        self.helper(Helper::box_float, &[f]);
        let boxed = self.load_thread(at::THREAD_SECOND);
        self.b.ins().jump(next, &[BlockArg::Value(boxed)]);
        self.b.switch_to_block(next);
        self.b.block_params(next)[0]
    }

    fn tag_wide(&mut self, v: ir::Value) -> ir::Value {
        let s = self.b.ins().ishl_imm_s(v, 2);
        let back = self.b.ins().sshr_imm_s(s, 2);
        let fits = self.b.ins().icmp(IntCC::Equal, back, v);
        let w = self.b.ins().bor_imm_s(s, 2);
        let (cold, next) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(cold);
        self.b.append_block_param(next, types::I64);
        self.b
            .ins()
            .brif(fits, next, &[BlockArg::Value(w)], cold, &[]);
        self.b.switch_to_block(cold);
        let boxed = self.helper(Helper::box_int, &[v]).unwrap_or(v);
        self.b.ins().jump(next, &[BlockArg::Value(boxed)]);
        self.b.switch_to_block(next);
        self.b.block_params(next)[0]
    }

    fn has_shape(&mut self, v: ir::Value, shape: i64, pointer: bool) -> ir::Value {
        if pointer {
            let s = self.b.ins().load(types::I32, MemFlagsData::trusted(), v, 0);
            return self.b.ins().icmp_imm_s(IntCC::Equal, s, shape);
        }
        let low = self.b.ins().band_imm_s(v, 3);
        let is = self.b.ins().icmp_imm_s(IntCC::Equal, low, 0);
        let bound = self.b.ins().icmp_imm_s(IntCC::NotEqual, v, 0);
        let is = self.b.ins().band(is, bound);
        let (look, next) = (self.b.create_block(), self.b.create_block());
        self.b.append_block_param(next, types::I8);
        let no = self.b.ins().iconst(types::I8, 0);
        self.b
            .ins()
            .brif(is, look, &[], next, &[BlockArg::Value(no)]);
        self.b.switch_to_block(look);
        let s = self.b.ins().load(types::I32, MemFlagsData::trusted(), v, 0);
        let c = self.b.ins().icmp_imm_s(IntCC::Equal, s, shape);
        self.b.ins().jump(next, &[BlockArg::Value(c)]);
        self.b.switch_to_block(next);
        self.b.block_params(next)[0]
    }

    /// The instruction that gives a value.
    fn made_by(&self, v: Value) -> Option<&taipan_ssa::graph::Inst> {
        match self.g.values[v.0 as usize].def {
            taipan_ssa::graph::Definition::Inst(i) => self.g.insts.get(i as usize),
            _ => None,
        }
    }

    /// Is the value the constant false?
    fn is_false(&self, v: Value) -> bool {
        self.made_by(v)
            .is_some_and(|i| i.op == Op::ConstBool && i.imm == 0)
    }

    /// Has the object one of the shapes of a set?
    fn one_of(&mut self, v: ir::Value, set: i64) -> ir::Value {
        let shape = self.b.ins().load(types::I32, MemFlagsData::trusted(), v, 0);
        let set = self.g.shape_sets.get(set as usize);
        let mut any = None;
        for s in set.into_iter().flatten() {
            let is = self.b.ins().icmp_imm_s(IntCC::Equal, shape, *s as i64);
            any = Some(match any {
                None => is,
                Some(a) => self.b.ins().bor(a, is),
            });
        }
        match any {
            Some(c) => c,
            None => self.b.ins().iconst(types::I8, 0),
        }
    }

    fn indexed(&mut self, base: ir::Value, index: ir::Value) -> ir::Value {
        let offset = self.b.ins().ishl_imm_s(index, 3);
        self.b.ins().iadd(base, offset)
    }

    /// Address and type of an item with so many bytes.
    fn sized(&mut self, base: ir::Value, index: ir::Value, bytes: i64) -> (ir::Value, ir::Type) {
        let bytes = bytes.abs();
        let offset = self
            .b
            .ins()
            .ishl_imm_s(index, bytes.trailing_zeros() as i64);
        let p = self.b.ins().iadd(base, offset);
        let ty = match bytes {
            1 => types::I8,
            2 => types::I16,
            4 => types::I32,
            _ => types::I64,
        };
        (p, ty)
    }

    fn load_sized(
        &mut self,
        base: ir::Value,
        index: ir::Value,
        offset: i32,
        bytes: i64,
    ) -> ir::Value {
        let (p, ty) = self.sized(base, index, bytes);
        let v = self.b.ins().load(ty, MemFlagsData::trusted(), p, offset);
        match ty {
            types::I64 => v,
            _ if bytes < 0 => self.b.ins().sextend(types::I64, v),
            _ => self.b.ins().uextend(types::I64, v),
        }
    }

    /// Division rounded down, or its remainder; the divisor is not 0.
    fn floor(&mut self, op: Op, x: Value, y: Value) -> ir::Value {
        let (tx, ty) = (self.g.ty(x), self.g.ty(y));
        let (a, b) = (self.value(x), self.value(y));
        if ty.low == ty.high
            && ty.kinds & kinds::INT != 0
            && ty.low > 0
            && (ty.low & (ty.low - 1)) == 0
        {
            let n = ty.low;
            return match op {
                Op::FloorDiv => self.b.ins().sshr_imm_s(a, n.trailing_zeros() as i64),
                _ => self.b.ins().band_imm_s(a, n - 1),
            };
        }
        let positive = tx.low >= 0 && ty.low > 0 && tx.kinds != 0;
        if positive {
            return match op {
                Op::FloorDiv => self.b.ins().udiv(a, b),
                _ => self.b.ins().urem(a, b),
            };
        }
        let q = self.b.ins().sdiv(a, b);
        let product = self.b.ins().imul(q, b);
        let r = self.b.ins().isub(a, product);
        let inexact = self.b.ins().icmp_imm_s(IntCC::NotEqual, r, 0);
        let mixed = self.b.ins().bxor(r, b);
        let negative = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, mixed, 0);
        let adjust = self.b.ins().band(inexact, negative);
        match op {
            Op::FloorDiv => {
                let less = self.b.ins().iadd_imm_s(q, -1);
                self.b.ins().select(adjust, less, q)
            }
            _ => {
                let more = self.b.ins().iadd(r, b);
                self.b.ins().select(adjust, more, r)
            }
        }
    }

    /// The write barrier; see the runtime's `gc::barrier`.
    pub(super) fn barrier(&mut self, owner: ir::Value, v: ir::Value, pointer: bool) {
        let trusted = MemFlagsData::trusted();
        let (test, young, cold, next) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        self.b.set_cold_block(test);
        self.b.set_cold_block(young);
        self.b.set_cold_block(cold);
        let state = self.b.ins().load(types::I8, trusted, owner, at::HEADER_GC);
        let old = self.b.ins().icmp_imm_s(IntCC::Equal, state, 1);
        self.b.ins().brif(old, test, &[], next, &[]);
        self.b.switch_to_block(test);
        if pointer {
            self.b.ins().jump(young, &[]);
        } else {
            let low = self.b.ins().band_imm_s(v, 3);
            let is = self.b.ins().icmp_imm_s(IntCC::Equal, low, 0);
            self.b.ins().brif(is, young, &[], next, &[]);
        }
        self.b.switch_to_block(young);
        let state = self.b.ins().load(types::I8, trusted, v, at::HEADER_GC);
        let is = self.b.ins().icmp_imm_s(IntCC::Equal, state, 0);
        self.b.ins().brif(is, cold, &[], next, &[]);
        self.b.switch_to_block(cold);
        self.helper(Helper::remember, &[owner]);
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
    }

    /// A cell from the allocation window of its size class, with its header.
    fn allocate(&mut self, header: i64, size: i64) -> ir::Value {
        let trusted = MemFlagsData::trusted();
        let class = taipan_vm::object::gc::class_for(size as usize);
        let cell = taipan_vm::object::gc::cell_size(class) as i64;
        let offset = taipan_vm::object::gc::Heap::bump_offset(class) as i32;
        let bumps = self.load_thread(at::THREAD_BUMPS);
        let cursor = self.b.ins().load(types::I64, trusted, bumps, offset);
        let end = self.b.ins().load(types::I64, trusted, bumps, offset + 8);
        let after = self.b.ins().iadd_imm_s(cursor, cell);
        let fits = self
            .b
            .ins()
            .icmp(IntCC::UnsignedLessThanOrEqual, after, end);
        let (fast, cold, next) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        self.b.set_cold_block(cold);
        self.b.append_block_param(next, types::I64);
        self.b.ins().brif(fits, fast, &[], cold, &[]);
        self.b.switch_to_block(fast);
        self.b.ins().store(trusted, after, bumps, offset);
        self.b.ins().jump(next, &[BlockArg::Value(cursor)]);
        self.b.switch_to_block(cold);
        let n = self.word(size);
        let made = self.helper(Helper::allocate, &[n]).unwrap_or(n);
        self.b.ins().jump(next, &[BlockArg::Value(made)]);
        self.b.switch_to_block(next);
        let p = self.b.block_params(next)[0];
        let h = self.word(header);
        self.b.ins().store(trusted, h, p, 0);
        p
    }

    /// Appends to a list: in place while there is room.
    fn list_append(
        &mut self,
        list: ir::Value,
        v: ir::Value,
        source: Value,
        s: taipan_ssa::StateId,
    ) -> Result<(), String> {
        let trusted = MemFlagsData::trusted();
        let buffer = self
            .b
            .ins()
            .load(types::I64, trusted, list, at::LIST_BUFFER);
        let len = self.b.ins().load(types::I64, trusted, list, at::LIST_LEN);
        let (look, fast, cold, next) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        self.b.set_cold_block(cold);
        self.b.ins().brif(buffer, look, &[], cold, &[]);
        self.b.switch_to_block(look);
        let capacity = self
            .b
            .ins()
            .load(types::I64, trusted, buffer, at::BUFFER_CAPACITY);
        let room = self.b.ins().icmp(IntCC::UnsignedLessThan, len, capacity);
        self.b.ins().brif(room, fast, &[], cold, &[]);
        self.b.switch_to_block(fast);
        let p = self.indexed(buffer, len);
        self.b.ins().store(trusted, v, p, at::BUFFER_DATA);
        let more = self.b.ins().iadd_imm_s(len, 1);
        self.b.ins().store(trusted, more, list, at::LIST_LEN);
        let ty = self.g.ty(source);
        if !ty.within(kinds::INT | kinds::FLOAT | kinds::BOOL | kinds::NONE) {
            self.barrier(buffer, v, ty.is_pointer());
        }
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(cold);
        let r = self.helper(Helper::list_append, &[list, v]);
        if let Some(r) = r {
            let c = self.b.ins().icmp_imm_s(IntCC::NotEqual, r, 0);
            self.leave_unless(c, s)?;
        }
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
        Ok(())
    }
}

/// Where a unit says that it is valid.
pub const VALID_OFFSET: i32 = std::mem::offset_of!(taipan_vm::machine::Unit, valid) as i32;

/// A helper by number.
pub fn helper_of(imm: i64) -> Result<Helper, String> {
    Helper::ALL
        .get(imm as usize)
        .copied()
        .ok_or_else(|| "an unknown helper".to_string())
}
