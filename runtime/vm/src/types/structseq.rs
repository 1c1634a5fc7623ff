//! Struct sequences: tuples whose items have names too (`sys.version_info`, `os.stat_result`).
//!
//! A type is a static [`StructSeq`], written with [`structseq!`]; its class is a native subclass
//! of tuple with a read-only attribute for each named field. Fields behind the visible ones are
//! not items of the tuple: an instance keeps them in one tuple of its own. The last visible
//! fields may be without a name (`unnamed`), as the whole-second times of a stat result are.
//!
//! [`StructDef`] describes a type by a plain list of names, for modules that need no more.

use crate::Thread;
use crate::call::{Args, GetSetDef, GetterFn, MethodDef, MethodKind};
use crate::object::slots::Slots;
use crate::object::{Gc, Result, Value};
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Type, TypeDef, flags};

/// The static description of a struct sequence type.
pub struct StructSeq {
    /// The class.
    pub ty: TypeDef,
    /// Number of fields that are items.
    pub visible: usize,
    /// How many of the last visible fields have no name.
    pub unnamed: usize,
}

/// A shorter description: the names of all fields, an empty one for a field without name.
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

impl StructDef {
    /// The full description; lives as long as the process, like a static one.
    fn expand(&self) -> &'static StructSeq {
        let rows: Vec<GetSetDef> = self
            .fields
            .iter()
            .zip(GETTERS)
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, get)| GetSetDef {
                name,
                member: false,
                get,
                set: None,
                doc: "",
            })
            .collect();
        let rows: &'static [GetSetDef] = Box::leak(rows.into_boxed_slice());
        let tables: &'static [&'static [GetSetDef]] = Box::leak(Box::new([rows]));
        let mut class_flags = 0;
        if self.fields.len() > self.visible {
            class_flags |= flags::HAS_DICT;
        }
        if !self.constructible {
            class_flags |= flags::NO_INSTANTIATION;
        }
        Box::leak(Box::new(StructSeq {
            ty: definition(self.module, self.name, self.doc, tables, class_flags),
            visible: self.visible,
            unnamed: self.fields.iter().filter(|n| n.is_empty()).count(),
        }))
    }
}

/// Attribute (of instances with hidden fields) that holds the hidden values.
const HIDDEN: &str = " hidden";
/// Most fields that a type can have.
const MOST: usize = 40;

fn field<const I: usize>(th: &mut Thread, this: Value) -> Result {
    let Some(t) = this.downcast::<Tuple>() else {
        return Err(th.type_error("a struct sequence is expected"));
    };
    if let Some(v) = t.get(I) {
        return Ok(v);
    }
    let key = th.intern(HIDDEN);
    let hidden = th
        .instance_attribute(this, key)
        .and_then(|h| h.downcast::<Tuple>())
        .and_then(|h| h.get(I - t.len()));
    Ok(th.or_none(hidden))
}

macro_rules! getters {
    ($($i:literal)*) => { [$(field::<$i>),*] };
}

const GETTERS: [GetterFn; MOST] = getters!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34
    35 36 37 38 39
);

/// The attributes of a struct sequence type: name and docstring of each named field.
pub const fn rows<const N: usize>(
    fields: &[(&'static str, &'static str); N],
    visible: usize,
    unnamed: usize,
) -> [GetSetDef; N] {
    let mut out = [const {
        GetSetDef {
            name: "",
            member: false,
            get: field::<0>,
            set: None,
            doc: "",
        }
    }; N];
    let mut i = 0;
    while i < N {
        let at = if i < visible - unnamed {
            i
        } else {
            i + unnamed
        };
        out[i] = GetSetDef {
            name: fields[i].0,
            member: false,
            get: GETTERS[at],
            set: None,
            doc: fields[i].1,
        };
        i += 1;
    }
    out
}

/// The class of a struct sequence, without its attributes; see [`structseq!`].
pub const fn definition(
    module: &'static str,
    name: &'static str,
    doc: &'static str,
    getsets: &'static [&'static [GetSetDef]],
    class_flags: u32,
) -> TypeDef {
    TypeDef {
        name,
        module,
        doc,
        base: Some(&crate::types::tuple::TYPE),
        flags: class_flags,
        payload: None,
        methods: METHODS,
        getsets,
        slots: Slots {
            repr: Some(repr),
            new: if class_flags & flags::NO_INSTANTIATION != 0 {
                None
            } else {
                Some(new)
            },
            setattro: Some(setattro),
            ..Slots::EMPTY
        },
    }
}

/// Describes a struct sequence type:
/// `structseq!(pub THREAD_INFO = "sys", "thread_info", "doc", visible 3, unnamed 0, flags, [("name", "doc"), …]);`
#[macro_export]
macro_rules! structseq {
    ($(#[$m:meta])* $v:vis $name:ident = $module:literal, $text:literal, $doc:literal, visible $visible:expr, unnamed $unnamed:expr, $flags:expr, $fields:expr $(,)?) => {
        $(#[$m])*
        $v static $name: $crate::types::structseq::StructSeq = {
            const FIELDS: &[(&str, &str)] = &$fields;
            static ROWS: [$crate::call::GetSetDef; FIELDS.len()] =
                $crate::types::structseq::rows(&$fields, $visible, $unnamed);
            $crate::types::structseq::StructSeq {
                ty: $crate::types::structseq::definition(
                    $module,
                    $text,
                    $doc,
                    &[&ROWS],
                    // Instances keep their hidden fields in an attribute.
                    if FIELDS.len() > $visible - $unnamed {
                        $flags | $crate::types::type_::flags::HAS_DICT
                    } else {
                        $flags
                    },
                ),
                visible: $visible,
                unnamed: $unnamed,
            }
        };
    };
}

const METHODS: &[&[MethodDef]] = &[&[
    MethodDef {
        name: "__reduce__",
        func: reduce,
        kind: MethodKind::Method,
        signature: None,
        text_signature: Some("($self, /)"),
        doc: "",
    },
    MethodDef {
        name: "__replace__",
        func: replace,
        kind: MethodKind::Method,
        signature: None,
        text_signature: Some("($self, /, **changes)"),
        doc: "Return a copy of the structure with new values for the specified fields.",
    },
]];

/// Names of the named fields.
fn names(class: Gc<Type>) -> &'static [GetSetDef] {
    class
        .def
        .and_then(|d| d.getsets.first().copied())
        .unwrap_or(&[])
}

fn class_number(th: &mut Thread, class: Gc<Type>, name: &str) -> usize {
    let key = th.intern(name);
    class
        .lookup(th, key)
        .and_then(Value::as_int)
        .unwrap_or(0)
        .max(0) as usize
}

/// A class of the type and the numbers of its fields: all, visible, unnamed.
fn numbers(th: &mut Thread, class: Gc<Type>) -> (usize, usize, usize) {
    (
        class_number(th, class, "n_fields"),
        class_number(th, class, "n_sequence_fields"),
        class_number(th, class, "n_unnamed_fields"),
    )
}

fn reduce(th: &mut Thread, args: Args<'_>) -> Result {
    let Some(this) = args.values.first().copied() else {
        return Err(th.type_error("__reduce__() needs an argument"));
    };
    let class = th.class_of(this);
    let t = th.expect::<Tuple>(this)?;
    let items = th.new_tuple(t.as_slice()).value();
    let dict = th.new_dict();
    let (_, visible, unnamed) = numbers(th, class);
    for row in names(class).iter().skip(visible - unnamed) {
        let v = (row.get)(th, this)?;
        th.dict_set_text(dict, row.name, v);
    }
    let arguments = th.new_tuple(&[items, dict.value()]).value();
    Ok(th.new_tuple(&[class.value(), arguments]).value())
}

fn replace(th: &mut Thread, args: Args<'_>) -> Result {
    let Some(this) = args.values.first().copied() else {
        return Err(th.type_error("__replace__() needs an argument"));
    };
    if args.positionals().len() > 1 {
        return Err(th.type_error("__replace__() takes no positional arguments"));
    }
    let class = th.class_of(this);
    let (fields, visible, unnamed) = numbers(th, class);
    if unnamed > 0 {
        let name = th.qualified_name(class);
        return Err(th.type_error(format!(
            "__replace__() is not supported for {name} because it has unnamed field(s)"
        )));
    }
    let values = crate::ValueVec::new();
    for row in names(class) {
        let mut v = (row.get)(th, this)?;
        for (k, new) in args.keywords() {
            if k.downcast::<Str>().is_some_and(|k| k.equals_str(row.name)) {
                v = new;
            }
        }
        th.push(&values, v)?;
    }
    let unexpected: Vec<String> = args
        .keywords()
        .filter_map(|(k, _)| crate::types::str_::text(k))
        .filter(|k| !names(class).iter().any(|r| r.name == k))
        .collect();
    if !unexpected.is_empty() {
        let list = unexpected
            .iter()
            .map(|k| format!("'{k}'"))
            .collect::<Vec<_>>()
            .join(", ");
        return Err(th.type_error(format!("Got unexpected field name(s): [{list}]")));
    }
    debug_assert!(values.len() == fields);
    Ok(make(th, class, visible, values.as_slice()))
}

fn make(th: &mut Thread, class: Gc<Type>, visible: usize, values: &[Value]) -> Value {
    let split = visible.min(values.len());
    let t = th.tuple_of_class(class, &values[..split]).value();
    if values.len() > split {
        let hidden = th.new_tuple(&values[split..]).value();
        let key = th.intern(HIDDEN);
        th.set_instance_attribute(t, key, hidden);
    }
    t
}

fn new(th: &mut Thread, args: Args<'_>) -> Result {
    let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
    let mut given: [Option<Value>; 2] = [None, None];
    let positional = args.positionals().get(1..).unwrap_or(&[]);
    let name = class.name_text();
    if positional.len() > 2 {
        return Err(th.type_error(format!(
            "{name}() takes at most 2 arguments ({} given)",
            positional.len()
        )));
    }
    for (slot, v) in given.iter_mut().zip(positional) {
        *slot = Some(*v);
    }
    for (k, v) in args.keywords() {
        match crate::types::str_::text(k).as_deref() {
            Some("sequence") => given[0] = Some(v),
            Some("dict") => given[1] = Some(v),
            k => {
                let k = k.unwrap_or("?").to_string();
                return Err(
                    th.type_error(format!("{name}() got an unexpected keyword argument '{k}'"))
                );
            }
        }
    }
    let Some(sequence) = given[0] else {
        return Err(th.type_error(format!(
            "{name}() missing required argument 'sequence' (pos 1)"
        )));
    };
    let full = th.qualified_name(class);
    let dict = match th.not_none(given[1]) {
        None => None,
        Some(d) => match d.downcast::<Dict>() {
            Some(d) => Some(d),
            None => {
                return Err(th.type_error(format!("{full}() takes a dict as second arg, if any")));
            }
        },
    };
    if th.class_of(sequence).slots().iter.is_none()
        && th.class_of(sequence).slots().getitem.is_none()
    {
        return Err(th.type_error("constructor requires a sequence"));
    }
    let items = th.collect(sequence)?;
    let (fields, visible, unnamed) = numbers(th, class);
    let n = items.len();
    if n < visible {
        let least = if fields == visible { "" } else { "at least " };
        return Err(th.type_error(format!(
            "{full}() takes an {least}{visible}-sequence ({n}-sequence given)"
        )));
    }
    if n > fields {
        let most = if fields == visible { "" } else { "at most " };
        return Err(th.type_error(format!(
            "{full}() takes an {most}{fields}-sequence ({n}-sequence given)"
        )));
    }
    let mut used = 0;
    for i in n..fields {
        let v = match (dict, names(class).get(i - unnamed)) {
            (Some(d), Some(row)) => th.dict_get_text(d, row.name),
            _ => None,
        };
        used += usize::from(v.is_some());
        let v = th.or_none(v);
        th.push(&items, v)?;
    }
    if dict.is_some_and(|d| d.len() > used) {
        return Err(th.type_error(format!(
            "{full}() got duplicate or unexpected field name(s)"
        )));
    }
    Ok(make(th, class, visible, items.as_slice()))
}

fn repr(th: &mut Thread, this: Value) -> Result {
    let t = th.expect::<Tuple>(this)?;
    let class = th.class_of(this);
    let mut text = format!("{}(", th.qualified_name(class));
    for (i, (v, row)) in t.as_slice().iter().zip(names(class)).enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        text.push_str(row.name);
        text.push('=');
        text.push_str(&th.repr(*v)?.to_string_lossy());
    }
    text.push(')');
    Ok(th.new_str(&text).value())
}

fn setattro(th: &mut Thread, this: Value, name: Gc<Str>, _: Option<Value>) -> Result<()> {
    let class = th.class_of(this);
    let text = name.to_string_lossy();
    let message = if class.lookup(th, name).is_some() {
        if names(class).iter().any(|r| r.name == text) {
            "readonly attribute".to_string()
        } else {
            format!(
                "'{}' object attribute '{text}' is read-only",
                th.qualified_name(class)
            )
        }
    } else {
        format!(
            "'{}' object has no attribute '{text}' and no __dict__ for setting new attributes",
            th.qualified_name(class)
        )
    };
    Err(th.attribute_error(this, &text, message))
}

impl Thread {
    /// The class of a struct sequence type.
    pub fn structseq_type(&mut self, def: &'static StructSeq) -> Gc<Type> {
        let class = self.type_for(&def.ty);
        let dict = class.namespace();
        let key = self.intern("n_fields");
        if dict.get_str(key).is_none() {
            let rows = names(class);
            let total = (rows.len() + def.unnamed) as i64;
            for (k, n) in [
                ("n_fields", total),
                ("n_sequence_fields", def.visible as i64),
                ("n_unnamed_fields", def.unnamed as i64),
            ] {
                let n = self.int(n);
                self.dict_set_text(dict, k, n);
            }
            let args: Vec<String> = rows
                .iter()
                .take(def.visible - def.unnamed)
                .map(|r| r.name.to_string())
                .collect();
            let args = self.tuple_of_names(&args);
            self.dict_set_text(dict, "__match_args__", args);
        }
        class
    }

    /// An instance with these values, the hidden fields' last.
    pub fn new_structseq(&mut self, def: &'static StructSeq, values: &[Value]) -> Value {
        let class = self.structseq_type(def);
        make(self, class, def.visible, values)
    }

    /// The class for a short description, made on first use.
    pub fn struct_class(&mut self, def: &'static StructDef) -> Result<Gc<Type>> {
        let key = def as *const StructDef as usize;
        if let Some(t) = self.vm().struct_class(key) {
            return Ok(t);
        }
        let class = self.structseq_type(def.expand());
        self.vm().set_struct_class(key, class);
        Ok(class)
    }

    /// An instance with these values (all fields; missing hidden ones are None).
    pub fn new_struct(&mut self, def: &'static StructDef, values: &[Value]) -> Result {
        let class = self.struct_class(def)?;
        let all = self.value_vec(values)?;
        let none = self.none();
        while all.len() < def.fields.len() {
            self.push(&all, none)?;
        }
        Ok(make(self, class, def.visible, all.as_slice()))
    }
}
