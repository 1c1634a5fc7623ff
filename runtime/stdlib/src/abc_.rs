//! `_abc`: what `abc.ABCMeta` is built on.
//!
//! Registries and caches map a class's address to a weak reference to it. An entry counts only
//! while its reference still refers to the class asked about, so a class that took a dead one's
//! place is not mistaken for it, and nothing has to be removed when classes die.

use std::cell::Cell;

use taipan_vm::object::{Gc, NativeHeader, Result, Value};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::type_::{Type, flags};
use taipan_vm::types::weakref::{self, WeakRef};
use taipan_vm::{NativeObject, Thread, ValueVec, pymodule, pytype};

const COUNTER: &str = "_abc.counter";
/// `Py_TPFLAGS_SEQUENCE` and `Py_TPFLAGS_MAPPING`, as `__abc_tpflags__` has them.
const TPFLAGS: [(i64, u32); 2] = [(1 << 5, flags::SEQUENCE), (1 << 6, flags::MAPPING)];

/// Internal state held by ABC machinery.
#[repr(C)]
#[derive(NativeObject)]
pub struct AbcData {
    head: NativeHeader,
    registry: Gc<Dict>,
    cache: Gc<Dict>,
    negative: Gc<Dict>,
    #[notrace]
    negative_version: Cell<i64>,
}

/// Internal state held by ABC machinery.
#[pytype(name = "_abc_data", module = "_abc", table = DATA)]
impl AbcData {}

fn counter(th: &mut Thread) -> i64 {
    let v = th.vm().registry.borrow().get(COUNTER).copied();
    v.and_then(Value::as_int).unwrap_or(0)
}

fn data(th: &mut Thread, class: Value) -> Result<Gc<AbcData>> {
    let v = th.get_attr_str(class, "_abc_impl")?;
    match v.downcast::<AbcData>() {
        Some(d) => Ok(d),
        None => Err(th.type_error("_abc_impl is set to a wrong type")),
    }
}

fn key(th: &mut Thread, class: Value) -> Value {
    th.int((class.bits() >> 3) as i64)
}

fn add(th: &mut Thread, set: Gc<Dict>, class: Value) -> Result<()> {
    let t = th.type_for(&weakref::TYPE);
    let w = th.new_weak_reference(t, class, None)?;
    let k = key(th, class);
    set.set(th, k, w)
}

fn has(th: &mut Thread, set: Gc<Dict>, class: Value) -> Result<bool> {
    if set.is_empty() {
        return Ok(false);
    }
    let k = key(th, class);
    let found = set.get(th, k)?;
    Ok(found
        .and_then(|w| w.downcast::<WeakRef>())
        .and_then(|w| w.get())
        .is_some_and(|v| v.is(class)))
}

fn live(th: &mut Thread, set: Gc<Dict>) -> Result<ValueVec> {
    let out = ValueVec::new();
    let items = th.dict_items_vec(set)?;
    for pair in items.as_slice().chunks_exact(2) {
        if let Some(v) = pair[1].downcast::<WeakRef>().and_then(|w| w.get()) {
            th.push(&out, v)?;
        }
    }
    Ok(out)
}

fn set_flags(class: Gc<Type>, flag: u32) {
    if class.has(flag) || class.has(flags::IMMUTABLE) {
        return;
    }
    class.set_flag(flags::SEQUENCE | flags::MAPPING, false);
    class.set_flag(flag, true);
    let subclasses: Vec<_> = class.subclasses.borrow().clone();
    for s in subclasses {
        set_flags(s, flag);
    }
}

fn abstract_names(th: &mut Thread, class: Value) -> Result<()> {
    let names = ValueVec::new();
    if let Some(t) = class.downcast::<Type>() {
        let items = th.dict_items_vec(t.namespace())?;
        for pair in items.as_slice().chunks_exact(2) {
            if th.is_abstract_method(pair[1])? {
                th.push(&names, pair[0])?;
            }
        }
    }
    let bases = th.get_attr_str(class, "__bases__")?;
    let bases = th.to_tuple(bases)?;
    for b in bases.as_slice() {
        let Some(inherited) = th.get_attr_str_option(*b, "__abstractmethods__")? else {
            continue;
        };
        let inherited = th.collect(inherited)?;
        for k in inherited.as_slice() {
            let Some(name) = k.downcast::<taipan_vm::types::str_::Str>() else {
                continue;
            };
            let name = th.intern(&name.to_string_lossy());
            if let Some(v) = th.get_attr_option(class, name)?
                && th.is_abstract_method(v)?
            {
                th.push(&names, *k)?;
            }
        }
    }
    let set = taipan_vm::types::set::frozenset_from(th, names.as_slice())?;
    th.set_attr_str(class, "__abstractmethods__", set)
}

/// The module `_abc`.
pub struct Abc;

/// Module contains faster implementation of abc.ABCMeta
#[pymodule(name = "_abc")]
impl Abc {
    /// Internal ABC helper for class set-up. Should be never used outside abc module.
    #[pyfunction(name = "_abc_init")]
    fn init(th: &mut Thread, self_: Value) -> Result<()> {
        let class = self_;
        abstract_names(th, class)?;
        let [registry, cache, negative] = [th.new_dict(), th.new_dict(), th.new_dict()];
        let version = counter(th);
        let d = th.new_native(&DATA, |head| AbcData {
            head,
            registry,
            cache,
            negative,
            negative_version: Cell::new(version),
        });
        th.set_attr_str(class, "_abc_impl", d.value())?;
        let Some(t) = class.downcast::<Type>() else {
            return Ok(());
        };
        let name = th.intern("__abc_tpflags__");
        let Some(bits) = t.namespace().get_str(name) else {
            return Ok(());
        };
        if let Some(bits) = bits.as_int() {
            if TPFLAGS.iter().all(|(b, _)| bits & b != 0) {
                return Err(th.type_error(
                    "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING",
                ));
            }
            for (b, f) in TPFLAGS {
                if bits & b != 0 {
                    t.set_flag(f, true);
                }
            }
        }
        th.del_attr(class, name)
    }

    /// Internal ABC helper for subclass registration. Should be never used outside abc module.
    #[pyfunction(name = "_abc_register")]
    fn register(th: &mut Thread, self_: Value, subclass: Value) -> Result {
        let class = self_;
        let Some(sub) = subclass.downcast::<Type>() else {
            return Err(th.type_error("Can only register classes"));
        };
        if th.is_subclass_check(subclass, class)? {
            return Ok(subclass);
        }
        if th.is_subclass_check(class, subclass)? {
            return Err(th.runtime_error("Refusing to create an inheritance cycle"));
        }
        let d = data(th, class)?;
        add(th, d.registry, subclass)?;
        let next = counter(th) + 1;
        let next = th.int(next);
        th.vm().registry.borrow_mut().insert(COUNTER, next);
        if let Some(t) = class.downcast::<Type>() {
            for (_, f) in TPFLAGS {
                if t.has(f) {
                    set_flags(sub, f);
                }
            }
        }
        Ok(subclass)
    }

    /// Internal ABC helper for instance checks. Should be never used outside abc module.
    #[pyfunction(name = "_abc_instancecheck")]
    fn instance_check(th: &mut Thread, self_: Value, instance: Value) -> Result {
        let d = data(th, self_)?;
        let name = th.intern("__class__");
        let class = th.get_attr(instance, name)?;
        if has(th, d.cache, class)? {
            return Ok(th.bool(true));
        }
        let real = th.class_of(instance).value();
        if real.is(class) {
            if d.negative_version.get() == counter(th) && has(th, d.negative, class)? {
                return Ok(th.bool(false));
            }
            return th.call_method_str(self_, "__subclasscheck__", &[class]);
        }
        let r = th.call_method_str(self_, "__subclasscheck__", &[class])?;
        if th.truth(r)? {
            return Ok(r);
        }
        th.call_method_str(self_, "__subclasscheck__", &[real])
    }

    /// Internal ABC helper for subclasss checks. Should be never used outside abc module.
    #[pyfunction(name = "_abc_subclasscheck")]
    fn subclass_check(th: &mut Thread, self_: Value, subclass: Value) -> Result<bool> {
        let class = self_;
        let Some(sub) = subclass.downcast::<Type>() else {
            return Err(th.type_error("issubclass() arg 1 must be a class"));
        };
        let d = data(th, class)?;
        if has(th, d.cache, subclass)? {
            return Ok(true);
        }
        let now = counter(th);
        if d.negative_version.get() < now {
            d.negative.clear();
            d.negative_version.set(now);
        } else if has(th, d.negative, subclass)? {
            return Ok(false);
        }
        let ok = th.call_method_str(class, "__subclasshook__", &[subclass])?;
        if ok.is(th.bool(true)) {
            add(th, d.cache, subclass)?;
            return Ok(true);
        }
        if ok.is(th.bool(false)) {
            add(th, d.negative, subclass)?;
            return Ok(false);
        }
        if !ok.is(th.not_implemented()) {
            return Err(th.assertion_error(
                "__subclasshook__ must return either False, True, or NotImplemented",
            ));
        }
        if class.downcast::<Type>().is_some_and(|t| sub.is_subtype(t)) {
            add(th, d.cache, subclass)?;
            return Ok(true);
        }
        let registered = live(th, d.registry)?;
        for r in registered.as_slice() {
            if th.is_subclass_check(subclass, *r)? {
                add(th, d.cache, subclass)?;
                return Ok(true);
            }
        }
        let subclasses = th.call_method_str(class, "__subclasses__", &[])?;
        let subclasses = th.collect(subclasses)?;
        for s in subclasses.as_slice() {
            if th.is_subclass_check(subclass, *s)? {
                add(th, d.cache, subclass)?;
                return Ok(true);
            }
        }
        add(th, d.negative, subclass)?;
        Ok(false)
    }

    /// Returns the current ABC cache token.
    ///
    /// The token is an opaque object (supporting equality testing) identifying the
    /// current version of the ABC cache for virtual subclasses. The token changes
    /// with every call to register() on any ABC.
    #[pyfunction]
    fn get_cache_token(th: &mut Thread) -> i64 {
        counter(th)
    }

    /// Internal ABC helper to reset registry of a given class.
    #[pyfunction(name = "_reset_registry")]
    fn reset_registry(th: &mut Thread, self_: Value) -> Result<()> {
        data(th, self_)?.registry.clear();
        Ok(())
    }

    /// Internal ABC helper to reset both caches of a given class.
    #[pyfunction(name = "_reset_caches")]
    fn reset_caches(th: &mut Thread, self_: Value) -> Result<()> {
        let d = data(th, self_)?;
        d.cache.clear();
        d.negative.clear();
        Ok(())
    }

    /// Internal ABC helper for cache and registry debugging.
    #[pyfunction(name = "_get_dump")]
    fn get_dump(th: &mut Thread, self_: Value) -> Result {
        let d = data(th, self_)?;
        let mut sets = [th.none(); 3];
        for (i, dict) in [d.registry, d.cache, d.negative].into_iter().enumerate() {
            let all = ValueVec::new();
            let items = th.dict_items_vec(dict)?;
            for pair in items.as_slice().chunks_exact(2) {
                th.push(&all, pair[1])?;
            }
            sets[i] = taipan_vm::types::set::set_from(th, all.as_slice())?;
        }
        let version = th.int(d.negative_version.get());
        Ok(th.new_tuple(&[sets[0], sets[1], sets[2], version]).value())
    }
}
