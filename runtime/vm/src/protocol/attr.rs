//! Attribute access (Objects/object.c, Objects/typeobject.c) and special-method calls.

use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, Kind, Raised, Result, Value};
use crate::types::str_::Str;
use crate::types::type_::{Type, flags};
use crate::types::{ExceptionClass, T};

/// What `load_method` found.
#[derive(Clone, Copy)]
pub enum Method {
    /// A function of the class, to be called with the object first.
    Unbound(Value),
    /// Anything else, to be called as it is.
    Bound(Value),
}

impl Thread {
    /// `v.name` (an interned name). Raises AttributeError and what descriptors raise.
    #[inline]
    pub fn get_attr(&mut self, v: Value, name: Gc<Str>) -> Result {
        match self.class_of(v).slots().getattro {
            Some(f) => f(self, v, name),
            None => self.generic_get_attr(v, name),
        }
    }

    /// As [`Thread::get_attr`], by text.
    pub fn get_attr_str(&mut self, v: Value, name: &str) -> Result {
        let name = self.intern(name);
        self.get_attr(v, name)
    }

    /// `getattr(v, name, None)`: None when it raises AttributeError.
    pub fn get_attr_option(&mut self, v: Value, name: Gc<Str>) -> Result<Option<Value>> {
        let found = if self.class_of(v).has(flags::PLAIN_GETATTR) {
            // Without an exception for what is simply not there.
            self.generic_lookup(v, name)
        } else {
            self.get_attr(v, name).map(Some)
        };
        match found {
            Ok(r) => Ok(r),
            Err(e) => {
                if self.pending_matches(ExceptionClass::AttributeError) {
                    self.clear_pending();
                    return Ok(None);
                }
                Err(e)
            }
        }
    }

    /// As [`Thread::get_attr_option`], by text.
    pub fn get_attr_str_option(&mut self, v: Value, name: &str) -> Result<Option<Value>> {
        let name = self.intern(name);
        self.get_attr_option(v, name)
    }

    /// `v.name = value`
    #[inline]
    pub fn set_attr(&mut self, v: Value, name: Gc<Str>, value: Value) -> Result<()> {
        match self.class_of(v).slots().setattro {
            Some(f) => f(self, v, name, Some(value)),
            None => self.generic_set_attr(v, name, Some(value)),
        }
    }

    /// As [`Thread::set_attr`], by text.
    pub fn set_attr_str(&mut self, v: Value, name: &str, value: Value) -> Result<()> {
        let name = self.intern(name);
        self.set_attr(v, name, value)
    }

    /// `del v.name`
    pub fn del_attr(&mut self, v: Value, name: Gc<Str>) -> Result<()> {
        match self.class_of(v).slots().setattro {
            Some(f) => f(self, v, name, None),
            None => self.generic_set_attr(v, name, None),
        }
    }

    /// Binds a value that was found on a class.
    pub fn bind_descriptor(
        &mut self,
        descriptor: Value,
        object: Option<Value>,
        owner: Gc<Type>,
    ) -> Result {
        if descriptor.is_pointer()
            && let Some(get) = self.class_of(descriptor).slots().descr_get
        {
            return get(self, descriptor, object, Some(owner.value()));
        }
        Ok(descriptor)
    }

    /// `object.__getattribute__`
    pub fn generic_get_attr(&mut self, v: Value, name: Gc<Str>) -> Result {
        match self.generic_lookup(v, name)? {
            Some(r) => Ok(r),
            None => Err(self.no_attribute(v, name)),
        }
    }

    /// As [`Thread::generic_get_attr`]; None when there is no such attribute.
    pub fn generic_lookup(&mut self, v: Value, name: Gc<Str>) -> Result<Option<Value>> {
        let class = self.class_of(v);
        let found = class.lookup(self, name);
        let mut get = None;
        if let Some(d) = found
            && d.is_pointer()
        {
            let dclass = self.class_of(d);
            let slots = dclass.slots();
            get = slots.descr_get;
            if let (Some(get), true) = (get, slots.descr_set.is_some()) {
                return get(self, d, Some(v), Some(class.value())).map(Some);
            }
        }
        if let Some(r) = self.instance_attribute(v, name) {
            return Ok(Some(r));
        }
        match (found, get) {
            (Some(d), Some(get)) => get(self, d, Some(v), Some(class.value())).map(Some),
            (found, _) => Ok(found),
        }
    }

    /// The AttributeError for a missing attribute.
    #[cold]
    pub fn no_attribute(&mut self, v: Value, name: Gc<Str>) -> Raised {
        let text = name.to_string_lossy();
        let class = self.type_name(v);
        self.attribute_error(
            v,
            &text,
            format!("'{class}' object has no attribute '{text}'"),
        )
    }

    /// `object.__setattr__` and, with None, `object.__delattr__`.
    pub fn generic_set_attr(
        &mut self,
        v: Value,
        name: Gc<Str>,
        value: Option<Value>,
    ) -> Result<()> {
        let class = self.class_of(v);
        let found = class.lookup(self, name);
        if let Some(d) = found
            && d.is_pointer()
            && let Some(set) = self.class_of(d).slots().descr_set
        {
            return set(self, d, v, value);
        }
        let name = self.intern_str(name);
        let done = match value {
            Some(value) => self.set_instance_attribute(v, name, value),
            None => self.delete_instance_attribute(v, name),
        };
        if done {
            return Ok(());
        }
        let text = name.to_string_lossy();
        let type_name = class.error_name();
        if value.is_none() && class.has_instance_dict() {
            return Err(self.no_attribute(v, name));
        }
        let message = if found.is_some() {
            format!("'{type_name}' object attribute '{text}' is read-only")
        } else {
            format!(
                "'{type_name}' object has no attribute '{text}' and no __dict__ for setting new attributes"
            )
        };
        Err(self.attribute_error(v, &text, message))
    }

    /// For `v.name(…)`: finds the callable without making a bound method where possible.
    pub fn load_method(&mut self, v: Value, name: Gc<Str>) -> Result<Method> {
        let class = self.class_of(v);
        if !class.has(flags::PLAIN_GETATTR) {
            return self.get_attr(v, name).map(Method::Bound);
        }
        let found = class.lookup(self, name);
        if let Some(f) = found
            && f.is_pointer()
        {
            let dclass = self.class_of(f);
            if dclass.has(flags::METHOD_DESCRIPTOR) {
                return match self.instance_attribute(v, name) {
                    Some(r) => Ok(Method::Bound(r)),
                    None => Ok(Method::Unbound(f)),
                };
            }
        }
        self.generic_get_attr(v, name).map(Method::Bound)
    }

    /// Calls the special method `name` of `v`'s class with `args`; None when there is none.
    pub fn call_special(
        &mut self,
        v: Value,
        name: Gc<Str>,
        args: &[Value],
    ) -> Result<Option<Value>> {
        self.call_special_args(v, name, Args::positional(args))
    }

    /// As [`Thread::call_special`], with keywords.
    pub fn call_special_args(
        &mut self,
        v: Value,
        name: Gc<Str>,
        args: Args<'_>,
    ) -> Result<Option<Value>> {
        let class = self.class_of(v);
        let Some(f) = class.lookup(self, name) else {
            return Ok(None);
        };
        if self.is_method_descriptor(f) {
            return self.call_with_receiver(f, v, args).map(Some);
        }
        let f = self.bind_descriptor(f, Some(v), class)?;
        self.call_args(f, args).map(Some)
    }

    /// The special method `name` of `v`'s class, bound; None when there is none.
    pub fn special(&mut self, v: Value, name: Gc<Str>) -> Result<Option<Value>> {
        let class = self.class_of(v);
        match class.lookup(self, name) {
            Some(f) => self.bind_descriptor(f, Some(v), class).map(Some),
            None => Ok(None),
        }
    }

    /// `v.name(*args)`
    pub fn call_method(&mut self, v: Value, name: Gc<Str>, args: &[Value]) -> Result {
        match self.load_method(v, name)? {
            Method::Unbound(f) => self.call_with_receiver(f, v, Args::positional(args)),
            Method::Bound(f) => self.call(f, args),
        }
    }

    /// As [`Thread::call_method`], by text.
    pub fn call_method_str(&mut self, v: Value, name: &str, args: &[Value]) -> Result {
        let name = self.intern(name);
        self.call_method(v, name, args)
    }

    /// Is it `object.__getattribute__` as found on a class?
    pub fn is_object_getattribute(&self, f: Value) -> bool {
        match f.downcast::<crate::types::builtin_function::SlotWrapper>() {
            Some(w) => w.owner().is(self.vm().ty(T::Object)),
            None => false,
        }
    }

    /// `type(v).__name__`, as error messages use it.
    pub fn type_name(&self, v: Value) -> String {
        self.class_of(v).error_name()
    }

    /// As [`Thread::type_name`], with "None" for None (argument errors).
    pub fn type_name_for_error(&self, v: Value) -> String {
        if self.is_none(v) {
            "None".into()
        } else {
            self.type_name(v)
        }
    }

    /// `isinstance(v, class)` for a real class, by `type(v)` and then `v.__class__`.
    pub fn is_instance(&mut self, v: Value, class: Gc<Type>) -> Result<bool> {
        let c = self.class_of(v);
        if c.is(class) || c.is_subtype(class) {
            return Ok(true);
        }
        if v.kind() == Kind::Free {
            return Ok(false);
        }
        let name = self.names().__class__;
        // What `object` says is the class.
        if c.has(flags::PLAIN_GETATTR)
            && let Some(own) = c.lookup(self, name)
            && self
                .vm()
                .ty(T::Object)
                .lookup(self, name)
                .is_some_and(|plain| plain.is(own))
        {
            return Ok(false);
        }
        match self.get_attr_option(v, name)? {
            Some(k) => match k.downcast::<Type>() {
                Some(k) if !k.is(c) => Ok(k.is_subtype(class)),
                _ => Ok(false),
            },
            None => Ok(false),
        }
    }
}
