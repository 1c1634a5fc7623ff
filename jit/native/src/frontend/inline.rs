//! Walking into calls.

use taipan_abi::resume::Reason;
use taipan_ssa::Value;
use taipan_ssa::insts::Compare;
use taipan_vm::Value as Object;
use taipan_vm::object::{Gc, Kind};
use taipan_vm::protocol::arith::BinaryOp;
use taipan_vm::types::code::Code;
use taipan_vm::types::function::Function;

use super::call::{Arguments, Called};
use super::state::{Abs, FrameRegs};
use super::{Activation, Builder, Edge, Failure};

impl Builder<'_> {
    /// Walks into a function with its parameter registers.
    ///
    /// `f` is the function if it is known, `home` one with the same globals if it was not made.
    #[allow(clippy::too_many_arguments)]
    pub fn inline_call(
        &mut self,
        code: Gc<Code>,
        f: Option<Gc<Function>>,
        home: Option<Gc<Function>>,
        fv: Abs,
        mut regs: Vec<Abs>,
        construct: Option<Abs>,
        dst: u16,
    ) -> Result<Called, Failure> {
        let facts = self.facts_of(code);
        let outer_key = self.activations[self.activation()].key;
        let key = outer_key
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(self.pc as u64)
            .rotate_left(17)
            ^ code.value().bits();
        self.roots.push(code.value());
        let function_value = match fv {
            Abs::V(v) => Some(v),
            _ => None,
        };
        self.activations.push(Activation {
            code,
            facts,
            key,
            function: f,
            home,
            function_value,
        });
        let activation = self.activations.len() - 1;
        regs.resize(code.registers as usize, Abs::Unbound);
        let (pc, next_pc, destination) = (self.pc, self.next_pc, self.destination);
        let before = self.state.clone();
        self.state.top().pc = next_pc;
        self.state.frames.push(FrameRegs {
            activation,
            pc: 0,
            dst,
            construct,
            handled: Abs::Unbound,
            function: fv,
            regs,
            shown: Default::default(),
            resumed_by: None,
        });
        self.inlined += 1;
        self.inlined_words += code.data.code.len();
        let entry = Edge {
            block: self.block,
            state: std::mem::take(&mut self.state),
        };
        let returns = self.walk(activation, 0, entry)?;
        self.pc = pc;
        self.next_pc = next_pc;
        self.destination = destination;
        if returns.is_empty() {
            // What follows is never reached, but it is walked in a state.
            self.block = self.graph.new_block();
            self.state = before;
            return Ok(Called::Ended);
        }
        let mut edges = Vec::with_capacity(returns.len());
        for r in returns {
            let mut edge = r.edge;
            let frame = edge.state.frames.pop();
            let value = match frame.and_then(|f| f.construct) {
                Some(object) => object,
                None => r.value,
            };
            edge.state.set(dst as usize, value);
            edges.push(edge);
        }
        Ok(Called::Value(self.meet(edges, dst)))
    }

    /// The function that a special method of a known class is, if the call can be walked into for an
    /// instruction whose value is what the method returns.
    fn special_function(&mut self, v: Value, name: &str) -> Option<Gc<Function>> {
        let ty = self.ty(v);
        if ty.shape == 0 || !ty.within(taipan_ssa::types::kinds::OBJECT) {
            return None;
        }
        let (f, assumption) = taipan_vm::machine::special_method(self.th, ty.shape, name)?;
        let function = f.downcast::<Function>()?;
        // It must not answer NotImplemented, nor leave that to others.
        let asks_others = function
            .code()
            .data
            .names
            .iter()
            .any(|n| n == "NotImplemented" || (n.starts_with("__") && n.ends_with("__")));
        if asks_others || f.kind() != Kind::Function {
            return None;
        }
        self.assume(assumption);
        Some(function)
    }

    fn call_special(&mut self, f: Gc<Function>, args: Vec<Abs>) -> Result<Option<Abs>, Failure> {
        let fv = self.constant_object(f.value());
        let args = Arguments {
            values: args,
            names: None,
        };
        let dst = self.destination;
        match self.call_function(f, Abs::V(fv), &args, None, dst)? {
            Called::Value(v) => Ok(Some(v)),
            Called::No => Ok(None),
            Called::Ended => Ok(Some(Abs::V(self.constant_unbound()))),
        }
    }

    /// `x op y` by a special method of x's class.
    pub fn inline_dunder(
        &mut self,
        op: BinaryOp,
        inplace: bool,
        x: Value,
        y: Value,
    ) -> Result<Option<Abs>, Failure> {
        if inplace {
            return Ok(None);
        }
        let name = match op {
            BinaryOp::Add => "__add__",
            BinaryOp::Sub => "__sub__",
            BinaryOp::Mul => "__mul__",
            BinaryOp::TrueDiv => "__truediv__",
            _ => return Ok(None),
        };
        // A subclass on the right would go first.
        let (tx, ty) = (self.ty(x), self.ty(y));
        if ty.shape != tx.shape
            && !ty.within(taipan_ssa::types::kinds::INT | taipan_ssa::types::kinds::FLOAT)
        {
            match taipan_vm::machine::has_no_subclass(self.th, tx.shape) {
                Some(a) if tx.shape != 0 => self.assume(a),
                _ => return Ok(None),
            }
        }
        match self.special_function(x, name) {
            Some(f) => self.call_special(f, vec![Abs::V(x), Abs::V(y)]),
            None => Ok(None),
        }
    }

    /// `x op y` as a value, by a special method.
    pub fn inline_compare(&mut self, cc: Compare, x: Abs, y: Abs) -> Result<Option<Abs>, Failure> {
        let _ = (cc, x, y);
        Ok(None)
    }

    /// `v.name(args)` by a special method of v's class.
    pub fn inline_method(
        &mut self,
        v: Value,
        name: &str,
        args: &[Abs],
    ) -> Result<Option<Abs>, Failure> {
        match self.special_function(v, name) {
            Some(f) => {
                let mut all = vec![Abs::V(v)];
                all.extend(args);
                self.call_special(f, all)
            }
            None => Ok(None),
        }
    }

    /// `o[k] = v` by a `__setitem__` in Python, whose value goes to a register that is not read.
    pub fn inline_set_item(&mut self, o: Value, k: Abs, v: Abs) -> Result<bool, Failure> {
        let Some(f) = self.special_function(o, "__setitem__") else {
            return Ok(false);
        };
        let Some(dst) = self.unused_register() else {
            return Ok(false);
        };
        let destination = std::mem::replace(&mut self.destination, dst);
        let r = self.call_special(f, vec![Abs::V(o), k, v])?;
        self.destination = destination;
        if r.is_some() {
            self.state.set(dst as usize, Abs::Unbound);
        }
        Ok(r.is_some())
    }

    /// A temporary of the innermost frame that is not read behind the instruction.
    fn unused_register(&self) -> Option<u16> {
        let code = self.code();
        let live = self.live_in_frame(self.activation(), self.next_pc, Some(self.pc));
        let temporaries = code.first_temporary.get() as u16..code.registers as u16;
        let here = &self.activations[self.activation()].facts.liveness;
        temporaries
            .rev()
            .find(|r| !live.contains(r) && !here.live_in(self.pc).is_some_and(|l| l.contains(*r)))
    }

    /// A constructor's frame returns: it must be None.
    pub fn check_constructed(&mut self, v: Abs) {
        let none: Object = self.th.none();
        let is = self.is_object(v, none);
        self.guard_true(is, Reason::Identity);
    }
}
