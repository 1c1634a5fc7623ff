//! Units that are not needed any more: their machine code's memory is used again.
//!
//! # Theory
//! A unit goes when it is not valid any more (its assumptions were broken, or it was left too often), or when
//! its code object is not reached any more: the code object keeps what the unit names, not the compiler. Each
//! collection tells of the latter ([`Jit::sweep_codes`]). Behind a full one the machine stacks are
//! searched for return addresses ([`Jit::free_left`]): a unit that somebody is still in stays.
//!
//! # Invariants
//! A table that is keyed by the address of a code object has no entry of one that is gone, since the
//! next may be made at the same address. So no table is borrowed where something is allocated.

use std::rc::Rc;

use taipan_vm::Thread;
use taipan_vm::Value;
use taipan_vm::machine::Unit;
use taipan_vm::machine::assumptions::Assumptions;
use taipan_vm::types::code::Code;

use super::{Jit, Status};

/// Bytes of machine code behind which a full collection looks for what is not needed any more. (What
/// belongs to a unit besides its code is several times as much.)
const SWEPT: usize = 1 << 20;

impl Jit {
    /// Asks for a full collection when much code was made since the last: the heap does not know of it.
    pub(super) fn want_collection(&self, th: &mut Thread, bytes: usize) {
        let made = self.unswept.get() + bytes;
        self.unswept.set(made);
        if made >= SWEPT.max(self.arena.used() / 2) && th.heap().stats().enabled {
            th.heap().request_collection();
        }
    }

    /// Takes what belongs to dead code objects out of all tables.
    pub(super) fn sweep_codes(&self, assumptions: &Assumptions, is_live: &dyn Fn(Value) -> bool) {
        let live = |code: u64| Value::from_bits(code).is_some_and(is_live);
        self.status.borrow_mut().retain(|(code, _), _| live(*code));
        self.general.borrow_mut().retain(|(code, _)| live(*code));
        self.large.borrow_mut().retain(|code| live(*code));
        let mut units = self.units.borrow_mut();
        let mut found = false;
        for slot in units.iter_mut() {
            if slot.as_ref().is_some_and(|u| !live(u.code.bits()))
                && let Some(unit) = slot.take()
            {
                // Its code object will not be there to be asked.
                self.note_exits(&unit);
                unit.valid.set(0);
                self.left.borrow_mut().push(unit);
                found = true;
            }
        }
        forget(assumptions, &units, found);
    }

    /// Frees the machine code of units that are not entered any more and that nobody is in.
    pub(super) fn free_left(&self, th: &mut Thread) {
        if self.busy.get() {
            return;
        }
        let mut spans: Vec<(usize, usize, bool)> = Vec::new();
        let mut units = self.units.borrow_mut();
        let mut left = self.left.borrow_mut();
        let out = |u: &Unit| u.valid.get() == 0 && !self.is_current(u, &units);
        let candidates: Vec<usize> = (0..units.len())
            .filter(|i| units[*i].as_ref().is_some_and(|u| out(u)))
            .collect();
        if candidates.is_empty() && left.is_empty() {
            return;
        }
        let all = candidates.iter().filter_map(|i| units[*i].as_ref());
        for u in all.chain(left.iter()) {
            spans.push((u.entry.get(), u.entry.get() + u.size.get(), false));
        }
        spans.sort_unstable();
        th.for_each_stack_word(&mut |word| {
            let behind = spans.partition_point(|s| s.0 <= word);
            if let Some(s) = behind.checked_sub(1).and_then(|i| spans.get_mut(i))
                && word <= s.1
            {
                s.2 = true;
            }
        });
        let is_free = |u: &Unit| {
            spans
                .iter()
                .any(|s| s.0 == u.entry.get() && (!s.2 || s.0 == 0))
        };
        let mut found = false;
        for i in candidates {
            let free = units[i].as_ref().is_some_and(|u| is_free(u));
            if free && let Some(unit) = units[i].take() {
                self.note_exits(&unit);
                if let Some(code) = unit.code.downcast::<Code>() {
                    code.detach(&unit);
                }
                self.release(&unit);
                found = true;
            }
        }
        left.retain(|u| {
            let free = is_free(u);
            if free {
                self.release(u);
            }
            !free
        });
        forget(th.vm().assumptions, &units, found);
    }

    /// Does the table say that this is what its code is compiled to, or will be?
    fn is_current(&self, unit: &Unit, units: &[Option<Rc<Unit>>]) -> bool {
        let key = (unit.code.bits(), unit.header);
        match self.status.borrow().get(&key) {
            Some(Status::Compiled(n) | Status::Making(n)) => units
                .get(*n as usize)
                .and_then(Option::as_deref)
                .is_some_and(|u| std::ptr::eq(u, unit)),
            _ => false,
        }
    }

    fn release(&self, unit: &Unit) {
        if unit.entry.get() != 0 {
            self.arena.free(unit.entry.get(), unit.size.get());
            self.stats.freed(unit.size.get());
        }
    }
}

/// Nothing that is broken later must reach a unit that is gone.
fn forget(assumptions: &Assumptions, units: &[Option<Rc<Unit>>], found: bool) {
    if found {
        assumptions.forget(&|n| units.get(n as usize).is_none_or(Option::is_none));
    }
}
