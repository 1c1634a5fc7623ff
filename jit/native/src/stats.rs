//! What the compiler did: counters, and their report for `-X jit-stats`.

use std::cell::{Cell, RefCell};
use std::fmt::Write;
use std::time::Duration;

/// Counters.
#[derive(Default)]
pub struct Stats {
    /// Units compiled.
    pub compiled: Cell<u32>,
    /// Bytes of machine code.
    pub bytes: Cell<usize>,
    /// Time in the frontend.
    pub frontend: Cell<Duration>,
    /// Time in passes and Cranelift.
    pub backend: Cell<Duration>,
    /// Calls inlined.
    pub inlined: Cell<usize>,
    /// Units whose machine code is gone, and its bytes.
    pub freed: Cell<(u32, usize)>,
    /// Exits of units that are gone: reason and place, how often taken.
    pub exits: RefCell<Vec<(String, u32)>>,
    /// Units invalidated.
    pub invalidated: Cell<u32>,
    /// What was refused, and why.
    pub refused: RefCell<Vec<(String, String)>>,
}

impl Stats {
    /// Notes what the frontend built.
    pub fn built(&self, time: Duration, inlined: usize) {
        self.frontend.set(self.frontend.get() + time);
        self.inlined.set(self.inlined.get() + inlined);
    }

    /// Notes a compiled unit.
    pub fn compiled(&self, bytes: usize, time: Duration) {
        self.compiled.set(self.compiled.get() + 1);
        self.bytes.set(self.bytes.get() + bytes);
        self.backend.set(self.backend.get() + time);
    }

    /// Notes a unit whose machine code is gone.
    pub fn freed(&self, bytes: usize) {
        let (units, before) = self.freed.get();
        self.freed.set((units + 1, before + bytes));
    }

    /// The report: totals, exits (reason, place, count), refusals.
    pub fn report(&self, exits: &[(String, u32)]) -> String {
        let mut s = String::new();
        let _ = writeln!(
            s,
            "jit: {} units, {} bytes, {:.1} ms frontend, {:.1} ms backend, {} calls inlined, {} invalidated",
            self.compiled.get(),
            self.bytes.get(),
            self.frontend.get().as_secs_f64() * 1e3,
            self.backend.get().as_secs_f64() * 1e3,
            self.inlined.get(),
            self.invalidated.get(),
        );
        let (units, bytes) = self.freed.get();
        if units > 0 {
            let _ = writeln!(s, "jit: {units} units freed, {bytes} bytes");
        }
        for (what, n) in exits {
            let _ = writeln!(s, "jit: exit {n:>8}  {what}");
        }
        for (what, why) in self.refused.borrow().iter() {
            let _ = writeln!(s, "jit: refused {what}: {why}");
        }
        s
    }
}
