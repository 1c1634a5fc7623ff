//! Functions made by `def` and `lambda`; what Python can see and set of them is in `attributes`.

pub mod attributes;

use std::cell::Cell;

use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, GcSlot, Header, HeapObject, Kind, Result, Slot, Tracer, Value};
use crate::pytype;
use crate::types::T;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

/// A function.
#[repr(C)]
pub struct Function {
    head: Header,
    /// `__code__`
    pub code: GcSlot<Code>,
    /// `__globals__`
    pub globals: GcSlot<Dict>,
    /// Where builtins are looked up.
    pub builtins: GcSlot<Dict>,
    /// `__defaults__`
    pub defaults: GcSlot<Tuple>,
    /// `__kwdefaults__`
    pub kwdefaults: GcSlot<Dict>,
    /// `__closure__`
    pub closure: GcSlot<Tuple>,
    /// `__name__`
    pub name: Slot,
    /// `__qualname__`
    pub qualname: Slot,
    /// `__doc__`
    pub doc: Slot,
    /// `__module__`
    pub module: Slot,
    /// `__annotations__`, once computed or set.
    pub annotations: Slot,
    /// `__annotate__`
    pub annotate: Slot,
    /// `__type_params__`
    pub type_params: Slot,
    /// `__dict__`, made on demand.
    pub dict: GcSlot<Dict>,
    /// Identifies the state that inlined calls rely on (code, defaults); 0: not given out.
    pub version: Cell<u32>,
}

// SAFETY: repr(C), header first, every slot is reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for Function {
    const KIND: Kind = Kind::Function;
    fn trace(&self, t: &mut Tracer) {
        t.gc_slot(&self.code);
        t.gc_slot(&self.globals);
        t.gc_slot(&self.builtins);
        t.gc_slot(&self.defaults);
        t.gc_slot(&self.kwdefaults);
        t.gc_slot(&self.closure);
        for s in [
            &self.name,
            &self.qualname,
            &self.doc,
            &self.module,
            &self.annotations,
            &self.annotate,
            &self.type_params,
        ] {
            t.slot(s);
        }
        t.gc_slot(&self.dict);
    }
}

impl super::Named for Function {
    const NAME: &'static str = "function";
}

impl Function {
    /// The code.
    #[inline(always)]
    pub fn code(&self) -> Gc<Code> {
        match self.code.get() {
            Some(c) => c,
            None => unreachable!("function without code"),
        }
    }

    /// The globals.
    #[inline(always)]
    pub fn globals(&self) -> Gc<Dict> {
        match self.globals.get() {
            Some(d) => d,
            None => unreachable!("function without globals"),
        }
    }

    /// The builtins.
    #[inline(always)]
    pub fn builtins(&self) -> Gc<Dict> {
        match self.builtins.get() {
            Some(d) => d,
            None => unreachable!("function without builtins"),
        }
    }
}

impl Thread {
    /// A new function.
    pub fn new_function(&mut self, code: Gc<Code>, globals: Gc<Dict>) -> Gc<Function> {
        let n = self.names();
        let builtins = match globals.get_str(n.__builtins__) {
            Some(b) => match b.downcast::<Dict>() {
                Some(d) => d,
                None => b
                    .downcast::<crate::types::module::Module>()
                    .map_or(self.vm().builtins_dict(), |m| m.namespace()),
            },
            None => self.vm().builtins_dict(),
        };
        let module = globals.get_str(n.__name__);
        let none = self.none();
        self.alloc(Function {
            head: Header::new(Kind::Function, T::Function.shape()),
            code: GcSlot::new(code),
            globals: GcSlot::new(globals),
            builtins: GcSlot::new(builtins),
            defaults: GcSlot::empty(),
            kwdefaults: GcSlot::empty(),
            closure: GcSlot::empty(),
            name: Slot::from_option(code.name.get().map(Gc::value)),
            qualname: Slot::from_option(code.qualname.get().map(Gc::value)),
            doc: Slot::empty(),
            module: Slot::from_option(Some(module.unwrap_or(none))),
            annotations: Slot::empty(),
            annotate: Slot::empty(),
            type_params: Slot::empty(),
            dict: GcSlot::empty(),
            version: Cell::new(0),
        })
    }
}

/// Create a function object.
#[pytype(name = "function", flags = METHOD_DESCRIPTOR | HAS_WEAKREF, more_getsets = &attributes::GETSETS)]
impl Function {
    #[pynew(sig = "(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)")]
    fn new(
        th: &mut Thread,
        _class: Value,
        code: Gc<Code>,
        globals: Gc<Dict>,
        name: Option<Value>,
        argdefs: Option<Value>,
        closure: Option<Value>,
        kwdefaults: Option<Value>,
    ) -> Result {
        attributes::construct(th, code, globals, [name, argdefs, closure, kwdefaults])
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        match this.downcast::<Function>() {
            Some(f) => th.call_function(f, args),
            None => Err(th.type_error("not a function")),
        }
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        Ok(match object {
            Some(o) => th.new_bound_method(this, o),
            None => this,
        })
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let f = th.expect::<Function>(this)?;
        let name = f
            .qualname
            .get()
            .and_then(crate::types::str_::text)
            .unwrap_or_default();
        Ok(th
            .new_str(&format!("<function {name} at {:#x}>", this.bits()))
            .value())
    }

    #[pyslot]
    fn getattro(th: &mut Thread, this: Value, name: Gc<Str>) -> Result {
        let f = th.expect::<Function>(this)?;
        let class = th.class_of(this);
        let found = class.lookup(th, name);
        if let Some(d) = found
            && th.class_of(d).slots().descr_set.is_some()
        {
            return th.bind_descriptor(d, Some(this), class);
        }
        if let Some(d) = f.dict.get() {
            let name = th.intern_str(name);
            if let Some(v) = d.get_str(name) {
                return Ok(v);
            }
        }
        match found {
            Some(d) => th.bind_descriptor(d, Some(this), class),
            None => Err(th.no_attribute(this, name)),
        }
    }

    #[pyslot]
    fn setattro(th: &mut Thread, this: Value, name: Gc<Str>, v: Option<Value>) -> Result<()> {
        let f = th.expect::<Function>(this)?;
        let class = th.class_of(this);
        if let Some(d) = class.lookup(th, name)
            && let Some(set) = th.class_of(d).slots().descr_set
        {
            return set(th, d, this, v);
        }
        let name = th.intern_str(name);
        let dict = f.attributes(th);
        match v {
            Some(v) => {
                dict.set_str(th, name, v);
                Ok(())
            }
            None => match dict.remove_str(name) {
                Some(_) => Ok(()),
                None => Err(th.no_attribute(this, name)),
            },
        }
    }

    #[pygetter(name = "__name__")]
    fn get_name(_: &mut Thread, this: Gc<Function>) -> Option<Value> {
        this.name.get()
    }

    #[pysetter(name = "__name__")]
    fn set_name(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        match v {
            Some(v) if v.downcast::<Str>().is_some() => {
                this.name.set(this.header(), v);
                Ok(())
            }
            _ => Err(th.type_error("__name__ must be set to a string object")),
        }
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(_: &mut Thread, this: Gc<Function>) -> Option<Value> {
        this.qualname.get()
    }

    #[pysetter(name = "__qualname__")]
    fn set_qualname(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        match v {
            Some(v) if v.downcast::<Str>().is_some() => {
                this.qualname.set(this.header(), v);
                Ok(())
            }
            _ => Err(th.type_error("__qualname__ must be set to a string object")),
        }
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(th: &mut Thread, this: Gc<Function>) -> Option<Value> {
        if let Some(v) = this.doc.get() {
            return Some(v);
        }
        // Until somebody asks or sets one it is the code's.
        let code = this.code();
        let doc = if code.has(taipan_bytecode::code::co_flags::HAS_DOCSTRING) {
            th.constant_of(code, 0)
        } else {
            None
        };
        let doc = doc.unwrap_or(th.none());
        this.doc.set(this.header(), doc);
        Some(doc)
    }

    #[pysetter(name = "__doc__")]
    fn set_doc(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        let v = th.or_none(v);
        this.doc.set(this.header(), v);
        Ok(())
    }

    #[pygetter(name = "__module__")]
    fn get_module(_: &mut Thread, this: Gc<Function>) -> Option<Value> {
        this.module.get()
    }

    #[pysetter(name = "__module__")]
    fn set_module(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        let v = th.or_none(v);
        this.module.set(this.header(), v);
        Ok(())
    }
}

impl Function {
    /// `__dict__`, made if need be.
    pub fn attributes(&self, th: &mut Thread) -> Gc<Dict> {
        match self.dict.get() {
            Some(d) => d,
            None => {
                let d = th.new_dict();
                self.dict.set(&self.head, d);
                d
            }
        }
    }
}
