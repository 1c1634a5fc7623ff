//! `OrderedDict`: a dict whose order can be changed, and is part of equality.
//!
//! The layout is dict's, whose table keeps the order. What `Objects/odictobject.c` counts in
//! `od_state`, to tell iterators that keys came, went or moved, is counted in `Dict::changes`.

pub mod update;
pub mod views;

use taipan_vm::call::{Args, FromReceiver, Signature};
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, Raised, Result, Value};
use taipan_vm::types::T;
use taipan_vm::types::descriptor::INSTANCE_DICT;
use taipan_vm::types::dict::{self, Dict};
use taipan_vm::types::sequence::{TextParts, guarded_repr};
use taipan_vm::{Thread, pytype};

/// The methods hang here.
pub struct OrderedDict;

/// Is it an `OrderedDict`?
fn as_ordered(th: &mut Thread, v: Value) -> Option<Gc<Dict>> {
    let d = v.downcast::<Dict>()?;
    let class = th.class_of(v);
    if is_exact(th, v) || class.is_subtype(th.type_for(&ORDERED_TYPE)) {
        return Some(d);
    }
    None
}

/// Is its class `OrderedDict` itself, whose methods nobody overrides?
fn is_exact(th: &Thread, v: Value) -> bool {
    th.class_of(v).is_made_from(&ORDERED_TYPE)
}

/// The receiver of a method.
#[derive(Clone, Copy)]
pub struct Ordered(Gc<Dict>);

#[cold]
fn wrong_receiver(th: &mut Thread, name: &str, v: Option<Value>) -> Raised {
    let Some(v) = v else {
        return th.type_error(format!(
            "unbound method OrderedDict.{name}() needs an argument"
        ));
    };
    let got = th.type_name(v);
    th.type_error(format!(
        "descriptor '{name}' for 'collections.OrderedDict' objects doesn't apply to a '{got}' object"
    ))
}

impl FromReceiver for Ordered {
    #[inline]
    fn from_receiver(th: &mut Thread, s: &'static Signature, v: Option<Value>) -> Result<Self> {
        match v.and_then(|v| as_ordered(th, v)) {
            Some(d) => Ok(Ordered(d)),
            None => Err(wrong_receiver(th, s.name, v)),
        }
    }
    fn from_attribute(th: &mut Thread, name: &'static str, v: Value) -> Result<Self> {
        match as_ordered(th, v) {
            Some(d) => Ok(Ordered(d)),
            None => Err(wrong_receiver(th, name, Some(v))),
        }
    }
}

/// Adds or replaces as `OrderedDict` itself does.
fn put_hashed(th: &mut Thread, d: Gc<Dict>, key: Value, hash: i64, v: Value) -> Result<()> {
    let n = d.len();
    d.set_hashed(th, key, hash, v)?;
    if d.len() != n {
        d.note_reordered();
    }
    Ok(())
}

fn put(th: &mut Thread, d: Gc<Dict>, key: Value, v: Value) -> Result<()> {
    let hash = th.hash(key)?;
    put_hashed(th, d, key, hash, v)
}

/// Removes a key as `OrderedDict` itself does; its value if it was there.
fn take(th: &mut Thread, d: Gc<Dict>, key: Value) -> Result<Option<Value>> {
    let hash = th.hash(key)?;
    let Some(i) = d.find_hashed(th, key, hash)? else {
        return Ok(None);
    };
    d.note_reordered();
    Ok(d.take_at(i).map(|e| e.value))
}

/// What tells that an ordered dict is no longer what it was.
struct Unchanged(Gc<Dict>, u32, usize);

impl Unchanged {
    fn since_now(d: Gc<Dict>) -> Unchanged {
        Unchanged(d, d.changes(), d.len())
    }

    fn check(&self, th: &mut Thread) -> Result<()> {
        if self.0.changes() != self.1 {
            return Err(th.runtime_error(views::MUTATED));
        }
        if self.0.len() != self.2 {
            return Err(th.runtime_error(views::CHANGED_SIZE));
        }
        Ok(())
    }
}

/// Have two dicts equal keys in the same order?
fn same_order(th: &mut Thread, a: Gc<Dict>, b: Gc<Dict>) -> Result<bool> {
    let (left, right) = (Unchanged::since_now(a), Unchanged::since_now(b));
    let (mut i, mut j) = (0, 0);
    loop {
        let ((next_i, k, _), (next_j, l, _)) = match (a.entry_from(i), b.entry_from(j)) {
            (None, None) => return Ok(true),
            (Some(x), Some(y)) => (x, y),
            _ => return Ok(false),
        };
        let equal = th.equal(k, l)?;
        left.check(th)?;
        right.check(th)?;
        if !equal {
            return Ok(false);
        }
        (i, j) = (next_i, next_j);
    }
}

/// Dictionary that remembers insertion order
#[pytype(name = "OrderedDict", module = "collections", base = taipan_vm::types::dict::TYPE, payload = Dict, flags = BASETYPE | MAPPING | HAS_DICT | HAS_WEAKREF, table = ORDERED_TYPE, more_getsets = &INSTANCE_DICT)]
impl OrderedDict {
    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let given = args.positionals().len();
        if given > 1 {
            return Err(th.type_error(format!("expected at most 1 argument, got {given}")));
        }
        update::update_args(th, this, args)
    }

    #[pymethod(raw)]
    fn update(th: &mut Thread, args: Args<'_>) -> Result<()> {
        let this = args.values.first().copied();
        if this.and_then(|v| as_ordered(th, v)).is_none() {
            return Err(wrong_receiver(th, "update", this));
        }
        let rest = args.skip_first();
        let given = rest.positionals().len();
        if given > 1 {
            return Err(th.type_error(format!(
                "update() takes at most 1 positional argument ({given} given)"
            )));
        }
        update::update_args(th, th.or_none(this), rest)
    }

    /// Create a new ordered dictionary with keys from iterable and values set to value.
    #[pyclassmethod(sig = "(iterable, value=None)")]
    fn fromkeys(th: &mut Thread, class: Value, iterable: Value, value: Option<Value>) -> Result {
        let v = th.or_none(value);
        dict::update::from_keys(th, class, iterable, v)
    }

    #[pymethod]
    fn __sizeof__(_: &mut Thread, this: Ordered) -> usize {
        56 + this.0.table().map_or(0, |t| t.capacity() * 26 + 40)
    }

    /// Return state information for pickling
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Ordered) -> Result {
        let this = this.0.value();
        let class = th.class_of(this).value();
        let state = th.call_method_str(this, "__getstate__", &[])?;
        let args = th.empty_tuple().value();
        let items = th.call_method_str(this, "items", &[])?;
        let items = th.iter(items)?;
        let none = th.none();
        Ok(th.new_tuple(&[class, args, state, none, items]).value())
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[pymethod(sig = "($self, /, key, default=None)")]
    fn setdefault(th: &mut Thread, this: Ordered, key: Value, default: Option<Value>) -> Result {
        let (d, object) = (this.0, this.0.value());
        let default = th.or_none(default);
        if is_exact(th, object) {
            let hash = th.hash(key)?;
            if let Some(v) = d.get_hashed(th, key, hash)? {
                return Ok(v);
            }
            put_hashed(th, d, key, hash, default)?;
        } else if th.contains(object, key)? {
            return th.get_item(object, key);
        } else {
            th.set_item(object, key, default)?;
        }
        Ok(default)
    }

    /// od.pop(key[,default]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[pymethod(sig = "($self, /, key, default=<unrepresentable>)")]
    fn pop(th: &mut Thread, this: Ordered, key: Value, default: Option<Value>) -> Result {
        match take(th, this.0, key)?.or(default) {
            Some(v) => Ok(v),
            None => Err(th.key_error(key)),
        }
    }

    /// Remove and return a (key, value) pair from the dictionary.
    ///
    /// Pairs are returned in LIFO order if last is true or FIFO order if
    /// false.
    #[pymethod(sig = "($self, /, last=True)")]
    fn popitem(th: &mut Thread, this: Ordered, last: Option<bool>) -> Result {
        let d = this.0;
        let found = match last {
            Some(false) => d.first_entry(),
            _ => d.last_entry(),
        };
        let Some((i, k, v)) = found else {
            let text = th.new_str("dictionary is empty").value();
            return Err(th.key_error(text));
        };
        d.note_reordered();
        d.take_at(i);
        Ok(th.new_tuple(&[k, v]).value())
    }

    #[pymethod]
    fn keys(th: &mut Thread, this: Ordered) -> Value {
        dict::views::DictKeys::of_class(th, &views::KEYS_TYPE, this.0)
    }

    #[pymethod]
    fn values(th: &mut Thread, this: Ordered) -> Value {
        dict::views::DictValues::of_class(th, &views::VALUES_TYPE, this.0)
    }

    #[pymethod]
    fn items(th: &mut Thread, this: Ordered) -> Value {
        dict::views::DictItems::of_class(th, &views::ITEMS_TYPE, this.0)
    }

    /// Remove all items from ordered dict.
    #[pymethod]
    fn clear(_: &mut Thread, this: Ordered) {
        this.0.clear();
        this.0.note_reordered();
    }

    /// A shallow copy of ordered dict.
    #[pymethod]
    fn copy(th: &mut Thread, this: Ordered) -> Result {
        let (d, object) = (this.0, this.0.value());
        let class = th.class_of(object);
        let exact = is_exact(th, object);
        let new = if exact {
            th.alloc_of_class(class, Dict::payload).value()
        } else {
            th.call(class.value(), &[])?
        };
        let unchanged = Unchanged::since_now(d);
        let mut i = 0;
        while let Some((next, k, v)) = d.entry_from(i) {
            if exact {
                let into = th.expect::<Dict>(new)?;
                put(th, into, k, v)?;
            } else {
                let v = th.get_item(object, k)?;
                th.set_item(new, k, v)?;
            }
            unchanged.check(th)?;
            i = next;
        }
        Ok(new)
    }

    /// od.__reversed__() <==> reversed(od)
    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Ordered) -> Value {
        views::iterator(th, this.0, views::What::Keys, true)
    }

    /// Move an existing element to the end (or beginning if last is false).
    ///
    /// Raise KeyError if the element does not exist.
    #[pymethod(sig = "($self, /, key, last=True)")]
    fn move_to_end(th: &mut Thread, this: Ordered, key: Value, last: Option<bool>) -> Result<()> {
        let d = this.0;
        let last = last != Some(false);
        let end = |d: Gc<Dict>| {
            if last {
                d.last_entry()
            } else {
                d.first_entry()
            }
        };
        match end(d) {
            None => return Err(th.key_error(key)),
            Some((_, k, _)) if k.is(key) => return Ok(()),
            Some(_) => {}
        }
        let hash = th.hash(key)?;
        let Some(i) = d.find_hashed(th, key, hash)? else {
            return Err(th.key_error(key));
        };
        if end(d).is_some_and(|(at, _, _)| at == i) {
            return Ok(());
        }
        d.note_reordered();
        let done = if last {
            d.move_last(th, i)
        } else {
            d.move_first(th, i)
        };
        if done { Ok(()) } else { Err(th.memory_error()) }
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let d = th.expect::<Dict>(this)?;
        match v {
            Some(v) => put(th, d, key, v),
            None => match take(th, d, key)? {
                Some(_) => Ok(()),
                None => Err(th.key_error(key)),
            },
        }
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Dict>(this)?;
        Ok(views::iterator(th, d, views::What::Keys, false))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Dict>(this)?;
        let name = th.class_of(this).name_text();
        if d.is_empty() {
            return Ok(th.new_str(&format!("{name}()")).value());
        }
        guarded_repr(th, this, "...", |th| {
            let plain = if is_exact(th, this) {
                th.dict_copy(d).value()
            } else {
                let class = th.vm().ty(T::Dict).value();
                th.call(class, &[this])?
            };
            let mut out = TextParts::new();
            out.push_str(&name);
            out.push_str("(");
            out.push_repr(th, plain)?;
            out.push_str(")");
            Ok(out.finish(th))
        })
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (as_ordered(th, this), other.downcast::<Dict>()) else {
            return Ok(th.not_implemented());
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(th.not_implemented());
        }
        let equal = dict::update::equal(th, a, b)?
            && (as_ordered(th, other).is_none() || same_order(th, a, b)?);
        Ok(th.bool(equal == (op == CompareOp::Eq)))
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        let (class, other) = if as_ordered(th, a).is_some() {
            (th.class_of(a), b)
        } else {
            (th.class_of(b), a)
        };
        if other.downcast::<Dict>().is_none() {
            return Ok(th.not_implemented());
        }
        let new = th.call(class.value(), &[a])?;
        update::update(th, new, b)?;
        Ok(new)
    }

    #[pyslot]
    fn inplace_or(th: &mut Thread, this: Value, other: Value) -> Result {
        update::update(th, this, other)?;
        Ok(this)
    }
}
