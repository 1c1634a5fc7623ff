//! Interned strings: one object for each text that is used as a name.
//!
//! Interned strings live as long as the interpreter.

use crate::Thread;
use crate::object::{Gc, HeaderFlags};
use crate::types::T;
use crate::types::str_::{Str, hash_bytes};

impl Thread {
    /// The interned string with this text.
    pub fn intern(&mut self, text: &str) -> Gc<Str> {
        if !text.is_ascii() {
            let s = self.new_str(text);
            return self.intern_str(s);
        }
        let hash = hash_bytes(self.vm().hash_key, text.as_bytes());
        let table = self.vm().interned.borrow();
        if let Some(s) = table.find(hash as u64, |s| s.as_ascii() == Some(text)) {
            return *s;
        }
        drop(table);
        let s = self.new_str(text);
        if !s.is_interned() {
            s.know_hash(hash);
            self.enter_interned(s, hash as u64);
        }
        s
    }

    /// The interned string with the text of `s`.
    pub fn intern_str(&mut self, s: Gc<Str>) -> Gc<Str> {
        if s.is_interned() {
            return s;
        }
        let hash = s.hash(self) as u64;
        let found = self
            .vm()
            .interned
            .borrow()
            .find(hash, |t| t.same_text(&s))
            .copied();
        if let Some(t) = found {
            return t;
        }
        let s = if self.is_exact(s.value(), T::Str) {
            s
        } else {
            self.str_from_raw(s.width(), s.len(), s.raw_bytes())
        };
        if s.is_interned() {
            return s;
        }
        self.enter_interned(s, hash);
        s
    }

    /// Enters a string that is in the table under no other object.
    fn enter_interned(&mut self, s: Gc<Str>, hash: u64) {
        s.header().set_flag(HeaderFlags::INTERNED);
        let th: &Thread = self;
        let mut table = th.vm().interned.borrow_mut();
        table.insert_unique(hash, s, |s| s.hash(th) as u64);
        th.vm().newly_interned.borrow_mut().push(s);
    }
}
