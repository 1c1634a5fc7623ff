//! Symbolic instructions in the order of the final code.

use rustc_hash::FxHashMap;
use taipan_bytecode::code::{Constant, SourceRange};
use taipan_bytecode::encode::Operands;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::{FeedbackKind, OperandKind, Reg, flags};

use super::{Bound, ConstantPool};

/// A place in the code that jumps, or the exception table, can name before it is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Label(pub(super) u32);

#[derive(Debug, Default)]
pub(super) struct LabelInfo {
    /// Index of the instruction it stands before.
    pub at: Option<u32>,
    /// What is bound on every jump seen so far; none: no jump yet.
    state: Option<Bound>,
    /// A handler's state, which takes effect when an instruction is emitted under it.
    handler: Option<Bound>,
}

#[derive(Clone, Debug)]
pub(super) struct Inst {
    pub op: Opcode,
    pub x: Operands,
    pub label: Option<Label>,
    pub handler: Option<Label>,
    pub at: SourceRange,
}

/// Collects the instructions of one code object.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    pub(super) insts: Vec<Inst>,
    pub(super) labels: Vec<LabelInfo>,
    pub constants: ConstantPool,
    pub(super) names: Vec<String>,
    name_index: FxHashMap<String, u32>,
    pub(super) feedback: Vec<FeedbackKind>,
    /// The handler that guards what is emitted now.
    handler: Option<Label>,
    /// Source range of what is emitted now.
    pub at: SourceRange,
    /// Whether control can arrive here.
    pub reachable: bool,
    /// The instruction that ends the code when it falls off its end.
    pub(super) implicit_return: Option<u32>,
    /// Registers that hold a value for certain.
    pub bound: Bound,
}

impl Builder {
    pub fn new() -> Builder {
        Builder {
            reachable: true,
            ..Builder::default()
        }
    }

    // ── labels and handlers ────────────────────────────────────────────────────

    pub fn label(&mut self) -> Label {
        self.labels.push(LabelInfo::default());
        Label(self.labels.len() as u32 - 1)
    }

    /// The label of a handler for code that begins here; `unbound` are the registers that the
    /// guarded code may clear.
    pub fn handler_label(&mut self, unbound: &[Reg]) -> Label {
        let mut state = self.bound.clone();
        for reg in unbound {
            state.remove(reg.0);
        }
        self.labels.push(LabelInfo {
            handler: Some(state),
            ..LabelInfo::default()
        });
        Label(self.labels.len() as u32 - 1)
    }

    /// Puts what follows under `handler` and gives the handler that was in force.
    pub fn set_handler(&mut self, handler: Option<Label>) -> Option<Label> {
        std::mem::replace(&mut self.handler, handler)
    }

    pub fn handler(&self) -> Option<Label> {
        self.handler
    }

    /// The label stands here: joins the flow of all jumps to it with what falls through.
    pub fn bind(&mut self, label: Label) {
        let at = self.insts.len() as u32;
        let info = &mut self.labels[label.0 as usize];
        info.at = Some(at);
        match info.state.take() {
            None => {}
            Some(state) if self.reachable => self.bound.intersect(&state),
            Some(state) => {
                self.bound = state;
                self.reachable = true;
            }
        }
    }

    /// A loop's header stands here; `unbound` are the registers that the loop may clear.
    pub fn bind_loop(&mut self, label: Label, unbound: &[Reg]) {
        for reg in unbound {
            self.bound.remove(reg.0);
        }
        self.bind(label);
    }

    // ── tables ─────────────────────────────────────────────────────────────────

    pub fn constant(&mut self, constant: Constant) -> u32 {
        if !self.reachable {
            return 0;
        }
        self.constants.add(constant)
    }

    pub fn name(&mut self, name: &str) -> u32 {
        if !self.reachable {
            return 0;
        }
        if let Some(&at) = self.name_index.get(name) {
            return at;
        }
        let at = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.name_index.insert(name.to_owned(), at);
        at
    }

    pub fn feedback_slot(&mut self, kind: FeedbackKind) -> u32 {
        self.feedback.push(kind);
        self.feedback.len() as u32 - 1
    }

    // ── instructions ───────────────────────────────────────────────────────────

    /// Appends an instruction; a feedback operand is filled in.
    pub fn emit(&mut self, op: Opcode, mut x: Operands) {
        if !self.reachable {
            return;
        }
        let info = op.info();
        if let Some(kind) = info.feedback
            && let Some(operand) = info
                .operands
                .iter()
                .find(|o| o.kind == OperandKind::Feedback)
        {
            let slot = self.feedback_slot(kind);
            x.set(operand.position, slot);
        }
        self.push(op, x, None);
    }

    fn push(&mut self, op: Opcode, x: Operands, label: Option<Label>) {
        if let Some(handler) = self.handler {
            let info = &mut self.labels[handler.0 as usize];
            if let Some(state) = info.handler.take() {
                info.state = Some(state);
            }
        }
        self.insts.push(Inst {
            op,
            x,
            label,
            handler: self.handler,
            at: self.at,
        });
        if op.info().flags & flags::TERMINATES != 0 {
            self.reachable = false;
        }
    }

    /// Falls off the end of the code.
    pub fn end(&mut self) {
        if self.reachable {
            self.inherit();
            self.implicit_return = Some(self.insts.len() as u32);
            self.emit(Opcode::ReturnNone, Operands::default());
        }
    }

    /// What follows belongs to the place of what came before.
    pub fn inherit(&mut self) {
        if let Some(last) = self.insts.last() {
            self.at = last.at;
        }
    }

    /// What follows has no place in the source.
    pub fn nowhere(&mut self) {
        self.at = SourceRange::default();
    }

    /// Appends an instruction that goes to `label`, which is not bound yet.
    pub fn jump(&mut self, op: Opcode, mut x: Operands, label: Label) {
        if !self.reachable {
            return;
        }
        let info = op.info();
        if let Some(kind) = info.feedback
            && let Some(operand) = info
                .operands
                .iter()
                .find(|o| o.kind == OperandKind::Feedback)
        {
            let slot = self.feedback_slot(kind);
            x.set(operand.position, slot);
        }
        match &mut self.labels[label.0 as usize].state {
            Some(state) => state.intersect(&self.bound),
            none => *none = Some(self.bound.clone()),
        }
        self.push(op, x, Some(label));
    }

    /// Back to the header of a loop; all the ways back share a feedback slot.
    pub fn loop_back(&mut self, label: Label, slot: u32) {
        if self.reachable {
            let x = Operands {
                e: slot,
                ..Operands::default()
            };
            self.push(Opcode::LoopBack, x, Some(label));
        }
    }

    // ── shorthands ─────────────────────────────────────────────────────────────

    pub fn op1(&mut self, op: Opcode, a: Reg) {
        self.emit(op, operands(a.0, 0, 0, 0));
    }

    pub fn op2(&mut self, op: Opcode, a: Reg, b: Reg) {
        self.emit(op, operands(a.0, b.0, 0, 0));
    }

    pub fn op3(&mut self, op: Opcode, a: Reg, b: Reg, c: Reg) {
        self.emit(op, operands(a.0, b.0, c.0, 0));
    }

    pub fn move_(&mut self, dst: Reg, src: Reg) {
        if dst != src {
            self.op2(Opcode::Move, dst, src);
        }
    }

    pub fn load_const(&mut self, dst: Reg, constant: Constant) {
        match constant {
            Constant::Int(n) if i32::try_from(n).is_ok() => self.load_int(dst, n as i32),
            constant => {
                let k = self.constant(constant);
                self.emit_bc(Opcode::LoadConst, dst, k);
            }
        }
    }

    pub fn load_int(&mut self, dst: Reg, n: i32) {
        self.emit_bc(Opcode::LoadInt, dst, n as u32);
    }

    pub fn load_none(&mut self, dst: Reg) {
        self.load_const(dst, Constant::None);
    }

    pub fn emit_bc(&mut self, op: Opcode, a: Reg, bc: u32) {
        let (b, c) = (bc as u16, (bc >> 16) as u16);
        self.emit(op, operands(a.0, b, c, 0));
    }

    /// An operation on a name, which sits in `d`.
    pub fn named(&mut self, op: Opcode, a: Reg, b: Reg, c: Reg, name: &str) {
        let d = self.name(name);
        self.emit(op, operands(a.0, b.0, c.0, d));
    }

    pub fn jump_to(&mut self, label: Label) {
        self.jump(Opcode::Jump, Operands::default(), label);
    }

    pub fn jump_if(&mut self, src: Reg, sense: bool, label: Label) {
        let op = if sense {
            Opcode::JumpIfTrue
        } else {
            Opcode::JumpIfFalse
        };
        self.jump(op, operands(src.0, 0, 0, 0), label);
    }
}

/// Operands by position, without `e`.
pub(crate) fn operands(a: u16, b: u16, c: u16, d: u32) -> Operands {
    Operands { a, b, c, d, e: 0 }
}
