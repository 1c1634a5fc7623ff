//! The `dict` type as Python sees it.

use super::{Dict, reverse, update, views};
use crate::Thread;
use crate::call::Args;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::pytype;
use crate::types::T;
use crate::types::sequence::{TextParts, guarded_repr};

fn merged(th: &mut Thread, a: Value, b: Value) -> Result {
    let (Some(x), Some(_)) = (a.downcast::<Dict>(), b.downcast::<Dict>()) else {
        return Ok(th.not_implemented());
    };
    let new = th.dict_copy(x);
    update::update(th, new, b)?;
    Ok(new.value())
}

/// `{k: v, …}` of a dict, without the recursion guard.
pub(super) fn braces(th: &mut Thread, d: Gc<Dict>) -> Result {
    let mut out = TextParts::new();
    out.push_str("{");
    let mut i = 0;
    while let Some((next, k, v)) = d.entry_from(i) {
        if out.len() > 1 {
            out.push_str(", ");
        }
        out.push_repr(th, k)?;
        out.push_str(": ");
        out.push_repr(th, v)?;
        i = next;
    }
    out.push_str("}");
    Ok(out.finish(th))
}

/// dict() -> new empty dictionary
/// dict(mapping) -> new dictionary initialized from a mapping object's
///     (key, value) pairs
/// dict(iterable) -> new dictionary initialized as if via:
///     d = {}
///     for k, v in iterable:
///         d[k] = v
/// dict(**kwargs) -> new dictionary initialized with the name=value pairs
///     in the keyword argument list.  For example:  dict(one=1, two=2)
#[pytype(name = "dict", flags = BASETYPE | MAPPING | MATCH_SELF)]
impl Dict {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let d: Gc<Dict> = th.alloc_of_class(class, Dict::payload);
        Ok(d.value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let d = th.expect::<Dict>(this)?;
        update::update_args(th, d, args, "dict")
    }

    /// Return the value for key if key is in the dictionary, else default.
    #[pymethod(name = "get", sig = "(key, default=None, /)")]
    fn get_or(th: &mut Thread, this: Gc<Dict>, key: Value, default: Option<Value>) -> Result {
        let found = Dict::get(&this, th, key)?;
        Ok(th.or_none(found.or(default)))
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[pymethod(sig = "(key, default=None, /)")]
    fn setdefault(th: &mut Thread, this: Gc<Dict>, key: Value, default: Option<Value>) -> Result {
        let hash = th.hash_key(key)?;
        if let Some(v) = this.get_hashed(th, key, hash)? {
            return Ok(v);
        }
        let v = th.or_none(default);
        this.set_hashed(th, key, hash, v)?;
        Ok(v)
    }

    /// D.pop(k[,d]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[pymethod(sig = "(key, default=<unrepresentable>, /)")]
    fn pop(th: &mut Thread, this: Gc<Dict>, key: Value, default: Option<Value>) -> Result {
        let found = if this.is_empty() && default.is_none() {
            None
        } else {
            this.remove(th, key)?
        };
        match found.or(default) {
            Some(v) => Ok(v),
            None => {
                th.hash_key(key)?;
                Err(th.key_error(key))
            }
        }
    }

    /// Remove and return a (key, value) pair as a 2-tuple.
    ///
    /// Pairs are returned in LIFO (last-in, first-out) order.
    /// Raises KeyError if the dict is empty.
    #[pymethod]
    fn popitem(th: &mut Thread, this: Gc<Dict>) -> Result {
        let Some((i, k, v)) = this.entry_before(usize::MAX) else {
            let text = th.new_str("popitem(): dictionary is empty").value();
            return Err(th.key_error(text));
        };
        this.remove_at(i as u32);
        if let Some(t) = this.table.get() {
            t.trim();
        }
        Ok(th.new_tuple(&[k, v]).value())
    }

    /// D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.
    /// If E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]
    /// If E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v
    /// In either case, this is followed by: for k in F:  D[k] = F[k]
    #[pymethod(raw)]
    fn update(th: &mut Thread, args: Args<'_>) -> Result<()> {
        let Some(d) = args.values.first().and_then(|v| v.downcast::<Dict>()) else {
            return Err(th.type_error("unbound method dict.update() needs an argument"));
        };
        update::update_args(th, d, args.skip_first(), "update")
    }

    /// Create a new dictionary with keys from iterable and values set to value.
    #[pyclassmethod(sig = "(iterable, value=None, /)")]
    fn fromkeys(th: &mut Thread, class: Value, iterable: Value, value: Option<Value>) -> Result {
        let v = th.or_none(value);
        update::from_keys(th, class, iterable, v)
    }

    /// Return a shallow copy of the dict.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<Dict>) -> Result<Gc<Dict>> {
        if update::is_plain(th, this.value()).is_some() {
            return Ok(th.dict_copy(this));
        }
        let copy = th.new_dict();
        update::update(th, copy, this.value())?;
        Ok(copy)
    }

    /// Remove all items from the dict.
    #[pymethod(name = "clear")]
    fn remove_all(_: &mut Thread, this: Gc<Dict>) {
        Dict::clear(&this);
    }

    /// Return a set-like object providing a view on the dict's keys.
    #[pymethod]
    fn keys(th: &mut Thread, this: Gc<Dict>) -> Value {
        views::DictKeys::new(th, this)
    }

    /// Return an object providing a view on the dict's values.
    #[pymethod]
    fn values(th: &mut Thread, this: Gc<Dict>) -> Value {
        views::DictValues::new(th, this)
    }

    /// Return a set-like object providing a view on the dict's items.
    #[pymethod]
    fn items(th: &mut Thread, this: Gc<Dict>) -> Value {
        views::DictItems::new(th, this)
    }

    /// Return a reverse iterator over the dict keys.
    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Gc<Dict>) -> Value {
        reverse::key_iterator(th, this)
    }

    /// Return the size of the dict in memory, in bytes.
    #[pymethod]
    fn __sizeof__(_: &mut Thread, this: Gc<Dict>) -> usize {
        48 + this.table().map_or(0, |t| t.capacity() * 26 + 32)
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        crate::builtins::generic_alias(th, class, item)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Dict>(this)?;
        guarded_repr(th, this, "{...}", |th| braces(th, d))
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Dict>(this)?.len())
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let d = th.expect::<Dict>(this)?;
        match Dict::get(&d, th, key)? {
            Some(v) => Ok(v),
            None => {
                if !th.is_exact(this, T::Dict) {
                    let name = th.names().__missing__;
                    if let Some(r) = th.call_special(this, name, &[key])? {
                        return Ok(r);
                    }
                }
                Err(th.key_error(key))
            }
        }
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let d = th.expect::<Dict>(this)?;
        match v {
            Some(v) => d.set(th, key, v),
            None => match d.remove(th, key)? {
                Some(_) => Ok(()),
                None => Err(th.key_error(key)),
            },
        }
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, key: Value) -> Result<bool> {
        let d = th.expect::<Dict>(this)?;
        Ok(d.find(th, key)?.is_some())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Dict>(this)?;
        Ok(views::key_iterator(th, d))
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        merged(th, a, b)
    }

    #[pyslot]
    fn inplace_or(th: &mut Thread, this: Value, other: Value) -> Result {
        let d = th.expect::<Dict>(this)?;
        update::update(th, d, other)?;
        Ok(this)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (this.downcast::<Dict>(), other.downcast::<Dict>()) else {
            return Ok(th.not_implemented());
        };
        match op {
            CompareOp::Eq | CompareOp::Ne => {
                let same = update::equal(th, a, b)?;
                Ok(th.bool(same == (op == CompareOp::Eq)))
            }
            _ => Ok(th.not_implemented()),
        }
    }
}
