//! What compiled code relies on, and what happens when it is no longer so.
//!
//! An assumption is registered with the units made under it. Whoever breaks one makes these units
//! invalid: they are not entered again, and activations under way leave after the call that
//! broke it (compiled code tests `Unit::valid` behind every call that can run Python code).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::unit::Unit;
use crate::object::{Gc, Header, HeaderFlags, Value};
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::str_::Str;
use crate::types::type_::Type;

/// Something that is taken for granted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Assumption {
    /// The class's bases and special methods stay as they are (address of the class).
    Class(u64),
    /// What a class's objects and the class itself find under a name, as far as the class decides it
    /// (addresses of the class and of the interned name).
    Attribute(u64, u64),
    /// The value of a name in a namespace: addresses of the dict and of the interned name.
    Name(u64, u64),
    /// A function's code and defaults (its address).
    Function(u64),
    /// No function that was made with this code object (its address) gets another one, or other
    /// defaults: closures are told by their code.
    FunctionsOf(u64),
    /// No thread begins to trace or profile, and nobody sets a variable of somebody else's frame.
    /// Every unit relies on it.
    Untraced,
    /// No code that reads variables of somebody else's frame has been loaded: what is not read again may
    /// be dropped.
    UnseenVariables,
    /// No object of this shape gets another one.
    Shape(u32),
    /// The class has no subclasses (its address).
    NoSubclass(u64),
}

/// Assumptions of an interpreter.
#[derive(Default)]
pub struct Assumptions {
    by_what: RefCell<FxHashMap<Assumption, Vec<(u32, Rc<Unit>)>>>,
    any: Cell<bool>,
    broken: RefCell<Vec<u32>>,
    has_broken: Cell<bool>,
    /// Values of names that were changed after something was compiled under them: not to be
    /// relied upon again.
    unstable: RefCell<FxHashMap<Assumption, u32>>,
}

/// Broken so often, an assumption is not made again.
const UNSTABLE: u32 = 2;

impl Assumptions {
    /// Registers a unit and its number with an assumption.
    pub fn add(&self, what: Assumption, number: u32, unit: Rc<Unit>) {
        self.any.set(true);
        self.by_what
            .borrow_mut()
            .entry(what)
            .or_default()
            .push((number, unit));
    }

    /// Forgets units, by their numbers.
    pub fn forget(&self, gone: &dyn Fn(u32) -> bool) {
        self.by_what.borrow_mut().retain(|_, units| {
            units.retain(|(number, _)| !gone(*number));
            !units.is_empty()
        });
    }

    /// Was this broken so often that nobody should rely on it?
    pub fn is_unstable(&self, what: Assumption) -> bool {
        self.unstable
            .borrow()
            .get(&what)
            .is_some_and(|n| *n >= UNSTABLE)
    }

    /// Breaks an assumption for good: code is about to be made that changes it without telling.
    pub fn give_up(&self, what: Assumption) {
        self.break_it(what);
        self.unstable.borrow_mut().insert(what, UNSTABLE);
    }

    #[cold]
    fn break_it(&self, what: Assumption) {
        if let Some(units) = self.by_what.borrow_mut().remove(&what) {
            *self.unstable.borrow_mut().entry(what).or_default() += 1;
            for (number, unit) in units {
                unit.invalidate();
                self.broken.borrow_mut().push(number);
            }
            self.has_broken.set(true);
        }
    }

    /// A class is about to change: the value of this name (interned, no special method's), or
    /// anything.
    #[inline]
    pub fn class_changed(&self, class: &Type, name: Option<Gc<Str>>) {
        if self.any.get() {
            self.class_changes(class as *const Type as u64, name);
        }
    }

    /// A class is given a subclass.
    #[inline]
    pub fn subclassed(&self, class: &Type) {
        if self.any.get() {
            self.break_it(Assumption::NoSubclass(class as *const Type as u64));
        }
    }

    /// An object of a shape got another one for the first time.
    #[cold]
    pub fn shape_left(&self, shape: u32) {
        if self.any.get() {
            self.break_it(Assumption::Shape(shape));
        }
    }

    #[cold]
    fn class_changes(&self, class: u64, name: Option<Gc<Str>>) {
        match name {
            Some(n) => self.break_it(Assumption::Attribute(class, n.value().bits())),
            None => {
                self.break_it(Assumption::Class(class));
                self.break_all(|a| matches!(a, Assumption::Attribute(c, _) if *c == class));
            }
        }
    }

    fn break_all(&self, which: impl Fn(&Assumption) -> bool) {
        let all: Vec<Assumption> = self
            .by_what
            .borrow()
            .keys()
            .copied()
            .filter(which)
            .collect();
        all.into_iter().for_each(|a| self.break_it(a));
    }

    /// A thread begins to trace: its activations of compiled code must leave.
    pub fn trace_begins(&self) {
        self.break_it(Assumption::Untraced);
    }

    /// A variable of a frame is set from outside: an activation of compiled code must leave.
    pub fn variable_set(&self) {
        self.break_it(Assumption::Untraced);
    }

    /// From here on variables of frames may be looked at.
    pub fn variables_seen(&self) {
        self.break_it(Assumption::UnseenVariables);
    }

    /// A function's code, which was this one, or its defaults have changed.
    #[inline]
    pub fn function_changed(&self, f: Gc<Function>, code: Gc<Code>) {
        if self.any.get() {
            self.break_it(Assumption::Function(f.value().bits()));
            self.break_it(Assumption::FunctionsOf(code.value().bits()));
        }
    }

    /// A watched namespace is given or loses a name, or its value changes.
    #[cold]
    pub fn name_changed(&self, namespace: &Dict, key: Value) {
        if let Some(name) = key.downcast::<Str>() {
            let at = namespace as *const Dict as u64;
            self.break_it(Assumption::Name(at, name.value().bits()));
            if !name.is_interned() {
                // An equal name that is interned may be watched.
                self.break_all(|a| match a {
                    Assumption::Name(d, n) => {
                        *d == at
                            && Value::from_bits(*n)
                                .and_then(|v| v.downcast::<Str>())
                                .is_some_and(|s| s.same_text(&name))
                    }
                    _ => false,
                });
            }
        }
    }

    /// A watched namespace is emptied.
    #[cold]
    pub fn namespace_changed(&self, namespace: &Dict) {
        let at = namespace as *const Dict as u64;
        self.break_all(|a| matches!(a, Assumption::Name(d, _) if *d == at));
    }

    /// Units whose assumptions were broken since the last time.
    #[inline]
    pub fn take_broken(&self) -> Vec<u32> {
        if !self.has_broken.get() {
            return Vec::new();
        }
        self.has_broken.set(false);
        self.broken.take()
    }

    /// Is there something to take?
    #[inline(always)]
    pub fn has_broken(&self) -> bool {
        self.has_broken.get()
    }
}

/// Marks a namespace as watched.
pub fn watch(namespace: Gc<Dict>) {
    namespace.header().set_flag(HeaderFlags::WATCHED);
}

/// Is it watched?
#[inline(always)]
pub fn is_watched(header: &Header) -> bool {
    header.has(HeaderFlags::WATCHED)
}
