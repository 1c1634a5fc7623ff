//! Exceptions that are caught in the unit.
//!
//! What may raise, in the range of a handler of its frame or of one it was inlined into, is
//! followed by a test: the cold way shows the frames (see [`super::shown`]), has the runtime add
//! the traceback's entries and drop the frames in between, and goes on behind the handler's
//! `EnterHandler`. So nothing is done on the way without exception, and what Python code sees,
//! traceback, context, `sys.exception()`, is what the interpreter would have left. Handlers that
//! have never run are exits ([`Reason::Caught`]), which count.
//!
//! The record of a frame says which exception it handles. That of the outermost frame is real; an
//! inlined frame's is written on the cold way, and an exit that pushes records anew is told
//! (`FrameRegs::handled`).

use taipan_abi::helpers::Helper;
use taipan_abi::resume::{ObjectKind, Reason};
use taipan_bytecode::encode::decode;
use taipan_bytecode::opcode::Opcode;
use taipan_ssa::graph::Alias;
use taipan_ssa::insts::Compare;
use taipan_ssa::types::kinds;
use taipan_ssa::{Op, Rep, Terminator, Type, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::type_::Type as Class;

use super::ops::Flow;
use super::state::{Abs, FrameRegs};
use super::{Builder, Edge};

/// Where an exception that is raised here goes.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Handler {
    /// Out of the unit.
    None,
    /// To a handler that has never run.
    Cold,
    /// To a handler of this frame, counted from the outermost, at this word.
    Taken(usize, u32),
}

impl Builder<'_> {
    fn handler_here(&self) -> Handler {
        for (i, f) in self.state.frames.iter().enumerate().rev() {
            let at = self.state.waits_in(i).unwrap_or(self.pc);
            let code = self.activations[f.activation].code;
            let Some(target) = code.data.handler(at) else {
                continue;
            };
            let enters = decode(&code.data.code, target as usize)
                .is_some_and(|(op, ..)| op == Opcode::EnterHandler);
            // The interpreter closes a generator that an exception leaves.
            let leaves_generator = |f: &FrameRegs| f.resumed_by.is_some();
            return match self.handler_taken(f.activation, target) {
                _ if self.state.frames[i + 1..].iter().any(leaves_generator) => Handler::Cold,
                _ if !enters || target <= at => Handler::None,
                true => Handler::Taken(i, target),
                false => Handler::Cold,
            };
        }
        Handler::None
    }

    /// The state for what raises without handler in the unit.
    fn raised_state(&mut self, handler: Handler, shown: bool) -> taipan_ssa::StateId {
        let reason = match handler {
            Handler::None => Reason::Raised,
            _ => Reason::Caught,
        };
        self.state_at(self.pc, reason, shown)
    }

    /// Appends a call whose result is zero when it has raised; `imm` are its immediates. With
    /// `shown`, [`Builder::push_frames`] has been there.
    pub fn raising(
        &mut self,
        op: Op,
        args: &[Value],
        imm: (i64, i64),
        ty: Type,
        shown: bool,
    ) -> Value {
        let handler = self.handler_here();
        let Handler::Taken(frame, target) = handler else {
            let s = self.raised_state(handler, shown);
            let v = self.push_state(op, args, imm.0, Rep::Tagged, ty, s);
            self.set_imm2(imm.1);
            return v;
        };
        let v = self.push(op, args, imm.0, Rep::Tagged, ty);
        self.set_imm2(imm.1);
        let nothing = self.constant_unbound();
        let raised = self.push(Op::Same, &[v, nothing], 0, Rep::Bool, Type::BOOL);
        let (cold, next) = (self.graph.new_block(), self.graph.new_block());
        self.end(Terminator::Branch(raised, cold, next));
        self.graph.block_mut(cold).cold = true;
        let state = self.state.clone();
        self.block = cold;
        if !shown {
            self.push_frames();
        }
        self.catch(frame, target);
        self.block = next;
        self.state = state;
        v
    }

    /// The pending exception goes to a handler of a frame. All records are pushed.
    fn catch(&mut self, frame: usize, target: u32) {
        let pops = self.state.frames.len() - 1 - frame;
        let n = self.constant_int(pops as i64);
        let e = self.push(
            Op::CallHelper,
            &[n],
            Helper::catch as i64,
            Rep::Tagged,
            Type::of(kinds::OBJECT),
        );
        let before = self.push(
            Op::Second,
            &[],
            0,
            Rep::Tagged,
            Type::of(kinds::OBJECT | kinds::UNBOUND),
        );
        self.set_alias(Alias::Thread);
        self.state.frames.truncate(frame + 1);
        self.pop_frames(frame as u16);
        self.called();
        let top = self.state.top();
        // (The runtime has set it back to the call.)
        top.shown.pc = None;
        if frame > 0 {
            top.handled = Abs::V(e);
        }
        let activation = self.activation();
        if let Some((_, x, behind)) = decode(&self.code().data.code, target as usize) {
            self.state.set(x.b as usize, Abs::V(before));
            self.state.set(x.a as usize, Abs::V(e));
            let state = std::mem::take(&mut self.state);
            let edge = Edge {
                block: self.block,
                state,
            };
            self.raised.push((activation, behind as u32, edge));
        }
    }

    /// `raise` in its forms.
    pub fn raise_op(&mut self, op: Opcode, a: usize, b: usize) -> super::ops::Walked {
        let nothing = self.constant_unbound();
        let mut register = |r: usize| {
            let v = self.state.get(r);
            self.tagged(v)
        };
        let (helper, args) = match op {
            Opcode::Raise => (Helper::raise, vec![register(a), nothing]),
            Opcode::RaiseFrom => (Helper::raise, vec![register(a), register(b)]),
            Opcode::Reraise => (Helper::reraise, vec![register(a)]),
            _ => (Helper::raise_current, vec![]),
        };
        self.push_frames();
        let imm = helper as i64;
        self.push(Op::CallHelper, &args, imm, Rep::Tagged, Type::RAW);
        match self.handler_here() {
            Handler::Taken(frame, target) => self.catch(frame, target),
            handler => {
                let s = self.raised_state(handler, true);
                self.end(Terminator::Exit(s));
            }
        }
        Ok(Flow::Ended)
    }

    /// `ExitHandler`
    pub fn exit_handler(&mut self, a: usize) {
        let saved = self.state.get(a);
        let before = self.tagged(saved);
        let frame = self.state.frames.len() - 1;
        let n = self.constant_int(frame as i64);
        let imm = Helper::exit_handler as i64;
        self.push(Op::CallQuiet, &[n, before], imm, Rep::Tagged, Type::RAW);
        if frame > 0 {
            self.state.top().handled = match self.known_unbound(before) {
                true => Abs::Unbound,
                false => Abs::V(before),
            };
        }
    }

    fn known_unbound(&self, v: Value) -> bool {
        self.ty(v).within(kinds::UNBOUND)
    }

    /// `MatchException`
    pub fn match_exception(&mut self, a: usize, b: usize, c: usize) {
        let e = self.state.get(b);
        let e = self.tagged(e);
        let class = self.state.get(c);
        let matches = match self.exception_classes(class) {
            Some(classes) => {
                let mut any = None;
                for class in classes {
                    let args = [e, class];
                    let imm = Helper::is_caught as i64;
                    let is = self.push(Op::CallNumber, &args, imm, Rep::Int, Type::int(0, 1));
                    any = Some(match any {
                        None => is,
                        Some(x) => self.push(Op::Or, &[x, is], 0, Rep::Int, Type::int(0, 1)),
                    });
                }
                any.unwrap_or_else(|| self.constant_int(0))
            }
            None => {
                let class = self.tagged(class);
                let r = self.call_helper(Helper::match_exception, &[e, class], Type::RAW);
                let no = self.constant_raw(1);
                let missed = self.push(Op::Same, &[r, no], 0, Rep::Bool, Type::BOOL);
                let caught = self.not(missed);
                self.state.set(a, Abs::V(caught));
                return;
            }
        };
        let zero = self.constant_int(0);
        let ne = Compare::Ne as i64;
        let caught = self.push(Op::CompareInt, &[matches, zero], ne, Rep::Bool, Type::BOOL);
        self.state.set(a, Abs::V(caught));
    }

    /// The classes of an `except`, if they are known to be classes of exceptions.
    fn exception_classes(&mut self, class: Abs) -> Option<Vec<Value>> {
        let base = self.th.vm().exception_class(ExceptionClass::BaseException);
        let is_class = |v: Value, b: &Self| {
            let class = b.known(v).and_then(|k| k.downcast::<Class>());
            class.is_some_and(|k| k.is_subtype(base)).then_some(v)
        };
        match class {
            Abs::V(v) => Some(vec![is_class(v, self)?]),
            Abs::O(o) => {
                let tuple = &self.state.objects[o as usize];
                if tuple.kind != ObjectKind::Tuple {
                    return None;
                }
                let known = |f: &Abs| match f {
                    Abs::V(v) => is_class(*v, self),
                    _ => None,
                };
                tuple.fields.iter().map(known).collect()
            }
            Abs::Unbound => None,
        }
    }
}
