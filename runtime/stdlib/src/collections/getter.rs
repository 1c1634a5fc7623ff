//! `_tuplegetter`: the attributes of named tuples.

use taipan_vm::object::{Gc, NativeHeader, Result, Slot, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

/// Gives the item of a tuple at one index.
#[repr(C)]
#[derive(NativeObject)]
pub struct TupleGetter {
    head: NativeHeader,
    #[notrace]
    index: usize,
    doc: Slot,
}

#[pytype(name = "_tuplegetter", module = "collections", table = GETTER_TYPE)]
impl TupleGetter {
    #[pynew(sig = "(index, doc, /)")]
    fn new(th: &mut Thread, class: Gc<Type>, index: usize, doc: Value) -> Result {
        Ok(th
            .alloc_native(class, |head| TupleGetter {
                head,
                index,
                doc: Slot::new(doc),
            })
            .value())
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        let (Some(g), Some(o)) = (this.downcast::<TupleGetter>(), object) else {
            return Ok(this);
        };
        let Some(t) = o.downcast::<Tuple>() else {
            if th.is_none(o) {
                return Ok(this);
            }
            let got = th.type_name(o);
            return Err(th.type_error(format!(
                "descriptor for index '{}' for tuple subclasses doesn't apply to '{got}' object",
                g.index
            )));
        };
        match t.get(g.index) {
            Some(v) => Ok(v),
            None => Err(th.index_error("tuple index out of range")),
        }
    }

    #[pyslot]
    fn descr_set(th: &mut Thread, _this: Value, _object: Value, v: Option<Value>) -> Result<()> {
        let what = if v.is_some() { "set" } else { "delete" };
        Err(th.raise(
            ExceptionClass::AttributeError,
            &format!("can't {what} attribute"),
        ))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(g) = this.downcast::<TupleGetter>() else {
            return Ok(this);
        };
        let doc = th.or_none(g.doc.get());
        let doc = th.repr(doc)?.to_string_lossy();
        Ok(th
            .new_str(&format!("_tuplegetter({}, {doc})", g.index))
            .value())
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(_: &mut Thread, this: Gc<TupleGetter>) -> Option<Value> {
        this.doc.get()
    }

    #[pysetter(name = "__doc__")]
    fn set_doc(_: &mut Thread, this: Gc<TupleGetter>, v: Option<Value>) -> Result<()> {
        this.doc.set_option(this.header(), v);
        Ok(())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<TupleGetter>) -> Value {
        let class = th.class_of(this.value()).value();
        let index = th.int(this.index as i64);
        let doc = th.or_none(this.doc.get());
        let args = th.new_tuple(&[index, doc]).value();
        th.new_tuple(&[class, args]).value()
    }
}
