//! `mappingproxy`: a read-only view of a mapping (class namespaces).

use crate::object::slots::CompareOp;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::protocol::arith::BinaryOp;
use crate::types::T;
use crate::{NativeObject, Thread, pytype};

/// A mapping proxy.
#[repr(C)]
#[derive(NativeObject)]
pub struct MappingProxy {
    head: NativeHeader,
    /// The mapping.
    pub mapping: Value,
}

/// A proxy of a mapping.
pub fn new(th: &mut Thread, mapping: Value) -> Value {
    let head = th.native_header::<MappingProxy>(T::MappingProxy);
    th.alloc(MappingProxy { head, mapping }).value()
}

fn mapping(th: &mut Thread, this: Value) -> Result {
    match this.downcast::<MappingProxy>() {
        Some(p) => Ok(p.mapping),
        None => Err(th.type_error("not a mappingproxy")),
    }
}

/// Read-only proxy of a mapping.
#[pytype(name = "mappingproxy", flags = MAPPING)]
impl MappingProxy {
    #[pynew(sig = "(mapping)")]
    fn new(th: &mut Thread, _class: Value, mapping: Value) -> Result {
        let class = th.class_of(mapping);
        let s = class.slots();
        if s.getitem.is_none()
            || mapping.downcast::<crate::types::list::List>().is_some()
            || mapping.downcast::<crate::types::tuple::Tuple>().is_some()
        {
            let got = class.name_text();
            return Err(th.type_error(format!(
                "mappingproxy() argument must be a mapping, not {got}"
            )));
        }
        Ok(new(th, mapping))
    }

    #[pyslot]
    fn len(th: &mut Thread, this: Value) -> Result<usize> {
        let m = mapping(th, this)?;
        th.len(m)
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let m = mapping(th, this)?;
        th.get_item(m, key)
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, key: Value) -> Result<bool> {
        let m = mapping(th, this)?;
        th.contains(m, key)
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let m = mapping(th, this)?;
        th.iter(m)
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let m = mapping(th, this)?;
        th.hash(m)
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        let m = mapping(th, this)?;
        Ok(th.str(m)?.value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let m = mapping(th, this)?;
        let mut out = crate::types::sequence::TextParts::new();
        out.push_str("mappingproxy(");
        out.push_repr(th, m)?;
        out.push_str(")");
        Ok(out.finish(th))
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let m = mapping(th, this)?;
        let other = match other.downcast::<MappingProxy>() {
            Some(o) => o.mapping,
            None => other,
        };
        th.compare(m, other, op)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        let inner = |v: Value| v.downcast::<MappingProxy>().map_or(v, |p| p.mapping);
        th.binary(BinaryOp::Or, inner(a), inner(b))
    }

    #[pyslot]
    fn inplace_or(th: &mut Thread, this: Value, _other: Value) -> Result {
        let got = th.type_name(this);
        Err(th.type_error(format!("'|=' is not supported by {got}; use '|' instead")))
    }

    /// Return a reverse iterator over the keys.
    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Gc<MappingProxy>) -> Result {
        th.call_method_str(this.mapping, "__reversed__", &[])
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        crate::builtins::generic_alias(th, class, item)
    }

    /// a set-like object providing a view on D's items
    #[pymethod]
    fn items(th: &mut Thread, this: Gc<MappingProxy>) -> Result {
        th.call_method_str(this.mapping, "items", &[])
    }

    /// a set-like object providing a view on D's keys
    #[pymethod]
    fn keys(th: &mut Thread, this: Gc<MappingProxy>) -> Result {
        th.call_method_str(this.mapping, "keys", &[])
    }

    /// an object providing a view on D's values
    #[pymethod]
    fn values(th: &mut Thread, this: Gc<MappingProxy>) -> Result {
        th.call_method_str(this.mapping, "values", &[])
    }

    /// Return the value for key if key is in the mapping, else default.
    #[pymethod(sig = "(key, default=None, /)")]
    fn get(th: &mut Thread, this: Gc<MappingProxy>, key: Value, default: Option<Value>) -> Result {
        let d = th.or_none(default);
        th.call_method_str(this.mapping, "get", &[key, d])
    }

    /// a shallow copy of D
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<MappingProxy>) -> Result {
        th.call_method_str(this.mapping, "copy", &[])
    }
}
