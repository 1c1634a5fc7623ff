//! `typing.Generic`: the base of classes with type parameters.

use super::{type_var, typing_attribute};
use crate::call::Args;
use crate::object::{Result, Value};
use crate::types::tuple::Tuple;
use crate::{Thread, pytype};

/// `typing.Generic`'s methods hang here.
pub struct Generic;

/// Abstract base class for generic types.
///
/// On Python 3.12 and newer, generic classes implicitly inherit from
/// Generic when they declare a parameter list after the class's name::
///
///     class Mapping[KT, VT]:
///         def __getitem__(self, key: KT) -> VT:
///             ...
#[pytype(name = "Generic", module = "typing", payload = none, flags = BASETYPE)]
impl Generic {
    #[pyclassmethod(raw)]
    fn __class_getitem__(th: &mut Thread, args: Args<'_>) -> Result {
        let f = typing_attribute(th, "_generic_class_getitem")?;
        th.call_args(f, args)
    }

    #[pyclassmethod(raw)]
    fn __init_subclass__(th: &mut Thread, args: Args<'_>) -> Result {
        let f = typing_attribute(th, "_generic_init_subclass")?;
        th.call_args(f, args)
    }
}

/// `Generic[params]`, the implicit base of a class statement with type parameters.
pub fn subscript(th: &mut Thread, params: Value) -> Result {
    let Some(params) = params.downcast::<Tuple>() else {
        return Err(th.system_error("type parameters must be a tuple"));
    };
    let args = type_var::as_arguments(th, params)?;
    let alias = typing_attribute(th, "_GenericAlias")?;
    let generic = th.type_for(&TYPE).value();
    th.call(alias, &[generic, args.value()])
}
