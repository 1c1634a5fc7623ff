//! `mappingproxy`: a read-only view of a mapping (class namespaces).

use crate::object::{Gc, NativeHeader, Result, Value};
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

    #[pymethod]
    fn items(th: &mut Thread, this: Gc<MappingProxy>) -> Result {
        th.call_method_str(this.mapping, "items", &[])
    }

    #[pymethod]
    fn keys(th: &mut Thread, this: Gc<MappingProxy>) -> Result {
        th.call_method_str(this.mapping, "keys", &[])
    }

    #[pymethod]
    fn values(th: &mut Thread, this: Gc<MappingProxy>) -> Result {
        th.call_method_str(this.mapping, "values", &[])
    }

    #[pymethod(sig = "(key, default=None, /)")]
    fn get(th: &mut Thread, this: Gc<MappingProxy>, key: Value, default: Option<Value>) -> Result {
        let d = th.or_none(default);
        th.call_method_str(this.mapping, "get", &[key, d])
    }

    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<MappingProxy>) -> Result {
        th.call_method_str(this.mapping, "copy", &[])
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let m = mapping(th, this)?;
        let r = th.repr(m)?.to_string_lossy();
        Ok(th.new_str(&format!("mappingproxy({r})")).value())
    }
}
