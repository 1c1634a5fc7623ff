//! `weakref.ref`: a reference that does not keep its referent alive.
//!
//! The collector clears it through the heap's table (`object::gc::weak`); the referent's word is
//! therefore not traced. A plain reference without callback is shared by all who ask for one.

use std::cell::Cell;

use crate::call::Args;
use crate::object::slots::CompareOp;
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::type_::{Type, flags};
use crate::{NativeObject, Thread, pytype};

/// A weak reference.
#[derive(NativeObject)]
#[repr(C)]
pub struct WeakRef {
    head: NativeHeader,
    #[notrace]
    referent: Cell<Option<Value>>,
    /// What is called when the referent has died.
    pub callback: Slot,
    #[notrace]
    hash: Cell<Option<i64>>,
}

impl crate::types::Named for WeakRef {
    const NAME: &'static str = "weakref.ReferenceType";
}

impl WeakRef {
    /// The referent; None when it has died.
    #[inline]
    pub fn get(&self) -> Option<Value> {
        self.referent.get()
    }

    /// Makes it refer to nothing.
    pub fn clear(&self) {
        self.referent.set(None);
    }
}

impl Thread {
    /// A weak reference of class `class` (`ref`, a proxy type, or derived from one).
    pub fn new_weak_reference(
        &mut self,
        class: Gc<Type>,
        referent: Value,
        callback: Option<Value>,
    ) -> Result {
        if !self.class_of(referent).has(flags::HAS_WEAKREF) {
            let name = self.type_name(referent);
            return Err(self.type_error(format!("cannot create weak reference to '{name}' object")));
        }
        let callback = self.not_none(callback);
        if callback.is_none() && !class.has(flags::HEAP) {
            let shared = self
                .heap()
                .weak_refs_of(referent)
                .iter()
                .copied()
                .find(|&w| {
                    w.header()
                        .is_some_and(|h| h.shape() == class.instance_shape())
                        && w.downcast::<WeakRef>()
                            .is_some_and(|r| r.callback.get().is_none() && r.get().is_some())
                });
            if let Some(w) = shared {
                return Ok(w);
            }
        }
        let w = self.alloc_native::<WeakRef>(class, |head| WeakRef {
            head,
            referent: Cell::new(Some(referent)),
            callback: Slot::from_option(callback),
            hash: Cell::new(None),
        });
        let plain = callback.is_none() && !class.has(flags::HEAP);
        self.heap().register_weak(referent, w.value(), plain);
        Ok(w.value())
    }
}

fn unpack(th: &mut Thread, name: &str, given: &[Value]) -> Result<(Value, Option<Value>)> {
    match given {
        [object] => Ok((*object, None)),
        [object, callback] => Ok((*object, Some(*callback))),
        [] => Err(th.type_error(format!("{name} expected at least 1 argument, got 0"))),
        all => {
            let n = all.len();
            Err(th.type_error(format!("{name} expected at most 2 arguments, got {n}")))
        }
    }
}

/// Weak reference to an object.
#[pytype(name = "ReferenceType", module = "weakref", flags = BASETYPE)]
impl WeakRef {
    #[pynew(raw, sig = "(object, callback=None, /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let (class, given) = match args.positionals() {
            [class, given @ ..] => (th.expect_type(*class)?, given),
            [] => return Err(th.type_error("__new__() not enough arguments")),
        };
        // Keywords are the business of a subclass's __init__.
        let (object, callback) = unpack(th, "__new__", given)?;
        th.new_weak_reference(class, object, callback)
    }

    #[pyslot]
    fn init(th: &mut Thread, _: Value, args: Args<'_>) -> Result<()> {
        if args.keyword_count() > 0 {
            return Err(th.type_error("ref() takes no keyword arguments"));
        }
        unpack(th, "__init__", args.positionals()).map(|_| ())
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        if !args.values.is_empty() {
            let n = args.values.len();
            return Err(th.type_error(format!("weakref expected 0 arguments, got {n}")));
        }
        let referent = this.downcast::<WeakRef>().and_then(|w| w.get());
        Ok(th.or_none(referent))
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let w = th.expect::<WeakRef>(this)?;
        if let Some(h) = w.hash.get() {
            return Ok(h);
        }
        let Some(v) = w.get() else {
            return Err(th.type_error("weak object has gone away"));
        };
        let h = th.hash(v)?;
        w.hash.set(Some(h));
        Ok(h)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (CompareOp::Eq | CompareOp::Ne) = op else {
            return Ok(th.not_implemented());
        };
        let (Some(x), Some(y)) = (a.downcast::<WeakRef>(), b.downcast::<WeakRef>()) else {
            return Ok(th.not_implemented());
        };
        match (x.get(), y.get()) {
            (Some(x), Some(y)) => th.compare(x, y, op),
            _ => Ok(th.bool(a.is(b) == (op == CompareOp::Eq))),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let w = th.expect::<WeakRef>(this)?;
        let text = match w.get() {
            None => format!("<weakref at {:#x}; dead>", this.bits()),
            Some(v) => {
                let kind = th.type_name(v);
                // Of the class, as CPython looks it up: `__getattr__` is not asked.
                let name = th.intern("__name__");
                let name = match th.special(v, name)? {
                    Some(n) if n.downcast::<crate::types::str_::Str>().is_some() => {
                        format!(" ({})", th.str_lossy(n))
                    }
                    _ => String::new(),
                };
                format!(
                    "<weakref at {:#x}; to '{kind}' at {:#x}{name}>",
                    this.bits(),
                    v.bits()
                )
            }
        };
        Ok(th.new_str(&text).value())
    }

    #[pygetter(name = "__callback__")]
    fn callback(_: &mut Thread, this: Gc<WeakRef>) -> Option<Value> {
        this.get()?;
        this.callback.get()
    }
}
