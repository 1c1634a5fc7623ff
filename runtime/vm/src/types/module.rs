//! `module`, and the static description of native modules.

use crate::Thread;
use crate::call::MethodDef;
use crate::object::{Gc, GcSlot, Header, HeapObject, Kind, Result, Slot, Tracer, Value};
use crate::pytype;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::type_::TypeDef;

/// A module.
#[repr(C)]
pub struct Module {
    head: Header,
    /// The namespace.
    pub dict: GcSlot<Dict>,
    /// What a native module keeps for itself (not visible to Python).
    pub state: Slot,
}

// SAFETY: repr(C), header first, both slots are reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for Module {
    const KIND: Kind = Kind::Module;
    fn trace(&self, t: &mut Tracer) {
        t.gc_slot(&self.dict);
        t.slot(&self.state);
    }
}

impl super::Named for Module {
    const NAME: &'static str = "module";
}

/// The static description of a native module.
pub struct ModuleDef {
    /// Full name.
    pub name: &'static str,
    /// Docstring.
    pub doc: &'static str,
    /// Functions.
    pub functions: &'static [&'static [MethodDef]],
    /// Types that are attributes of the module.
    pub types: &'static [&'static TypeDef],
    /// Adds the rest (constants, aliases).
    pub exec: Option<fn(&mut Thread, Gc<Module>) -> Result<()>>,
}

impl Module {
    /// The namespace.
    pub fn namespace(&self) -> Gc<Dict> {
        match self.dict.get() {
            Some(d) => d,
            None => unreachable!("module without namespace"),
        }
    }
}

impl Thread {
    /// An empty module with `__name__`, `__doc__`, `__package__`, `__loader__`, `__spec__`.
    pub fn new_module(&mut self, name: &str) -> Gc<Module> {
        let dict = self.new_dict();
        let class = self.vm().ty(T::Module);
        let m: Gc<Module> = self.alloc_of_class(class, |head| Module {
            head,
            dict: GcSlot::new(dict),
            state: Slot::empty(),
        });
        let name = self.intern(name).value();
        let none = self.none();
        for (k, v) in [
            ("__name__", name),
            ("__doc__", none),
            ("__package__", none),
            ("__loader__", none),
            ("__spec__", none),
        ] {
            self.dict_set_text(dict, k, v);
        }
        m
    }

    /// A module from a static description; its `exec` is run.
    pub fn native_module(&mut self, def: &'static ModuleDef) -> Result<Gc<Module>> {
        let m = self.new_module(def.name);
        self.fill_native_module(m, def)?;
        Ok(m)
    }

    /// Adds a static description's contents to a module.
    pub fn fill_native_module(&mut self, m: Gc<Module>, def: &'static ModuleDef) -> Result<()> {
        let dict = m.namespace();
        let functions: usize = def.functions.iter().map(|table| table.len()).sum();
        dict.make_room(self, functions + def.types.len() + 1);
        if !def.doc.is_empty() {
            let doc = self.new_str(def.doc).value();
            self.dict_set_text(dict, "__doc__", doc);
        }
        let name = self.intern(def.name).value();
        for table in def.functions {
            for f in *table {
                let v = self.new_builtin(f, Some(m.value()), Some(name));
                self.dict_set_text(dict, f.name, v);
            }
        }
        for t in def.types {
            let class = self.type_for(t);
            self.dict_set_text(dict, t.name, class.value());
        }
        match def.exec {
            Some(f) => f(self, m),
            None => Ok(()),
        }
    }
}

/// Create a module object.
#[pytype(name = "module", flags = BASETYPE | HAS_WEAKREF)]
impl Module {
    #[pynew(raw, sig = "(name, doc=None)")]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let dict = th.new_dict();
        let m: Gc<Module> = th.alloc_of_class(class, |head| Module {
            head,
            dict: GcSlot::new(dict),
            state: Slot::empty(),
        });
        Ok(m.value())
    }

    #[pymethod(name = "__init__", sig = "(name, doc=None)")]
    fn init_method(
        th: &mut Thread,
        this: Gc<Module>,
        name: Gc<Str>,
        doc: Option<Value>,
    ) -> Result<()> {
        let dict = this.namespace();
        let none = th.none();
        let doc = th.or_none(doc);
        for (k, v) in [
            ("__name__", name.value()),
            ("__doc__", doc),
            ("__package__", none),
            ("__loader__", none),
            ("__spec__", none),
        ] {
            th.dict_set_text(dict, k, v);
        }
        Ok(())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: crate::call::Args<'_>) -> Result<()> {
        let class = th.vm().ty(T::Module);
        let name = th.names().__init__;
        if let Some(f) = class.lookup_uncached(name) {
            th.call_with_receiver(f, this, args)?;
        }
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let m = th.expect::<Module>(this)?;
        if let Some(r) = crate::import::importlib::module_repr(th, this)? {
            return Ok(r);
        }
        let get = |th: &mut Thread, k: &str| {
            let v = th.dict_get_text(m.namespace(), k);
            th.not_none(v)
        };
        let name = match get(th, "__name__") {
            Some(n) => th.repr(n)?.to_string_lossy(),
            None => "?".into(),
        };
        let text = match get(th, "__file__") {
            Some(f) => format!("<module {name} from {}>", th.repr(f)?.to_string_lossy()),
            None if m.state.get().is_some() || get(th, "__loader__").is_none() => {
                format!("<module {name}>")
            }
            None => format!("<module {name} (built-in)>"),
        };
        Ok(th.new_str(&text).value())
    }

    #[pyslot]
    fn getattro(th: &mut Thread, this: Value, name: Gc<Str>) -> Result {
        let m = th.expect::<Module>(this)?;
        let class = th.class_of(this);
        if let Some(d) = class.lookup(th, name)
            && d.is_pointer()
            && th.class_of(d).slots().descr_set.is_some()
        {
            return th.generic_get_attr(this, name);
        }
        let name = th.intern_str(name);
        if let Some(v) = m.namespace().get_str(name) {
            return Ok(v);
        }
        if let Some(d) = class.lookup(th, name) {
            return th.bind_descriptor(d, Some(this), class);
        }
        crate::import::module_attribute_missing(th, m, name)
    }

    #[pyslot]
    fn setattro(th: &mut Thread, this: Value, name: Gc<Str>, v: Option<Value>) -> Result<()> {
        let m = th.expect::<Module>(this)?;
        let class = th.class_of(this);
        if let Some(d) = class.lookup(th, name)
            && d.is_pointer()
            && let Some(set) = th.class_of(d).slots().descr_set
        {
            return set(th, d, this, v);
        }
        let name = th.intern_str(name);
        match v {
            Some(v) => {
                m.namespace().set_str(th, name, v);
                Ok(())
            }
            None => match m.namespace().remove_str(name) {
                Some(_) => Ok(()),
                None => Err(th.no_attribute(this, name)),
            },
        }
    }

    #[pygetter(name = "__dict__")]
    fn dict(_: &mut Thread, this: Gc<Module>) -> Result {
        Ok(this.namespace().value())
    }

    #[pygetter(name = "__annotations__")]
    fn get_annotations(th: &mut Thread, this: Gc<Module>) -> Result {
        let (d, n) = (this.namespace(), th.names());
        if let Some(v) = d.get_str(n.__annotations__) {
            return Ok(v);
        }
        let r = match d.get_str(n.__annotate__) {
            Some(f) if th.is_callable(f) => {
                crate::types::function::attributes::evaluate_annotations(th, f)?
            }
            _ => th.new_dict(),
        };
        // While the module's body still runs, more annotations may come.
        let spec = d.get_str(n.__spec__);
        let initializing = match th.not_none(spec) {
            Some(s) => match th.get_attr_option(s, n._initializing)? {
                Some(v) => th.truth(v)?,
                None => false,
            },
            None => false,
        };
        if !initializing {
            th.dict_set_str(d, n.__annotations__, r.value());
        }
        Ok(r.value())
    }

    #[pysetter(name = "__annotations__")]
    fn set_annotations(th: &mut Thread, this: Gc<Module>, v: Option<Value>) -> Result<()> {
        let (d, n) = (this.namespace(), th.names());
        match v {
            Some(v) => th.dict_set_str(d, n.__annotations__, v),
            None => {
                if d.remove_str(n.__annotations__).is_none() {
                    return Err(th.attribute_error(
                        this.value(),
                        "__annotations__",
                        "__annotations__",
                    ));
                }
            }
        }
        d.remove_str(n.__annotate__);
        Ok(())
    }

    #[pygetter(name = "__annotate__")]
    fn get_annotate(th: &mut Thread, this: Gc<Module>) -> Result {
        let key = th.names().__annotate__;
        let f = this.namespace().get_str(key);
        Ok(th.or_none(f))
    }

    #[pysetter(name = "__annotate__")]
    fn set_annotate(th: &mut Thread, this: Gc<Module>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("cannot delete __annotate__ attribute"));
        };
        if !th.is_none(v) && !th.is_callable(v) {
            return Err(th.type_error("__annotate__ must be callable or None"));
        }
        let (d, n) = (this.namespace(), th.names());
        th.dict_set_str(d, n.__annotate__, v);
        if !th.is_none(v) {
            d.remove_str(n.__annotations__);
        }
        Ok(())
    }

    #[pymethod]
    fn __dir__(th: &mut Thread, this: Gc<Module>) -> Result {
        let key = th.intern("__dir__");
        if let Some(f) = this.namespace().get_str(key) {
            return th.call(f, &[]);
        }
        let l = th.new_list();
        let mut i = 0;
        while let Some((next, k, _)) = this.namespace().entry_from(i) {
            th.list_append(l, k)?;
            i = next;
        }
        Ok(l.value())
    }
}
