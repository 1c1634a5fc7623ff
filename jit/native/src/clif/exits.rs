//! Exits: values to the thread's buffer, then `deopt`.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, types};
use taipan_abi::helpers::Helper;
use taipan_abi::resume::{EXIT_WORDS, Exit, FrameRecipe, ObjectRecipe, Reason, Source};
use taipan_ssa::state::Operand;
use taipan_ssa::{Op, Rep, StateId, Value};
use taipan_vm::machine::layout as at;

use super::{Forced, Lowering};

/// Reasons by number, as states carry them.
const REASONS: [Reason; 17] = [
    Reason::NotInt,
    Reason::NotFloat,
    Reason::NotNumber,
    Reason::Shape,
    Reason::Identity,
    Reason::Overflow,
    Reason::Arithmetic,
    Reason::Index,
    Reason::Unbound,
    Reason::Untaken,
    Reason::Interpret,
    Reason::Safepoint,
    Reason::Invalidated,
    Reason::Raised,
    Reason::StackEnd,
    Reason::Stress,
    Reason::Caught,
];

impl Lowering<'_, '_> {
    /// Where an operand is found at an exit; values that must be saved are collected.
    fn source(&self, o: &Operand, saved: &mut Vec<Value>) -> Source {
        match o {
            Operand::Object(n) => Source::Object(*n),
            Operand::Value(v) => {
                if let Some(i) = self.g.definition(*v) {
                    match i.op {
                        Op::Const => return Source::Constant(i.imm as u64),
                        Op::ConstInt => return Source::ConstantInt(i.imm),
                        Op::ConstBool => {
                            return Source::Constant(if i.imm != 0 {
                                self.env.true_
                            } else {
                                self.env.false_
                            });
                        }
                        // Untagged again from what it was untagged from: one value less.
                        Op::UntagInt | Op::UntagFloat | Op::Retype => {
                            return self.source(&Operand::Value(i.args[0]), saved);
                        }
                        _ => {}
                    }
                }
                let at = match saved.iter().position(|s| s == v) {
                    Some(i) => i,
                    None => {
                        saved.push(*v);
                        saved.len() - 1
                    }
                } as u16;
                match self.g.rep(*v) {
                    Rep::Tagged => Source::Tagged(at),
                    Rep::Int => Source::Int(at),
                    Rep::Float => Source::Float(at),
                    Rep::Bool => Source::Bool(at),
                }
            }
        }
    }

    fn frames(&self, s: StateId, saved: &mut Vec<Value>) -> Vec<FrameRecipe> {
        let state = &self.g.states[s.0 as usize];
        state
            .frames
            .iter()
            .map(|f| FrameRecipe {
                function: f
                    .function
                    .as_ref()
                    .map_or(Source::Constant(0), |o| self.source(o, saved)),
                code: self.codes[f.frame as usize],
                pc: f.pc,
                dst: f.dst,
                construct: f.construct.as_ref().map(|o| self.source(o, saved)),
                handled: f.handled.as_ref().map(|o| self.source(o, saved)),
                generator: f.generator.as_ref().map(|o| self.source(o, saved)),
                registers: f
                    .registers
                    .iter()
                    .map(|(r, o)| (*r, self.source(o, saved)))
                    .collect(),
            })
            .collect()
    }

    /// Registers an exit; gives its number and the values it saves.
    fn new_exit(&mut self, s: StateId) -> Result<(usize, Vec<Value>), String> {
        let mut saved = Vec::new();
        let frames = self.frames(s, &mut saved);
        let state = &self.g.states[s.0 as usize];
        let objects = state
            .objects
            .iter()
            .map(|o| ObjectRecipe {
                kind: o.kind,
                fields: o
                    .fields
                    .iter()
                    .map(|f| match f {
                        Some(o) => self.source(o, &mut saved),
                        None => Source::Constant(0),
                    })
                    .collect(),
            })
            .collect();
        if saved.len() > EXIT_WORDS {
            return Err("an exit keeps too many values".into());
        }
        let reason = REASONS
            .get(state.reason as usize)
            .copied()
            .unwrap_or(Reason::Interpret);
        self.exits.push(Exit {
            reason,
            shown: state.shown,
            frames,
            objects,
        });
        Ok((self.exits.len() - 1, saved))
    }

    /// The shared block for exits with so many values, and the arguments for it.
    fn exit_target(&mut self, s: StateId) -> Result<(ir::Block, Vec<ir::BlockArg>), String> {
        let (number, saved) = self.new_exit(s)?;
        let n = saved.len().next_multiple_of(4);
        let block = match self.exit_blocks.get(&n) {
            Some(b) => *b,
            None => {
                let b = self.b.create_block();
                self.b.set_cold_block(b);
                for _ in 0..=n {
                    self.b.append_block_param(b, types::I64);
                }
                self.exit_blocks.insert(n, b);
                b
            }
        };
        Ok((block, self.exit_arguments(number, &saved, n)))
    }

    fn exit_arguments(&mut self, number: usize, saved: &[Value], n: usize) -> Vec<ir::BlockArg> {
        let mut args: Vec<ir::BlockArg> = Vec::with_capacity(n + 1);
        args.push(self.word(number as i64).into());
        for v in saved {
            let value = self.value(*v);
            let word = match self.g.rep(*v) {
                Rep::Float => self
                    .b
                    .ins()
                    .bitcast(types::I64, ir::MemFlagsData::new(), value),
                Rep::Bool => self.b.ins().uextend(types::I64, value),
                _ => value,
            };
            args.push(word.into());
        }
        let filler = args[0];
        args.resize(n + 1, filler);
        args
    }

    /// Leaves unless a condition holds.
    pub(super) fn guard(&mut self, condition: ir::Value, s: StateId) -> Result<(), String> {
        let condition = match self.env.forced {
            Forced::Never => condition,
            Forced::Counted => self.counted(condition),
            Forced::Once => self.once(condition, s),
        };
        self.leave_unless(condition, s)
    }

    /// A guard beside another one of the same instruction, or of a request: it is not counted.
    pub(super) fn guard_uncounted(&mut self, c: ir::Value, s: StateId) -> Result<(), String> {
        let condition = match self.env.forced {
            Forced::Once => self.once(c, s),
            _ => c,
        };
        self.leave_unless(condition, s)
    }

    /// Leaves if a condition holds.
    pub(super) fn guard_not(&mut self, condition: ir::Value, s: StateId) -> Result<(), String> {
        if matches!(self.env.forced, Forced::Never) {
            return self.leave_when(condition, false, s);
        }
        let not = self.b.ins().icmp_imm_s(IntCC::Equal, condition, 0);
        self.guard(not, s)
    }

    /// Leaves unless a condition holds, which is never said to fail when it holds: a call's result.
    pub(super) fn leave_unless(&mut self, condition: ir::Value, s: StateId) -> Result<(), String> {
        self.leave_when(condition, true, s)
    }

    /// Leaves unless a condition is as wanted.
    fn leave_when(&mut self, c: ir::Value, wanted: bool, s: StateId) -> Result<(), String> {
        let next = self.b.create_block();
        let known = self.leaving.get(&s).map(|l| l.1);
        let cold = known.unwrap_or_else(|| self.b.create_block());
        let (holds, fails) = if wanted { (next, cold) } else { (cold, next) };
        self.b.ins().brif(c, holds, &[], fails, &[]);
        if known.is_some() {
            self.b.switch_to_block(next);
            return Ok(());
        }
        self.b.set_cold_block(cold);
        self.b.switch_to_block(cold);
        self.leaving.insert(s, (self.exits.len(), cold));
        let (block, args) = self.exit_target(s)?;
        self.b.ins().jump(block, &args);
        self.b.switch_to_block(next);
        Ok(())
    }

    /// The condition, or false when the exit that comes next was never taken.
    fn once(&mut self, condition: ir::Value, s: StateId) -> ir::Value {
        let unit = self.word(self.env.unit as i64);
        let number = self.leaving.get(&s).map_or(self.exits.len(), |l| l.0);
        let number = self.word(number as i64);
        match self.helper(Helper::exit_is_new, &[unit, number]) {
            Some(new) => {
                let old = self.b.ins().icmp_imm_s(ir::condcodes::IntCC::Equal, new, 0);
                self.b.ins().band(condition, old)
            }
            None => condition,
        }
    }

    /// The condition, or false when the count of guards has run out.
    fn counted(&mut self, condition: ir::Value) -> ir::Value {
        let th = self.thread;
        let n = self.b.ins().load(
            types::I32,
            ir::MemFlagsData::trusted(),
            th,
            at::THREAD_EXIT_COUNTDOWN,
        );
        let one = self.b.ins().iconst(types::I32, 1);
        let less = self.b.ins().isub(n, one);
        self.b.ins().store(
            ir::MemFlagsData::trusted(),
            less,
            th,
            at::THREAD_EXIT_COUNTDOWN,
        );
        let zero = self.b.ins().iconst(types::I32, 0);
        let holds = self
            .b
            .ins()
            .icmp(ir::condcodes::IntCC::SignedGreaterThan, less, zero);
        self.b.ins().band(condition, holds)
    }

    /// Leaves.
    pub(super) fn exit(&mut self, s: StateId) -> Result<(), String> {
        let (block, args) = self.exit_target(s)?;
        self.b.ins().jump(block, &args);
        Ok(())
    }

    /// The shared exit blocks.
    pub(super) fn finish_exits(&mut self) {
        let mut blocks: Vec<(usize, ir::Block)> = self.exit_blocks.drain().collect();
        blocks.sort_unstable_by_key(|(n, _)| *n);
        for (n, block) in blocks {
            self.b.switch_to_block(block);
            let params: Vec<ir::Value> = self.b.block_params(block).to_vec();
            for i in 0..n {
                self.store_thread(params[1 + i], at::THREAD_EXIT + 8 * i as i32);
            }
            let unit = self.word(self.env.unit as i64);
            if let Some(marker) = self.helper(Helper::deopt, &[unit, params[0]]) {
                self.b.ins().return_(&[marker]);
            }
        }
    }
}
