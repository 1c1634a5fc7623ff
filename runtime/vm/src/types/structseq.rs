//! Struct sequences: tuples with named fields (`os.stat_result`, `time.struct_time`,
//! `sys.version_info`; CPython's Objects/structseq.c).
//!
//! The class is an ordinary subclass of tuple. Fields beyond the visible ones live in the
//! instance's attributes.

use crate::call::{Args, MethodDef, MethodKind};
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Type, create, flags};
use crate::{NativeObject, Thread, pytype};

/// Static description of a struct sequence class.
pub struct StructDef {
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// `__doc__`
    pub doc: &'static str,
    /// Names of all fields, visible ones first. An empty name: unnamed.
    pub fields: &'static [&'static str],
    /// How many are items of the tuple.
    pub visible: usize,
    /// May Python code make instances?
    pub constructible: bool,
}

/// Descriptor of a visible field.
#[repr(C)]
#[derive(NativeObject)]
pub struct Field {
    head: NativeHeader,
    #[notrace]
    index: usize,
}

#[pytype(name = "member_descriptor", table = FIELD_TYPE)]
impl Field {
    #[pyslot]
    fn descr_get(
        _: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        let (Some(f), Some(t)) = (
            this.downcast::<Field>(),
            object.and_then(|o| o.downcast::<Tuple>()),
        ) else {
            return Ok(this);
        };
        Ok(t.get(f.index).unwrap_or(this))
    }

    #[pyslot]
    fn descr_set(th: &mut Thread, _this: Value, _object: Value, _v: Option<Value>) -> Result<()> {
        Err(th.raise(
            crate::types::ExceptionClass::AttributeError,
            "readonly attribute",
        ))
    }
}

/// Key of the class's namespace under which the field names are kept; no Python name is like it.
const FIELDS: &str = ".fields";

fn fields_of(th: &mut Thread, class: Gc<Type>) -> Option<(Gc<Tuple>, usize)> {
    let key = th.intern(FIELDS);
    let all = class.lookup(th, key)?.downcast::<Tuple>()?;
    let key = th.intern("n_sequence_fields");
    let n = class.lookup(th, key)?.as_int()?;
    Some((all, n as usize))
}

fn build(th: &mut Thread, class: Gc<Type>, values: &[Value]) -> Result {
    let Some((fields, visible)) = fields_of(th, class) else {
        return Err(th.type_error("not a struct sequence"));
    };
    let shown = values.get(..visible).unwrap_or(values);
    let t = th.tuple_of_class(class, shown);
    for i in visible..fields.len() {
        if let Some(name) = fields.get(i).and_then(|n| n.downcast::<Str>()) {
            let name = th.intern_str(name);
            let v = values.get(i).copied().unwrap_or(th.none());
            th.set_instance_attribute(t.value(), name, v);
        }
    }
    Ok(t.value())
}

static NEW: MethodDef = MethodDef {
    name: "__new__",
    kind: MethodKind::StaticMethod,
    signature: None,
    text_signature: Some("(sequence, dict={})"),
    doc: "",
    func: |th, args| {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let name = class.name_text();
        let Some(sequence) = args.values.get(1) else {
            return Err(th.type_error(format!(
                "{name}() missing required argument 'sequence' (pos 1)"
            )));
        };
        let Some((fields, visible)) = fields_of(th, class) else {
            return Err(th.type_error("not a struct sequence"));
        };
        if th.class_of(*sequence).slots().iter.is_none()
            && th.class_of(*sequence).slots().getitem.is_none()
        {
            return Err(th.type_error("constructor requires a sequence"));
        }
        let values = th.collect(*sequence)?;
        let (n, max) = (values.len(), fields.len());
        if n < visible || n > max {
            let bound = if visible == max {
                format!("a {visible}-sequence")
            } else if n < visible {
                format!("an at least {visible}-sequence")
            } else {
                format!("an at most {max}-sequence")
            };
            return Err(th.type_error(format!("{name}() takes {bound} ({n}-sequence given)")));
        }
        if let Some(d) = args.values.get(2).and_then(|d| d.downcast::<Dict>()) {
            for i in n..max {
                let v = match fields.get(i) {
                    Some(f) => d.get(th, f)?,
                    None => None,
                };
                let v = th.or_none(v);
                th.push(&values, v)?;
            }
        }
        build(th, class, values.as_slice())
    },
};

fn receiver(th: &mut Thread, args: &Args<'_>) -> Result<Gc<Tuple>> {
    match args.values.first().and_then(|v| v.downcast::<Tuple>()) {
        Some(t) => Ok(t),
        None => Err(th.type_error("a struct sequence is wanted")),
    }
}

static REPR: MethodDef = MethodDef {
    name: "__repr__",
    kind: MethodKind::Method,
    signature: None,
    text_signature: None,
    doc: "",
    func: |th, args| {
        let t = receiver(th, &args)?;
        let class = th.class_of(t.value());
        let Some((fields, visible)) = fields_of(th, class) else {
            return Err(th.type_error("not a struct sequence"));
        };
        let mut out = format!("{}(", th.qualified_name(class));
        for i in 0..visible {
            if i > 0 {
                out.push_str(", ");
            }
            let name = fields
                .get(i)
                .and_then(crate::types::str_::text)
                .unwrap_or_default();
            let v = t.get(i).unwrap_or(th.none());
            out.push_str(&format!("{name}={}", th.repr(v)?.to_string_lossy()));
        }
        out.push(')');
        Ok(th.new_str(&out).value())
    },
};

static REDUCE: MethodDef = MethodDef {
    name: "__reduce__",
    kind: MethodKind::Method,
    signature: None,
    text_signature: None,
    doc: "",
    func: |th, args| {
        let t = receiver(th, &args)?;
        let class = th.class_of(t.value());
        let Some((fields, visible)) = fields_of(th, class) else {
            return Err(th.type_error("not a struct sequence"));
        };
        let items = th.new_tuple(t.as_slice());
        let extra = th.new_dict();
        for i in visible..fields.len() {
            if let Some(name) = fields.get(i).and_then(|n| n.downcast::<Str>()) {
                let name = th.intern_str(name);
                if let Some(v) = th.instance_attribute(t.value(), name) {
                    extra.set_str(th, name, v);
                }
            }
        }
        let a = th.new_tuple(&[items.value(), extra.value()]);
        Ok(th.new_tuple(&[class.value(), a.value()]).value())
    },
};

static REPLACE: MethodDef = MethodDef {
    name: "__replace__",
    kind: MethodKind::Method,
    signature: None,
    text_signature: None,
    doc: "Return a copy of the structure with new values for the specified fields.",
    func: |th, args| {
        let t = receiver(th, &args)?;
        let class = th.class_of(t.value());
        let Some((fields, visible)) = fields_of(th, class) else {
            return Err(th.type_error("not a struct sequence"));
        };
        let values = th.value_vec(t.as_slice())?;
        for i in visible..fields.len() {
            let v = match fields.get(i).and_then(|n| n.downcast::<Str>()) {
                Some(n) => {
                    let n = th.intern_str(n);
                    th.instance_attribute(t.value(), n)
                }
                None => None,
            };
            let v = th.or_none(v);
            th.push(&values, v)?;
        }
        for (k, v) in args.keywords() {
            let mut at = None;
            for i in 0..fields.len() {
                if let Some(f) = fields.get(i)
                    && th.equal(f, k)?
                {
                    at = Some(i);
                }
            }
            match at {
                Some(i) => values.set(i, v),
                None => {
                    let k = th.repr_lossy(k);
                    return Err(th.type_error(format!("Got unexpected field name(s): [{k}]")));
                }
            }
        }
        build(th, class, values.as_slice())
    },
};

impl Thread {
    /// The class for a static description, made on first use (kept under `module.name`).
    pub fn struct_class(&mut self, def: &'static StructDef) -> Result<Gc<Type>> {
        let key = def as *const StructDef as usize;
        if let Some(t) = self.vm().struct_classes.borrow().get(&key) {
            return Ok(*t);
        }
        let ns = self.new_dict();
        let (module, doc) = (
            self.intern(def.module).value(),
            self.new_str(def.doc).value(),
        );
        self.dict_set_text(ns, "__module__", module);
        self.dict_set_text(ns, "__doc__", doc);
        let fields = crate::ValueVec::new();
        let named = crate::ValueVec::new();
        let mut unnamed = 0;
        for (i, f) in def.fields.iter().enumerate() {
            let name = if f.is_empty() {
                unnamed += 1;
                self.none()
            } else {
                self.intern(f).value()
            };
            self.push(&fields, name)?;
            if !f.is_empty() && i < def.visible {
                self.push(&named, name)?;
                let d = self
                    .new_native(&FIELD_TYPE, |head| Field { head, index: i })
                    .value();
                self.dict_set_text(ns, f, d);
            }
        }
        let all = self.new_tuple(fields.as_slice()).value();
        self.dict_set_text(ns, FIELDS, all);
        let match_args = self.new_tuple(named.as_slice()).value();
        self.dict_set_text(ns, "__match_args__", match_args);
        for (k, n) in [
            ("n_sequence_fields", def.visible),
            ("n_fields", def.fields.len()),
            ("n_unnamed_fields", unnamed),
        ] {
            let n = self.int(n as i64);
            self.dict_set_text(ns, k, n);
        }
        let new = self.new_builtin(&NEW, None, None);
        let new = crate::types::descriptor::new_staticmethod(self, new);
        self.dict_set_text(ns, "__new__", new);
        let tuple = self.vm().ty(T::Tuple);
        for m in [&REPR, &REDUCE, &REPLACE] {
            let v = self.new_method_descriptor(tuple, m);
            self.dict_set_text(ns, m.name, v);
        }
        let meta = self.vm().ty(T::Type);
        let name = self.intern(def.name);
        let bases = self.new_tuple(&[tuple.value()]);
        let class = create::class(self, meta, name, bases, ns, Args::positional(&[]))?;
        class.set_flag(flags::IMMUTABLE, true);
        if !def.constructible {
            class.set_flag(flags::BASETYPE, false);
        }
        self.vm().struct_classes.borrow_mut().insert(key, class);
        Ok(class)
    }

    /// An instance with these values (all fields; missing hidden ones are None).
    pub fn new_struct(&mut self, def: &'static StructDef, values: &[Value]) -> Result {
        let class = self.struct_class(def)?;
        build(self, class, values)
    }
}
