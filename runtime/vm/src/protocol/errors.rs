//! Raising exceptions from native code.
//!
//! An exception is pending in the thread and `Raised` is on its way to a handler.

use crate::Thread;
use crate::object::{Gc, Raised, Value};
use crate::types::ExceptionClass;
use crate::types::exception::Exception;

macro_rules! raisers {
    ($($(#[$doc:meta])* $name:ident => $class:ident;)*) => {
        impl Thread {
            $($(#[$doc])* #[cold] pub fn $name(&mut self, message: impl AsRef<str>) -> Raised {
                self.raise(ExceptionClass::$class, message.as_ref())
            })*
        }
    };
}

raisers! {
    /// Raises TypeError.
    type_error => TypeError;
    /// Raises ValueError.
    value_error => ValueError;
    /// Raises OverflowError.
    overflow_error => OverflowError;
    /// Raises ZeroDivisionError.
    zero_division_error => ZeroDivisionError;
    /// Raises IndexError.
    index_error => IndexError;
    /// Raises RuntimeError.
    runtime_error => RuntimeError;
    /// Raises SystemError.
    system_error => SystemError;
    /// Raises NotImplementedError.
    not_implemented_error => NotImplementedError;
    /// Raises RecursionError.
    recursion_error => RecursionError;
    /// Raises LookupError.
    lookup_error => LookupError;
    /// Raises BufferError.
    buffer_error => BufferError;
    /// Raises EOFError.
    eof_error => EOFError;
    /// Raises AssertionError.
    assertion_error => AssertionError;
    /// Raises ReferenceError.
    reference_error => ReferenceError;
}

impl Thread {
    /// Raises an exception of a builtin class with a message.
    #[cold]
    pub fn raise(&mut self, class: ExceptionClass, message: &str) -> Raised {
        let text = self.new_str(message);
        self.raise_with(class, &[text.value()])
    }

    /// Raises an exception of a builtin class with these arguments.
    #[cold]
    pub fn raise_with(&mut self, class: ExceptionClass, args: &[Value]) -> Raised {
        use ExceptionClass::*;
        // Classes whose constructors do no more than keep their arguments.
        let plain = matches!(
            class,
            TypeError
                | ValueError
                | LookupError
                | KeyError
                | IndexError
                | AttributeError
                | ZeroDivisionError
                | OverflowError
                | RuntimeError
                | RecursionError
                | NotImplementedError
        );
        let class = self.vm().exception_class(class);
        if plain {
            let e = crate::types::exception::plain_exception(self, class, args);
            return self.raise_value(e.value());
        }
        match self.call(class.value(), args) {
            Ok(e) => self.raise_value(e),
            Err(r) => r,
        }
    }

    /// Raises an exception object, with the handled exception as its context.
    #[cold]
    pub fn raise_value(&mut self, e: Value) -> Raised {
        crate::exceptions::set_context(self, e);
        self.pending.set(Some(e));
        Raised
    }

    /// Raises an exception object again, leaving its context as it is.
    pub fn reraise(&mut self, e: Value) -> Raised {
        self.pending.set(Some(e));
        Raised
    }

    /// Raises KeyError with the key.
    #[cold]
    pub fn key_error(&mut self, key: Value) -> Raised {
        self.raise_with(ExceptionClass::KeyError, &[key])
    }

    /// Raises MemoryError.
    #[cold]
    pub fn memory_error(&mut self) -> Raised {
        self.raise_with(ExceptionClass::MemoryError, &[])
    }

    /// Raises StopIteration, with a value if there is one.
    #[cold]
    pub fn stop_iteration(&mut self, value: Option<Value>) -> Raised {
        match value {
            Some(v) => {
                // A tuple or exception as value must not be taken for arguments: the class gets it as one.
                self.raise_with(ExceptionClass::StopIteration, &[v])
            }
            None => self.raise_with(ExceptionClass::StopIteration, &[]),
        }
    }

    /// Raises AttributeError with `name` and `obj` set.
    #[cold]
    pub fn attribute_error(
        &mut self,
        object: Value,
        name: &str,
        message: impl AsRef<str>,
    ) -> Raised {
        let r = self.raise(ExceptionClass::AttributeError, message.as_ref());
        if let Some(e) = self.pending.get().and_then(|e| e.downcast::<Exception>()) {
            let name = self.new_str(name).value();
            e.fields[0].set(e.header(), name);
            e.fields[1].set(e.header(), object);
        }
        r
    }

    /// Raises NameError (or a subclass) with `name` set.
    #[cold]
    pub fn name_error(
        &mut self,
        class: ExceptionClass,
        name: &str,
        message: impl AsRef<str>,
    ) -> Raised {
        let r = self.raise(class, message.as_ref());
        if let Some(e) = self.pending.get().and_then(|e| e.downcast::<Exception>()) {
            let name = self.new_str(name).value();
            e.fields[0].set(e.header(), name);
        }
        r
    }

    /// The pending exception, taken; there must be one.
    pub fn take_pending(&mut self) -> Value {
        match self.pending.take() {
            Some(e) => e,
            None => {
                self.system_error("error return without exception set");
                self.pending.take().unwrap_or(self.none())
            }
        }
    }

    /// Forgets the pending exception.
    pub fn clear_pending(&mut self) {
        self.pending.set(None);
    }

    /// The pending exception.
    pub fn pending_exception(&self) -> Option<Value> {
        self.pending.get()
    }

    /// Is the pending exception an instance of a builtin class?
    pub fn pending_matches(&self, class: ExceptionClass) -> bool {
        self.pending
            .get()
            .is_some_and(|e| self.exception_matches(e, class))
    }

    /// Is an exception an instance of a builtin class?
    pub fn exception_matches(&self, e: Value, class: ExceptionClass) -> bool {
        let wanted = self.vm().exception_class(class);
        let c = self.class_of(e);
        c.is(wanted) || c.is_subtype(wanted)
    }

    /// Adds a note to the pending exception.
    pub fn add_note_to_pending(&mut self, text: &str) {
        let Some(e) = self.pending.take() else { return };
        let note = self.new_str(text).value();
        let _ = self.call_method_str(e, "add_note", &[note]);
        self.pending.set(Some(e));
    }

    /// The exception being handled.
    pub fn handled_exception(&self) -> Option<Value> {
        self.handled.get()
    }

    /// Reports an exception that cannot be raised (`sys.unraisablehook`).
    pub fn write_unraisable(&mut self, context: Option<Value>, message: Option<&str>) {
        crate::exceptions::report::unraisable(self, context, message);
    }

    /// TypeError for a value of the wrong class: "expected str, got int" style texts are the caller's.
    #[inline]
    pub fn expect<O: crate::types::Named>(&mut self, v: Value) -> crate::Result<Gc<O>> {
        match v.downcast::<O>() {
            Some(p) => Ok(p),
            None => Err(self.unexpected(v, O::NAME)),
        }
    }

    #[cold]
    fn unexpected(&mut self, v: Value, wanted: &str) -> crate::Raised {
        let got = self.type_name(v);
        self.type_error(format!("expected {wanted}, got {got}"))
    }
}
