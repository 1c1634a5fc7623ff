//! `_typing`: the natively made parts of `typing`.

use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::module::Module;
use taipan_vm::types::typing::{alias_type, generic, no_default, type_var, union};
use taipan_vm::{Thread, pymodule};

/// The module `_typing`.
pub struct Typing;

/// Primitives and accelerators for the typing module.
#[pymodule(name = "_typing", types = [
    alias_type::TYPE,
    generic::TYPE,
    type_var::PARAM_SPEC,
    type_var::PARAM_SPEC_ARGS,
    type_var::PARAM_SPEC_KWARGS,
    type_var::TYPE_VAR,
    type_var::TYPE_VAR_TUPLE,
    union::TYPE
])]
impl Typing {
    #[pyexec]
    fn exec(th: &mut Thread, module: Gc<Module>) -> Result<()> {
        let v = no_default(th);
        th.dict_set_text(module.namespace(), "NoDefault", v);
        Ok(())
    }

    #[pyfunction]
    fn _idfunc(_: &mut Thread, x: Value) -> Value {
        x
    }
}
