//! `None`, `NotImplemented` and `Ellipsis`: the classes of the three singletons.

use crate::Thread;
use crate::call::Args;
use crate::object::{Result, Value};
use crate::pytype;
use crate::types::object::Instance;

fn no_arguments(th: &mut Thread, args: &Args<'_>, name: &str) -> Result<()> {
    match args.values.len() {
        0 | 1 => Ok(()),
        _ => Err(th.type_error(format!("{name} takes no arguments"))),
    }
}

/// `NoneType`'s methods hang here.
pub struct NoneType;

/// The type of the None singleton.
#[pytype(name = "NoneType", payload = Instance, table = NONE_TYPE)]
impl NoneType {
    #[pynew(raw, sig = "()")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        no_arguments(th, &args, "NoneType")?;
        Ok(th.none())
    }

    #[pyslot]
    fn repr(th: &mut Thread, _: Value) -> Result {
        Ok(th.intern("None").value())
    }

    #[pyslot]
    fn bool_(_: &mut Thread, _: Value) -> Result<bool> {
        Ok(false)
    }

    #[pyslot]
    fn hash(_: &mut Thread, _: Value) -> Result<i64> {
        Ok(0xfca86420)
    }
}

/// `NotImplementedType`'s methods hang here.
pub struct NotImplementedType;

/// The type of the NotImplemented singleton.
#[pytype(name = "NotImplementedType", payload = Instance, table = NOT_IMPLEMENTED_TYPE)]
impl NotImplementedType {
    #[pynew(raw, sig = "()")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        no_arguments(th, &args, "NotImplementedType")?;
        Ok(th.not_implemented())
    }

    #[pyslot]
    fn repr(th: &mut Thread, _: Value) -> Result {
        Ok(th.intern("NotImplemented").value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, _this: Value) -> Result {
        Ok(th.intern("NotImplemented").value())
    }

    #[pyslot]
    fn bool_(th: &mut Thread, _: Value) -> Result<bool> {
        Err(th.type_error("NotImplemented should not be used in a boolean context"))
    }
}

/// `ellipsis`'s methods hang here.
pub struct EllipsisType;

/// The type of the Ellipsis singleton.
#[pytype(name = "ellipsis", payload = Instance, table = ELLIPSIS_TYPE)]
impl EllipsisType {
    #[pynew(raw, sig = "()")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        no_arguments(th, &args, "EllipsisType")?;
        Ok(th.ellipsis())
    }

    #[pyslot]
    fn repr(th: &mut Thread, _: Value) -> Result {
        Ok(th.intern("Ellipsis").value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, _this: Value) -> Result {
        Ok(th.intern("Ellipsis").value())
    }
}
