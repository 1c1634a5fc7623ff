//! Exits: values to the thread's buffer, then `deopt`.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, types};
use taipan_abi::helpers::Helper;
use taipan_abi::resume::{EXIT_WORDS, Exit, FrameRecipe, ObjectRecipe, Reason, Source};
use taipan_ssa::state::Operand;
use taipan_ssa::{Op, Rep, StateId, Value};
use taipan_vm::machine::layout as at;

use super::{ExitGroup, Forced, Lowering};

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

    /// Registers an exit; gives its number. The values that it saves are added to those of others.
    fn new_exit(&mut self, s: StateId, saved: &mut Vec<Value>) -> Result<usize, String> {
        let frames = self.frames(s, saved);
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
                        Some(o) => self.source(o, saved),
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
            raised: None,
        });
        Ok(self.exits.len() - 1)
    }

    /// To the shared block for exits with so many values.
    fn jump_to_exit(&mut self, number: ir::Value, saved: &[Value]) {
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
        let args = self.exit_arguments(number, saved, n);
        self.b.ins().jump(block, &args);
    }

    fn exit_arguments(
        &mut self,
        number: ir::Value,
        saved: &[Value],
        n: usize,
    ) -> Vec<ir::BlockArg> {
        let mut args: Vec<ir::BlockArg> = Vec::with_capacity(n + 1);
        args.push(number.into());
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

    /// Leaves if the condition is zero: by the state `raised` if the call's result is, which the
    /// condition includes, else by the other one.
    pub(super) fn leave_unless_called(
        &mut self,
        c: ir::Value,
        r: Value,
        raised: StateId,
        s: StateId,
    ) -> Result<(), String> {
        let (next, cold) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(c, next, &[], cold, &[]);
        self.lead_to_exit(cold, s, Some((r, raised)))?;
        self.b.switch_to_block(next);
        Ok(())
    }

    /// Leaves unless a condition is as wanted.
    fn leave_when(&mut self, c: ir::Value, wanted: bool, s: StateId) -> Result<(), String> {
        let next = self.b.create_block();
        let known = self.leaving.get(&s).map(|l| l.1);
        let cold = known.unwrap_or_else(|| self.b.create_block());
        let (holds, fails) = if wanted { (next, cold) } else { (cold, next) };
        self.b.ins().brif(c, holds, &[], fails, &[]);
        if known.is_none() {
            self.lead_to_exit(cold, s, None)?;
        }
        self.b.switch_to_block(next);
        Ok(())
    }

    /// Makes a block the one by which all guards with this state leave, and perhaps a call that has
    /// raised: its result, its state. It is filled in the end.
    fn lead_to_exit(
        &mut self,
        cold: ir::Block,
        s: StateId,
        call: Option<(Value, StateId)>,
    ) -> Result<(), String> {
        self.b.set_cold_block(cold);
        let before = self.exits.len();
        let mut saved = Vec::new();
        let mut number = self.new_exits(s, call, &mut saved)?;
        let mut key = saved.clone();
        key.sort_unstable();
        if let Some(known) = self.exit_groups.get(&key)
            && known.saved != saved
        {
            // The same values in another order.
            saved = known.saved.clone();
            self.exits.truncate(before);
            number = self.new_exits(s, call, &mut saved)?;
        }
        self.leaving.insert(s, (number, cold));
        let at = self.b.srcloc();
        let none = ExitGroup {
            saved,
            exits: Vec::new(),
        };
        let group = self.exit_groups.entry(key).or_insert(none);
        group.exits.push((number, cold, at));
        Ok(())
    }

    /// Registers the exit of a state, and that of a call: the number of the former.
    fn new_exits(
        &mut self,
        s: StateId,
        call: Option<(Value, StateId)>,
        saved: &mut Vec<Value>,
    ) -> Result<usize, String> {
        let mut raised = None;
        if let Some((r, state)) = call {
            let word = saved.iter().position(|v| *v == r).unwrap_or_else(|| {
                saved.push(r);
                saved.len() - 1
            });
            raised = Some((word as u16, self.new_exit(state, saved)? as u32));
        }
        let number = self.new_exit(s, saved)?;
        self.exits[number].raised = raised;
        Ok(number)
    }

    /// Fills the blocks that lead to exits.
    fn fill_exits(&mut self) {
        let mut all: Vec<ExitGroup> = self.exit_groups.drain().map(|(_, h)| h).collect();
        all.sort_unstable_by_key(|h| h.exits.first().map(|e| e.0));
        for h in all {
            let together = match h.exits.len() {
                1 => None,
                _ => {
                    let b = self.b.create_block();
                    self.b.set_cold_block(b);
                    self.b.append_block_param(b, types::I64);
                    Some(b)
                }
            };
            for (number, cold, at) in &h.exits {
                self.b.switch_to_block(*cold);
                self.b.set_srcloc(*at);
                let n = self.word(*number as i64);
                match together {
                    Some(b) => {
                        self.b.ins().jump(b, &[n.into()]);
                    }
                    None => self.jump_to_exit(n, &h.saved),
                }
            }
            if let Some(b) = together {
                self.b.switch_to_block(b);
                let n = self.b.block_params(b)[0];
                self.jump_to_exit(n, &h.saved);
            }
        }
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
        let known = self.leaving.get(&s).map(|l| l.1);
        let cold = known.unwrap_or_else(|| self.b.create_block());
        self.b.ins().jump(cold, &[]);
        match known {
            Some(_) => Ok(()),
            None => self.lead_to_exit(cold, s, None),
        }
    }

    /// The shared exit blocks.
    pub(super) fn finish_exits(&mut self) {
        self.fill_exits();
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
