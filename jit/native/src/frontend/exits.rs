//! Frame states.

use taipan_abi::resume::{INTERPRET, Reason};
use taipan_ssa::graph::Alias;
use taipan_ssa::state::{FrameState, Operand, RemovedObject};
use taipan_ssa::{Op, Rep, StateId, Terminator, Type, Value};

use super::Builder;
use super::state::Abs;

/// A function with more variables than this does not keep all of them alive to its exits.
const MANY_VARIABLES: usize = 64;

impl Builder<'_> {
    /// The state in front of the instruction that is being walked.
    pub fn state_here(&mut self, reason: Reason) -> StateId {
        self.state_at(self.pc, reason, false)
    }

    /// The state with the innermost frame at a word; `shown` when [`Builder::push_frames`] has
    /// been there.
    pub fn state_at(&mut self, pc: u32, reason: Reason, shown: bool) -> StateId {
        let unbound = self.constant_unbound();
        let mut numbers: Vec<u32> = Vec::new();
        let n = self.state.frames.len();
        let mut frames = Vec::with_capacity(n);
        for (i, f) in self.state.frames.iter().enumerate() {
            let at = if i + 1 == n { pc } else { f.pc };
            let mut registers = Vec::new();
            // What a call gives is not read behind it; a `ForIter` may leave the register as it was.
            let above = self.state.frames.get(i + 1);
            let result = above.and_then(|f| f.resumed_by.is_none().then_some(f.dst));
            let variables = self.activations[f.activation].code.data.varnames.len();
            // The windows of frames that are shown hold their variables, and so does the outermost's.
            let kept = if shown || i == 0 { variables } else { 0 };
            for r in self.live_in_frame(f.activation, at, self.state.waits_in(i)) {
                if Some(r) == result {
                    continue;
                }
                if let Some(a) = f.regs.get(r as usize) {
                    let in_window = matches!(a, Abs::V(v) if f.shown.stored.contains(&(r, *v)));
                    if in_window && (r as usize) < kept {
                        continue;
                    }
                    // (A cell that the unit never had is in the window.)
                    if *a == Abs::Unbound && self.activations[f.activation].class_cell() == Some(r)
                    {
                        continue;
                    }
                    let o = self.operand(*a, &mut numbers);
                    registers.push((r, o.unwrap_or(Operand::Value(unbound))));
                }
            }
            if !shown || self.plan.keep {
                self.add_variables(i, shown, unbound, &mut numbers, &mut registers);
            }
            frames.push(FrameState {
                frame: f.activation as u32,
                function: self.operand(f.function, &mut numbers),
                pc: at,
                dst: f.dst,
                construct: f.construct.and_then(|c| self.operand(c, &mut numbers)),
                handled: self.operand(f.handled, &mut numbers),
                generator: f.resumed_by.and_then(|r| {
                    let resumed = self.state.frames[i - 1].regs[r as usize];
                    self.operand(resumed, &mut numbers)
                }),
                registers,
            });
        }
        let objects = numbers
            .iter()
            .map(|id| {
                let o = &self.state.objects[*id as usize];
                RemovedObject {
                    kind: o.kind,
                    fields: o
                        .fields
                        .iter()
                        .map(|f| match f {
                            Abs::Unbound => None,
                            Abs::V(v) => Some(Operand::Value(*v)),
                            Abs::O(o) => numbers
                                .iter()
                                .position(|n| n == o)
                                .map(|i| Operand::Object(i as u16)),
                        })
                        .collect(),
                }
            })
            .collect();
        self.graph.add_state(taipan_ssa::State {
            reason: reason as u8,
            shown,
            frames,
            objects,
        })
    }

    /// Variables of a frame that are not read again, but may be looked at: `f_locals` of a traceback's
    /// frame. The windows of the outermost frame, and of those that are shown, hold them, and are told what
    /// they hold no more; others are kept alive to the exit.
    fn add_variables(
        &self,
        frame: usize,
        shown: bool,
        unbound: Value,
        numbers: &mut Vec<u32>,
        registers: &mut Vec<(u16, Operand)>,
    ) {
        let f = &self.state.frames[frame];
        let n = self.activations[f.activation].code.data.varnames.len();
        let kept = n <= MANY_VARIABLES || self.plan.keep;
        let listed = registers.len();
        let kept_cells = self.kept_variables(f.activation).into_iter().skip(n);
        for r in (0..n as u16).chain(kept_cells) {
            if registers[..listed].iter().any(|(x, _)| *x == r) {
                continue;
            }
            let a = f.regs.get(r as usize).copied().unwrap_or(Abs::Unbound);
            let content = match a {
                Abs::V(v) => v,
                _ => unbound,
            };
            let has_window = frame == 0 || shown;
            // (Of cells the window is cleared when frames are restored.)
            let stays = has_window && (r as usize) < n;
            let in_window = stays && f.shown.stored.contains(&(r, content));
            // What was dropped because it is not read again: the window has it, or nobody.
            let dropped = a == Abs::Unbound && (!has_window || r == 0);
            if in_window || dropped {
                continue;
            }
            match a {
                Abs::V(v) if kept => registers.push((r, Operand::Value(v))),
                // (`super()` looks for the first argument.)
                Abs::O(o) if kept || r == 0 => {
                    registers.push((r, Operand::Object(self.number_object(o, numbers))));
                }
                _ if has_window => registers.push((r, Operand::Value(unbound))),
                _ => {}
            }
        }
    }

    /// An operand; numbers removed objects so that fields come before what contains them.
    fn operand(&self, a: Abs, numbers: &mut Vec<u32>) -> Option<Operand> {
        match a {
            Abs::Unbound => None,
            Abs::V(v) => Some(Operand::Value(v)),
            Abs::O(o) => Some(Operand::Object(self.number_object(o, numbers))),
        }
    }

    fn number_object(&self, o: u32, numbers: &mut Vec<u32>) -> u16 {
        if let Some(i) = numbers.iter().position(|n| *n == o) {
            return i as u16;
        }
        for f in &self.state.objects[o as usize].fields {
            if let Abs::O(inner) = f
                && *inner != o
            {
                self.number_object(*inner, numbers);
            }
        }
        match numbers.iter().position(|n| *n == o) {
            Some(i) => i as u16,
            None => {
                numbers.push(o);
                numbers.len() as u16 - 1
            }
        }
    }

    /// As [`Builder::leave`], with what `super()` looks for in the frame: the first argument and cells.
    pub fn leave_showing_cells(&mut self) {
        let code = self.code();
        let this = self.state.get(0);
        self.tagged(this);
        let s = self.state_here(Reason::Interpret);
        let cells = code.data.freevars.iter().chain(&code.data.cellvars);
        let wanted: Vec<u16> = cells.map(|(_, r)| *r).chain([0]).collect();
        for r in wanted {
            let a = self.state.get(r as usize);
            if let Abs::V(v) = a
                && let Some(f) = self.graph.states[s.0 as usize].frames.last_mut()
                && f.registers.iter().all(|(x, _)| *x != r)
            {
                f.registers.push((r, Operand::Value(v)));
            }
        }
        self.end(Terminator::Exit(s));
    }

    /// Leaves here for the interpreter, as [`Builder::leave`], without the runtime's help: what is read
    /// again goes to the window of the unit's own frame, the only one, which the interpreter had
    /// filled before.
    pub fn leave_by_window(&mut self) {
        let mut wanted = self.live_in_frame(self.activation(), self.pc, None);
        wanted.extend(self.kept_variables(self.activation()));
        for r in wanted {
            let v = match self.state.get(r as usize) {
                Abs::V(v) => v,
                a => self.tagged(a),
            };
            if !self.state.frames[0].shown.stored.contains(&(r, v)) {
                let t = self.tag(v);
                self.store_register(0, r, t);
            }
        }
        self.push(Op::SetPc, &[], self.pc as i64, Rep::Int, Type::RAW);
        self.set_imm2(self.activation() as i64);
        self.set_alias(Alias::Thread);
        let marker = self.constant_raw(INTERPRET as i64);
        self.end(Terminator::Return(marker));
    }

    /// Leaves here for good: the interpreter runs the instruction.
    pub fn leave(&mut self, reason: Reason) {
        let s = self.state_here(reason);
        self.end(Terminator::Exit(s));
    }
}
