//! Temporaries in stack discipline.

use taipan_bytecode::operand::Reg;

/// Allocates temporaries above the locals and cells. Only the top may be released.
#[derive(Debug, Default)]
pub(crate) struct Registers {
    first: u16,
    next: u16,
    highest: u16,
    /// More were asked for than the encoding can name; the code must not be used.
    pub overflow: bool,
}

/// The last register number; kept free so that `next` cannot wrap.
const LIMIT: u16 = u16::MAX - 1;

impl Registers {
    /// Temporaries start at `first`.
    pub fn new(first: u16) -> Registers {
        Registers {
            first,
            next: first,
            highest: first,
            overflow: false,
        }
    }

    /// A new temporary on top.
    pub fn alloc(&mut self) -> Reg {
        let reg = Reg(self.next);
        if self.next >= LIMIT {
            self.overflow = true;
        } else {
            self.next += 1;
        }
        self.highest = self.highest.max(self.next);
        reg
    }

    /// The first of `count` new temporaries on top.
    pub fn alloc_run(&mut self, count: usize) -> Reg {
        let reg = Reg(self.next);
        for _ in 0..count {
            self.alloc();
        }
        reg
    }

    /// The present top, for [`Registers::release`].
    pub fn mark(&self) -> u16 {
        self.next
    }

    /// Frees everything allocated since `mark` was taken.
    pub fn release(&mut self, mark: u16) {
        debug_assert!(mark <= self.next || self.overflow);
        self.next = mark.min(self.next);
    }

    /// A named variable (or a cell) rather than a temporary.
    pub fn is_variable(&self, reg: Reg) -> bool {
        reg.0 < self.first
    }

    /// Size of the window.
    pub fn window(&self) -> u16 {
        self.highest
    }
}
