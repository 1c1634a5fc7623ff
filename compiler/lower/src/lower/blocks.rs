//! What encloses a statement and has to be undone on the way out.

use ruff_python_ast::{Identifier, Stmt};
use ruff_text_size::TextRange;
use taipan_bytecode::code::SourceRange;
use taipan_bytecode::encode::Operands;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Lowerer, Result};
use crate::emit::Label;

/// An entry of the stack of blocks; `outside` is the handler in force outside of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Block<'a> {
    /// A loop: where `continue` and `break` go.
    Loop {
        header: Label,
        slot: u32,
        exit: Label,
    },
    /// The body of `try` with handlers.
    Guarded { outside: Option<Label> },
    /// The body of `try` with a `finally`.
    Finally {
        body: &'a [Stmt],
        outside: Option<Label>,
    },
    /// Code that runs while an exception is handled: `R[save]` restores what was handled before,
    /// `name` is unbound on the way out.
    Handling {
        save: Reg,
        name: Option<&'a Identifier>,
        outside: Option<Label>,
    },
    /// The handlers of `except*`, which cannot be left.
    Star,
    /// The body of `with`; `R[exit]` and the next register have its exit method.
    With {
        exit: Reg,
        is_async: bool,
        at: SourceRange,
        outside: Option<Label>,
    },
}

/// Blocks taken off for the way out, to be put back after the jump.
pub(super) struct Unwound<'a> {
    blocks: Vec<Block<'a>>,
    handler: Option<Label>,
}

impl<'a> Lowerer<'a> {
    /// Emits what leaving all blocks above `depth` does, and takes them off.
    pub(super) fn unwind(&mut self, depth: usize, range: TextRange) -> Result<Unwound<'a>> {
        let mut unwound = Unwound {
            blocks: Vec::new(),
            handler: self.unit.b.handler(),
        };
        while self.unit.blocks.len() > depth
            && let Some(block) = self.unit.blocks.pop()
        {
            unwound.blocks.push(block);
            self.leave_block(block, range)?;
        }
        Ok(unwound)
    }

    /// Puts the blocks back.
    pub(super) fn rewind(&mut self, unwound: Unwound<'a>) {
        self.unit.blocks.extend(unwound.blocks.into_iter().rev());
        self.b().set_handler(unwound.handler);
    }

    fn leave_block(&mut self, block: Block<'a>, range: TextRange) -> Result<()> {
        match block {
            Block::Loop { .. } => {}
            Block::Guarded { outside } => {
                self.b().set_handler(outside);
            }
            Block::Finally { body, outside } => {
                self.b().set_handler(outside);
                self.suite(body)?;
                // What follows, the return or jump, seems part of it.
                self.b().inherit();
            }
            Block::Handling {
                save,
                name,
                outside,
            } => {
                self.b().set_handler(outside);
                self.b().op1(Opcode::ExitHandler, save);
                if let Some(name) = name {
                    self.unbind(name);
                }
            }
            Block::Star => {
                return Err(self.error(
                    range,
                    "'break', 'continue' and 'return' cannot appear in an except* block",
                ));
            }
            Block::With {
                exit,
                is_async,
                at,
                outside,
            } => {
                self.b().set_handler(outside);
                self.unit.b.at = at;
                self.call_exit(exit, is_async);
            }
        }
        Ok(())
    }

    /// The end of a handler's `as name`: `name = None; del name`.
    pub(super) fn unbind(&mut self, name: &Identifier) {
        match self.local(&name.id) {
            Some(reg) => {
                self.b().op1(Opcode::Clear, reg);
                self.b().bound.remove(reg.0);
            }
            None => {
                let t = self.temp();
                self.b().load_none(t);
                self.store_name(&name.id, t);
                self.delete_name(&name.id);
                self.release(t.0);
            }
        }
    }

    /// Whether leaving the blocks above `depth` runs any code.
    pub(super) fn unwinding_runs_code(&self, depth: usize) -> bool {
        self.unit.blocks.iter().skip(depth).any(|b| {
            matches!(
                b,
                Block::Finally { .. } | Block::Handling { .. } | Block::With { .. }
            )
        })
    }

    /// A handler that restores what was handled before and raises again what came; it guards the
    /// body of another handler.
    pub(super) fn cleanup_handler(&mut self, cleanup: Label, save: Reg) {
        self.b().bind(cleanup);
        self.b().nowhere();
        let mark = self.mark();
        let exc = self.temp();
        let inner = self.temp();
        self.b().op2(Opcode::EnterHandler, exc, inner);
        self.b().op1(Opcode::ExitHandler, save);
        self.b().op1(Opcode::Reraise, exc);
        self.release(mark);
    }

    pub(super) fn op0(&mut self, op: Opcode) {
        self.b().emit(op, Operands::default());
    }
}
