//! What others see of the frames: records and windows in front of a call.
//!
//! Compiled code keeps registers in machine registers and has no records of inlined frames. In front
//! of a call that may run Python code, the records are written behind the unit's own, with where
//! each stands, and the variables go to the windows: tracebacks, `sys._getframe` and `f_locals`
//! then find what they would find under the interpreter. What was written in front of an earlier
//! call of the same activation stays, since nothing else uses that memory meanwhile, so it is
//! written once. The records count as pushed only during the call.

use taipan_ssa::graph::Alias;
use taipan_ssa::{Op, Rep, Type, Value};

use super::Builder;
use super::state::Abs;

impl Builder<'_> {
    /// First register of a frame's window, counted from the unit's.
    pub fn window_of(&self, frame: usize) -> i64 {
        self.state.frames[..frame]
            .iter()
            .map(|f| self.activations[f.activation].code.registers as i64)
            .sum()
    }

    /// Writes what a callee may look at. Gives the number of inlined frames.
    pub fn show_frames(&mut self) -> u16 {
        let n = self.state.frames.len();
        for i in 0..n {
            let frame = &self.state.frames[i];
            let (activation, f) = (frame.activation, frame.function);
            let at = if i + 1 == n { self.pc } else { frame.pc };
            if i > 0 && !frame.shown.record {
                let f = self.tagged(f);
                let imm2 = activation as i64 | self.window_of(i) << 32;
                self.push(Op::WriteFrame, &[f], i as i64, Rep::Int, Type::RAW);
                self.set_imm2(imm2);
                self.set_alias(Alias::Thread);
                self.state.frames[i].shown.record = true;
            }
            self.show_variables(i);
            if self.state.frames[i].shown.pc != Some(at) {
                self.push(Op::SetPc, &[], at as i64, Rep::Int, Type::RAW);
                self.set_imm2(activation as i64 | (i as i64) << 32);
                self.set_alias(Alias::Thread);
                self.state.frames[i].shown.pc = Some(at);
            }
        }
        (n - 1) as u16
    }

    /// Writes records and variables, and counts the records as pushed.
    pub fn push_frames(&mut self) -> u16 {
        self.show_frames();
        self.push_shown()
    }

    /// Counts the records as pushed, which were written before.
    pub fn push_shown(&mut self) -> u16 {
        let n = self.state.frames.len() as u16 - 1;
        if n > 0 {
            self.push(Op::PushFrames, &[], n as i64, Rep::Int, Type::RAW);
        }
        n
    }

    /// Are the records of all inlined frames written, and does none of them handle an exception?
    pub fn are_shown(&self) -> bool {
        let inlined = &self.state.frames[1..];
        inlined
            .iter()
            .all(|f| f.shown.record && f.handled == Abs::Unbound)
    }

    /// They count no longer.
    pub fn pop_frames(&mut self, n: u16) {
        if n > 0 {
            self.push(Op::PopFrames, &[], n as i64, Rep::Int, Type::RAW);
        }
    }

    /// Sets a register in the window of a frame.
    pub fn store_register(&mut self, frame: usize, r: u16, v: Value) {
        let at = self.window_of(frame) + r as i64;
        self.push(Op::StoreRegister, &[v], at, Rep::Tagged, Type::ANY);
        self.set_alias(Alias::Thread);
        let stored = &mut self.state.frames[frame].shown.stored;
        stored.retain(|(x, _)| *x != r);
        stored.push((r, v));
    }

    /// A deleted variable leaves the outermost frame's window, where `super()` and who looks at the
    /// frame would find it.
    pub fn hide_variable(&mut self, r: u16) {
        if self.state.frames.len() == 1 && (r as usize) < self.code().data.varnames.len() {
            let u = self.constant_unbound();
            self.store_register(0, r, u);
        }
    }

    /// Registers of an activation's variables, then of its cells, that are kept though they are not read
    /// again: none unless somebody may look at them.
    pub fn kept_variables(&self, activation: usize) -> Vec<u16> {
        if !self.plan.keep {
            return Vec::new();
        }
        let data = &self.activations[activation].code.data;
        let n = data.varnames.len() as u16;
        let cells = data.cellvars.iter().chain(&data.freevars).map(|(_, r)| *r);
        (0..n).chain(cells.filter(|r| *r >= n)).collect()
    }

    /// Makes the objects that variables hold, when somebody may look at them.
    pub fn make_variables(&mut self) {
        if !self.plan.keep {
            return;
        }
        let data = self.code().data.clone();
        let cells = data.cellvars.iter().chain(&data.freevars).map(|(_, r)| *r);
        for r in (0..data.varnames.len() as u16).chain(cells) {
            if let Abs::O(o) = self.state.get(r as usize) {
                self.materialize(o);
            }
        }
    }

    /// Variables and cells go to the window where they changed. What is not bound, or was not made,
    /// must not look bound: the memory may hold anything from an earlier frame.
    fn show_variables(&mut self, frame: usize) {
        let f = &self.state.frames[frame];
        let code = self.activations[f.activation].code;
        let data = code.data.clone();
        let cells = data.cellvars.iter().chain(&data.freevars).map(|(_, r)| *r);
        let plain = 0..data.varnames.len() as u16;
        let filled = self.header.is_some() && frame == 0;
        let mut seen = Vec::new();
        for r in plain.clone().chain(cells) {
            if seen.contains(&r) {
                continue;
            }
            seen.push(r);
            let v = match self.state.frames[frame].regs.get(r as usize) {
                Some(Abs::V(v)) => *v,
                _ if filled && r >= plain.end => continue,
                _ => self.constant_unbound(),
            };
            if self.state.frames[frame].shown.stored.contains(&(r, v)) {
                continue;
            }
            let t = self.tag(v);
            self.store_register(frame, r, t);
            if t != v {
                let stored = &mut self.state.frames[frame].shown.stored;
                stored.retain(|(x, _)| *x != r);
                stored.push((r, v));
            }
        }
    }
}
