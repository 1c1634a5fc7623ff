//! Changing the order of a dict's entries, for `OrderedDict`.
//!
//! A moved entry is taken out and put in again at the other end of the table, where the room
//! grows geometrically: all of this costs constant time on average.

use super::Dict;
use crate::Thread;
use crate::object::dict_storage::{DictTable, Entry};
use crate::object::{Gc, Value};

/// The number that an entry has when the holes before it are closed.
fn live_before(t: Gc<DictTable>, i: u32) -> u32 {
    (0..i).filter(|j| t.entry(*j).is_some()).count() as u32
}

impl Dict {
    /// How often the set of keys or their order was changed by those who say so.
    pub fn changes(&self) -> u32 {
        self.changes.get()
    }

    /// Says that the set of keys or their order was changed.
    pub fn note_reordered(&self) {
        self.changes.set(self.changes.get().wrapping_add(1));
    }

    /// Number, key and value of the first entry.
    pub fn first_entry(&self) -> Option<(u32, Value, Value)> {
        self.table.get()?.entry_at_or_after(0)
    }

    /// Number, key and value of the last entry.
    pub fn last_entry(&self) -> Option<(u32, Value, Value)> {
        let (i, k, v) = self.entry_before(usize::MAX)?;
        Some((i as u32, k, v))
    }

    /// Removes an entry by number, and holes that are then the last ones.
    pub fn take_at(&self, i: u32) -> Option<Entry> {
        let e = self.remove_at(i)?;
        if let Some(t) = self.table.get()
            && i as usize + 1 == t.fill()
        {
            t.trim();
        }
        Some(e)
    }

    /// Makes an entry the last one. False when memory is exhausted.
    pub fn move_last(&self, th: &mut Thread, mut i: u32) -> bool {
        let Some(mut t) = self.table.get() else {
            return true;
        };
        if t.fill() == t.capacity() {
            i = live_before(t, i);
            match self.grow(th, 1) {
                Some(new) => t = new,
                None => return false,
            }
        }
        let Some(e) = t.entry(i) else { return true };
        self.note_moved(th, e.key);
        t.remove(i);
        t.push(e.hash, e.key, e.value);
        true
    }

    /// Makes an entry the first one. False when memory is exhausted.
    pub fn move_first(&self, th: &mut Thread, mut i: u32) -> bool {
        let Some(mut t) = self.table.get() else {
            return true;
        };
        if !t.has_room_in_front() {
            i = live_before(t, i);
            match self.make_room_in_front(th, t) {
                Some((new, gap)) => (t, i) = (new, i + gap),
                None => return false,
            }
        }
        let Some(e) = t.entry(i) else { return true };
        self.note_moved(th, e.key);
        t.remove(i);
        t.push_front(e.hash, e.key, e.value);
        t.trim();
        true
    }

    /// Copies the entries to a new table with holes in front; how many.
    #[cold]
    fn make_room_in_front(
        &self,
        th: &mut Thread,
        old: Gc<DictTable>,
    ) -> Option<(Gc<DictTable>, u32)> {
        let new = DictTable::new(th.heap(), (self.len() * 3).max(8))?;
        let gap = (new.capacity() - self.len()) / 2;
        new.leave_front(gap);
        for i in 0..old.fill() as u32 {
            if let Some(e) = old.entry(i) {
                new.push(e.hash, e.key, e.value);
            }
        }
        self.table.set(&self.head, new);
        Some((new, gap as u32))
    }

    fn note_moved(&self, th: &Thread, key: Value) {
        self.note_change(th, key);
        self.keys_version.set(0);
    }
}
