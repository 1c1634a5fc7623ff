//! `property`

use std::cell::Cell;

use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::{NativeObject, pytype};

/// A property.
#[repr(C)]
#[derive(NativeObject)]
pub struct Property {
    head: NativeHeader,
    /// Getter.
    pub get: Slot,
    /// Setter.
    pub set: Slot,
    /// Deleter.
    pub del: Slot,
    doc: Slot,
    name: Slot,
    /// The docstring is the getter's.
    #[notrace]
    getter_doc: Cell<bool>,
}

impl Property {
    fn describe(&self, th: &mut Thread, object: Value) -> (String, String) {
        let name = match self.name.get() {
            Some(n) => format!(" {}", th.repr_lossy(n)),
            None => String::new(),
        };
        let class = th.class_of(object);
        let q = class
            .qualname
            .get()
            .map_or(class.name_text(), |q| q.to_string_lossy());
        (name, q)
    }

    fn derived(
        th: &mut Thread,
        this: Gc<Property>,
        get: Option<Value>,
        set: Option<Value>,
        del: Option<Value>,
    ) -> Result {
        let class = th.class_of(this.value());
        let none = th.none();
        let args = [
            th.or_none(get.or(this.get.get())),
            th.or_none(set.or(this.set.get())),
            th.or_none(del.or(this.del.get())),
            if this.getter_doc.get() && get.or(this.get.get()).is_some() {
                none
            } else {
                th.or_none(this.doc.get())
            },
        ];
        let new = th.call(class.value(), &args)?;
        if let (Some(p), Some(n)) = (new.downcast::<Property>(), this.name.get()) {
            p.name.set(p.header(), n);
        }
        Ok(new)
    }
}

/// Property attribute.
#[pytype(name = "property", flags = BASETYPE)]
impl Property {
    #[pynew(raw, sig = "(fget=None, fset=None, fdel=None, doc=None)")]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| Property {
                head,
                get: Slot::empty(),
                set: Slot::empty(),
                del: Slot::empty(),
                doc: Slot::empty(),
                name: Slot::empty(),
                getter_doc: Cell::new(false),
            })
            .value())
    }

    #[pymethod(name = "__init__", sig = "(fget=None, fset=None, fdel=None, doc=None)")]
    fn init_method(
        th: &mut Thread,
        this: Gc<Property>,
        get: Option<Value>,
        set: Option<Value>,
        del: Option<Value>,
        doc: Option<Value>,
    ) -> Result<()> {
        let h = this.header();
        this.get.set_option(h, th.not_none(get));
        this.set.set_option(h, th.not_none(set));
        this.del.set_option(h, th.not_none(del));
        let mut doc = th.not_none(doc);
        this.getter_doc.set(false);
        let name = th.names().__doc__;
        if doc.is_none()
            && let Some(g) = this.get.get()
        {
            let d = th.get_attr_option(g, name)?;
            doc = th.not_none(d);
            this.getter_doc.set(doc.is_some());
        }
        if th.class_of(this.value()).as_ptr() == th.vm().ty(crate::types::T::Property).as_ptr() {
            this.doc.set_option(h, doc);
            return Ok(());
        }
        // A subclass has a docstring of its own, which would hide the one of `property`.
        let doc = th.or_none(doc);
        match th.set_attr(this.value(), name, doc) {
            Err(_)
                if !this.getter_doc.get()
                    && th.pending_matches(crate::types::ExceptionClass::AttributeError) =>
            {
                th.clear_pending();
                Ok(())
            }
            r => r,
        }
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: crate::call::Args<'_>) -> Result<()> {
        let class = th.vm().ty(crate::types::T::Property);
        let name = th.names().__init__;
        if let Some(f) = class.lookup_uncached(name) {
            th.call_with_receiver(f, this, args)?;
        }
        Ok(())
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        let Some(p) = this.downcast::<Property>() else {
            return Ok(this);
        };
        let Some(o) = object else { return Ok(this) };
        match p.get.get() {
            Some(f) => th.call(f, &[o]),
            None => {
                let (n, q) = p.describe(th, o);
                Err(th.raise(
                    crate::types::ExceptionClass::AttributeError,
                    &format!("property{n} of '{q}' object has no getter"),
                ))
            }
        }
    }

    #[pyslot]
    fn descr_set(th: &mut Thread, this: Value, object: Value, v: Option<Value>) -> Result<()> {
        let Some(p) = this.downcast::<Property>() else {
            return Ok(());
        };
        let (f, what) = match v {
            Some(_) => (p.set.get(), "setter"),
            None => (p.del.get(), "deleter"),
        };
        match (f, v) {
            (Some(f), Some(v)) => th.call(f, &[object, v])?,
            (Some(f), None) => th.call(f, &[object])?,
            (None, _) => {
                let (n, q) = p.describe(th, object);
                return Err(th.raise(
                    crate::types::ExceptionClass::AttributeError,
                    &format!("property{n} of '{q}' object has no {what}"),
                ));
            }
        };
        Ok(())
    }

    /// Descriptor to obtain a copy of the property with a different getter.
    #[pymethod]
    fn getter(th: &mut Thread, this: Gc<Property>, fget: Value) -> Result {
        Property::derived(th, this, Some(fget), None, None)
    }

    /// Descriptor to obtain a copy of the property with a different setter.
    #[pymethod]
    fn setter(th: &mut Thread, this: Gc<Property>, fset: Value) -> Result {
        Property::derived(th, this, None, Some(fset), None)
    }

    /// Descriptor to obtain a copy of the property with a different deleter.
    #[pymethod]
    fn deleter(th: &mut Thread, this: Gc<Property>, fdel: Value) -> Result {
        Property::derived(th, this, None, None, Some(fdel))
    }

    #[pymethod]
    fn __set_name__(_: &mut Thread, this: Gc<Property>, _owner: Value, name: Value) -> Result<()> {
        this.name.set(this.header(), name);
        Ok(())
    }

    #[pygetter(member)]
    fn fget(_: &mut Thread, this: Gc<Property>) -> Option<Value> {
        this.get.get()
    }

    #[pygetter(member)]
    fn fset(_: &mut Thread, this: Gc<Property>) -> Option<Value> {
        this.set.get()
    }

    #[pygetter(member)]
    fn fdel(_: &mut Thread, this: Gc<Property>) -> Option<Value> {
        this.del.get()
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(_: &mut Thread, this: Gc<Property>) -> Option<Value> {
        this.doc.get()
    }

    #[pysetter(name = "__doc__")]
    fn set_doc(_: &mut Thread, this: Gc<Property>, v: Option<Value>) -> Result<()> {
        this.doc.set_option(this.header(), v);
        Ok(())
    }

    #[pygetter(name = "__name__")]
    fn get_name(th: &mut Thread, this: Gc<Property>) -> Result {
        if let Some(n) = this.name.get() {
            return Ok(n);
        }
        let key = th.names().__name__;
        if let Some(g) = this.get.get()
            && let Some(n) = th.get_attr_option(g, key)?
        {
            return Ok(n);
        }
        Err(th.no_attribute(this.value(), key))
    }

    #[pysetter(name = "__name__")]
    fn set_name(_: &mut Thread, this: Gc<Property>, v: Option<Value>) -> Result<()> {
        this.name.set_option(this.header(), v);
        Ok(())
    }

    #[pygetter(name = "__isabstractmethod__")]
    fn is_abstract(th: &mut Thread, this: Gc<Property>) -> Result<bool> {
        for f in [this.get.get(), this.set.get(), this.del.get()]
            .into_iter()
            .flatten()
        {
            if th.is_abstract_method(f)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
