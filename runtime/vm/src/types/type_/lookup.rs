//! Attribute lookup through the MRO, with one cache for all classes.
//!
//! A class has a version while somebody relies on its state; changing it (or a base) takes the
//! version away from it and all its subclasses, and gives their shapes version 0. The cache is
//! keyed by version and interned name, so it never has to be emptied.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashSet;

use super::{Type, flags};
use crate::Thread;
use crate::object::{Gc, Tracer, Value};
use crate::types::T;
use crate::types::str_::Str;

#[derive(Clone, Copy, Default)]
struct Entry {
    version: u32,
    name: u64,
    value: u64,
}

impl Entry {
    fn trace(&self, tracer: &mut Tracer) {
        for word in [self.name, self.value] {
            if let Some(v) = Value::from_bits(word) {
                tracer.value(v);
            }
        }
    }
}

const SIZE: usize = 4096;

/// What was found for (class version, name).
pub struct MethodCache {
    entries: Box<[Cell<Entry>]>,
    /// Which entries were written since the last collection; if there are [`SIZE`] of them, others
    /// may have been written, too.
    written: RefCell<Vec<u16>>,
}

impl Default for MethodCache {
    fn default() -> Self {
        MethodCache::new()
    }
}

impl MethodCache {
    /// An empty cache.
    pub fn new() -> MethodCache {
        MethodCache {
            entries: (0..SIZE).map(|_| Cell::new(Entry::default())).collect(),
            written: RefCell::default(),
        }
    }

    #[inline(always)]
    fn index(version: u32, name: Gc<Str>) -> usize {
        let h = (name.value().bits() >> 4) as usize ^ (version as usize).wrapping_mul(0x9E37);
        h & (SIZE - 1)
    }

    #[inline(always)]
    fn at(&self, version: u32, name: Gc<Str>) -> &Cell<Entry> {
        &self.entries[MethodCache::index(version, name)]
    }

    /// Notes what was found; both must live until the next collection.
    fn set(&self, version: u32, name: Gc<Str>, value: u64) {
        let i = MethodCache::index(version, name);
        self.entries[i].set(Entry {
            version,
            name: name.value().bits(),
            value,
        });
        let mut written = self.written.borrow_mut();
        if written.len() < SIZE {
            written.push(i as u16);
        }
    }

    /// Reports what the cache holds; in a young collection what it was given since the last one.
    pub fn trace(&self, tracer: &mut Tracer) {
        let mut written = self.written.borrow_mut();
        if tracer.is_young() && written.len() < SIZE {
            for &i in written.iter() {
                self.entries[i as usize].get().trace(tracer);
            }
        } else {
            for e in &self.entries {
                e.get().trace(tracer);
            }
        }
        written.clear();
    }

    /// Forgets everything (before a full collection, so that classes can die).
    pub fn clear(&self) {
        for e in &self.entries {
            e.set(Entry::default());
        }
    }
}

impl Type {
    /// The version, given out if there is none. 0 when versions have run out.
    pub fn ensure_version(&self, th: &Thread) -> u32 {
        let v = self.version.get();
        if v != 0 {
            return v;
        }
        if let Some(mro) = self.mro.get() {
            for c in mro.as_slice() {
                if let Some(c) = c.downcast::<Type>()
                    && !std::ptr::eq(c.as_ptr(), self)
                    && c.version.get() == 0
                {
                    c.ensure_version(th);
                }
            }
        }
        let next = th.vm().next_type_version.get();
        if next == u32::MAX {
            return 0;
        }
        th.vm().next_type_version.set(next + 1);
        self.version.set(next);
        self.for_each_shape(th, &mut |id| th.shape(id).version.set(next));
        next
    }

    /// Lists a class among the direct subclasses.
    pub(crate) fn add_subclass(&self, th: &Thread, class: Gc<Type>) {
        th.vm().weak_tables_changed.set(true);
        self.subclasses.borrow_mut().push(class);
    }

    /// To be called before the class's namespace, bases or MRO change.
    pub fn modified(&self, th: &Thread) {
        self.changes(th, None);
    }

    /// To be called before the value of a name (interned) in the class's namespace changes.
    pub fn name_modified(&self, th: &Thread, name: Gc<Str>) {
        // Special methods decide how other names are looked up.
        let special = name.to_string_lossy().starts_with("__");
        self.changes(th, (!special).then_some(name));
    }

    fn changes(&self, th: &Thread, name: Option<Gc<Str>>) {
        if self.version.get() == 0 {
            return;
        }
        th.vm().assumptions.class_changed(self, name);
        self.version.set(0);
        self.construct.set(0);
        self.for_each_shape(th, &mut |id| th.shape(id).version.set(0));
        let subclasses: Vec<Gc<Type>> = self.subclasses.borrow().clone();
        for s in subclasses {
            s.changes(th, name);
        }
        if self.is_subtype(th.vm().ty(T::Type)) {
            self.instances_change(th);
        }
    }

    /// A metaclass changes: what is known of the classes that are its instances does not hold any more.
    #[cold]
    fn instances_change(&self, th: &Thread) {
        let mut classes = vec![th.vm().ty(T::Object)];
        let mut seen = FxHashSet::default();
        while let Some(c) = classes.pop() {
            if seen.insert(c.value().bits()) {
                classes.extend(c.subclasses.borrow().iter());
                if std::ptr::eq(th.class_of(c.value()).as_ptr(), self) {
                    c.changes(th, None);
                }
            }
        }
    }

    /// Finds `name` (interned) in the class or its bases, without binding it.
    #[inline]
    pub fn lookup(&self, th: &Thread, name: Gc<Str>) -> Option<Value> {
        let version = self.version.get();
        if version != 0 {
            let e = th.vm().method_cache.at(version, name).get();
            if e.version == version && e.name == name.value().bits() {
                return Value::from_bits(e.value);
            }
        }
        self.lookup_slow(th, name)
    }

    #[cold]
    fn lookup_slow(&self, th: &Thread, name: Gc<Str>) -> Option<Value> {
        let found = self.lookup_uncached(name);
        let version = self.ensure_version(th);
        if version != 0 && name.is_interned() {
            let value = found.map_or(0, Value::bits);
            th.vm().method_cache.set(version, name, value);
        }
        found
    }

    /// As [`Type::lookup`], walking the MRO.
    pub fn lookup_uncached(&self, name: Gc<Str>) -> Option<Value> {
        self.lookup_with_owner(name).map(|(v, _)| v)
    }

    /// As [`Type::lookup_uncached`], with the class in whose namespace it was found.
    pub fn lookup_with_owner(&self, name: Gc<Str>) -> Option<(Value, Gc<Type>)> {
        let mro = self.mro.get()?;
        for c in mro.as_slice() {
            if let Some(c) = c.downcast::<Type>()
                && let Some(v) = c.dict.get()?.get_str(name)
            {
                return Some((v, c));
            }
        }
        None
    }
}

impl Thread {
    /// Finds `name` on the class of `v`, without binding it.
    #[inline]
    pub fn lookup_on_class(&self, v: Value, name: Gc<Str>) -> Option<Value> {
        self.class_of(v).lookup(self, name)
    }

    /// Is a value found on a class a function that takes the instance as first argument?
    #[inline]
    pub fn is_method_descriptor(&self, v: Value) -> bool {
        self.class_of(v).has(flags::METHOD_DESCRIPTOR)
    }
}
