//! `defaultdict`: a dict whose missing values are made by a function.
//!
//! The layout is dict's; the function is kept in the object's attribute area.

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::dict::{Dict, update};
use taipan_vm::types::sequence::{TextParts, guarded_repr};
use taipan_vm::{Thread, pytype};

/// The methods hang here.
pub struct DefaultDict;

fn factory(th: &mut Thread, d: Value) -> Value {
    let key = th.intern("default_factory");
    let f = th.instance_attribute(d, key);
    th.or_none(f)
}

fn set_factory(th: &mut Thread, d: Value, f: Value) {
    let key = th.intern("default_factory");
    th.set_instance_attribute(d, key, f);
}

/// defaultdict(default_factory=None, /, [...]) --> dict with default factory
///
/// The default factory is called without arguments to produce
/// a new value when a key is not present, in __getitem__ only.
/// A defaultdict compares equal to a dict with the same items.
/// All remaining arguments are treated the same as if they were
/// passed to the dict constructor, including keyword arguments.
#[pytype(name = "defaultdict", module = "collections", base = taipan_vm::types::dict::TYPE, payload = Dict, flags = BASETYPE | MAPPING | HAS_DICT | HAS_WEAKREF, table = DEFAULT_TYPE)]
impl DefaultDict {
    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let d = th.expect::<Dict>(this)?;
        let mut rest = args;
        let mut f = th.none();
        if let Some(v) = args.positionals().first() {
            if !th.is_none(*v) && !th.is_callable(*v) {
                return Err(th.type_error("first argument must be callable or None"));
            }
            f = *v;
            rest = args.skip_first();
        }
        set_factory(th, this, f);
        update::update_args(th, d, rest, "dict")
    }

    /// __missing__(key) # Called by __getitem__ for missing key; pseudo-code:
    ///   if self.default_factory is None: raise KeyError((key,))
    ///   self[key] = value = self.default_factory()
    ///   return value
    #[pymethod]
    fn __missing__(th: &mut Thread, this: Value, key: Value) -> Result {
        let f = factory(th, this);
        if th.is_none(f) {
            return Err(th.key_error(key));
        }
        let v = th.call(f, &[])?;
        th.set_item(this, key, v)?;
        Ok(v)
    }

    /// D.copy() -> a shallow copy of D.
    #[pymethod]
    fn copy(th: &mut Thread, this: Value) -> Result {
        let class = th.class_of(this).value();
        let f = factory(th, this);
        th.call(class, &[f, this])
    }

    /// D.copy() -> a shallow copy of D.
    #[pymethod]
    fn __copy__(th: &mut Thread, this: Value) -> Result {
        DefaultDict::copy(th, this)
    }

    /// Return state information for pickling.
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Value) -> Result {
        let class = th.class_of(this).value();
        let f = factory(th, this);
        let args = if th.is_none(f) {
            th.empty_tuple()
        } else {
            th.new_tuple(&[f])
        };
        let items = th.call_method_str(this, "items", &[])?;
        let items = th.iter(items)?;
        let none = th.none();
        Ok(th
            .new_tuple(&[class, args.value(), none, none, items])
            .value())
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        taipan_vm::builtins::generic_alias(th, class, item)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let name = th.class_of(this).name_text();
        let f = factory(th, this);
        let shown = guarded_repr(th, this, "...", |th| Ok(th.repr(f)?.value()))?;
        let d = th.expect::<Dict>(this)?;
        let plain = th.dict_copy(d).value();
        let body = guarded_repr(th, this, "{...}", |th| Ok(th.repr(plain)?.value()))?;
        let mut out = TextParts::new();
        out.push_str(&name);
        out.push_str("(");
        for (i, part) in [shown, body].into_iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            let s = th.str(part)?;
            out.push(s);
        }
        out.push_str(")");
        Ok(out.finish(th))
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Dict>(), b.downcast::<Dict>()) else {
            return Ok(th.not_implemented());
        };
        let mine = th.type_for(&DEFAULT_TYPE);
        let class = th.class_of(a);
        let (class, f) = if class.is(mine) || class.is_subtype(mine) {
            (class, factory(th, a))
        } else {
            (th.class_of(b), factory(th, b))
        };
        let new = th.call(class.value(), &[f])?;
        let d: Gc<Dict> = th.expect::<Dict>(new)?;
        update::update(th, d, x.value())?;
        update::update(th, d, y.value())?;
        Ok(new)
    }

    /// Factory for default value called by __missing__().
    #[pygetter]
    fn default_factory(th: &mut Thread, this: Value) -> Value {
        factory(th, this)
    }

    #[pysetter]
    fn set_default_factory(th: &mut Thread, this: Value, v: Option<Value>) -> Result<()> {
        let v = th.or_none(v);
        set_factory(th, this, v);
        Ok(())
    }
}
