//! `_opcode`: what `opcode.py` asks about the reference's instruction set.
//!
//! Code objects here hold another bytecode, so no opcode of that numbering is valid and none has
//! an argument; the tables of operator names, which describe the language, are complete.

use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::module::Module;
use taipan_vm::{Thread, pymodule};

const BINARY: &[(&str, &str)] = &[
    ("NB_ADD", "+"),
    ("NB_AND", "&"),
    ("NB_FLOOR_DIVIDE", "//"),
    ("NB_LSHIFT", "<<"),
    ("NB_MATRIX_MULTIPLY", "@"),
    ("NB_MULTIPLY", "*"),
    ("NB_REMAINDER", "%"),
    ("NB_OR", "|"),
    ("NB_POWER", "**"),
    ("NB_RSHIFT", ">>"),
    ("NB_SUBTRACT", "-"),
    ("NB_TRUE_DIVIDE", "/"),
    ("NB_XOR", "^"),
];

const INTRINSIC1: &[&str] = &[
    "INTRINSIC_1_INVALID",
    "INTRINSIC_PRINT",
    "INTRINSIC_IMPORT_STAR",
    "INTRINSIC_STOPITERATION_ERROR",
    "INTRINSIC_ASYNC_GEN_WRAP",
    "INTRINSIC_UNARY_POSITIVE",
    "INTRINSIC_LIST_TO_TUPLE",
    "INTRINSIC_TYPEVAR",
    "INTRINSIC_PARAMSPEC",
    "INTRINSIC_TYPEVARTUPLE",
    "INTRINSIC_SUBSCRIPT_GENERIC",
    "INTRINSIC_TYPEALIAS",
];

const INTRINSIC2: &[&str] = &[
    "INTRINSIC_2_INVALID",
    "INTRINSIC_PREP_RERAISE_STAR",
    "INTRINSIC_TYPEVAR_WITH_BOUND",
    "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
    "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
    "INTRINSIC_SET_TYPEPARAM_DEFAULT",
];

fn names(th: &mut Thread, all: &[&str]) -> Result {
    let l = th.new_list();
    for n in all {
        let n = th.new_str(n).value();
        th.list_append(l, n)?;
    }
    Ok(l.value())
}

/// The module `_opcode`.
pub struct Opcode;

/// Opcode support module.
#[pymodule(name = "_opcode")]
impl Opcode {
    #[pyexec]
    fn exec(th: &mut Thread, module: Gc<Module>) -> Result<()> {
        // Instructions here are not rewritten by more special ones.
        for name in ["ENABLE_SPECIALIZATION", "ENABLE_SPECIALIZATION_FT"] {
            let no = th.bool(false);
            th.set_attr_str(module.value(), name, no)?;
        }
        Ok(())
    }

    /// Compute the stack effect of the opcode.
    #[pyfunction(sig = "(opcode, oparg=None, /, *, jump=None)")]
    fn stack_effect(
        th: &mut Thread,
        _opcode: i64,
        _oparg: Option<Value>,
        _jump: Option<Value>,
    ) -> Result {
        Err(th.value_error("invalid opcode or oparg"))
    }

    /// Return True if opcode is valid, False otherwise.
    #[pyfunction(sig = "(opcode)")]
    fn is_valid(_: &mut Thread, _opcode: i64) -> bool {
        false
    }

    /// Return True if the opcode uses its oparg, False otherwise.
    #[pyfunction(sig = "(opcode)")]
    fn has_arg(_: &mut Thread, _opcode: i64) -> bool {
        false
    }

    /// Return True if the opcode accesses a constant, False otherwise.
    #[pyfunction(sig = "(opcode)")]
    fn has_const(_: &mut Thread, _opcode: i64) -> bool {
        false
    }

    /// Return True if the opcode accesses an attribute by name, False otherwise.
    #[pyfunction(sig = "(opcode)")]
    fn has_name(_: &mut Thread, _opcode: i64) -> bool {
        false
    }

    /// Return True if the opcode has a jump target, False otherwise.
    #[pyfunction(sig = "(opcode)")]
    fn has_jump(_: &mut Thread, _opcode: i64) -> bool {
        false
    }

    /// Return True if the opcode accesses a free variable, False otherwise.
    #[pyfunction(sig = "(opcode)")]
    fn has_free(_: &mut Thread, _opcode: i64) -> bool {
        false
    }

    /// Return True if the opcode accesses a local variable, False otherwise.
    #[pyfunction(sig = "(opcode)")]
    fn has_local(_: &mut Thread, _opcode: i64) -> bool {
        false
    }

    /// Return True if the opcode sets an exception handler, False otherwise.
    #[pyfunction(sig = "(opcode)")]
    fn has_exc(_: &mut Thread, _opcode: i64) -> bool {
        false
    }

    /// Return array of symbols of binary ops.
    #[pyfunction]
    fn get_nb_ops(th: &mut Thread) -> Result {
        let l = th.new_list();
        let add = |th: &mut Thread, name: &str, symbol: &str| -> Result<()> {
            let pair = [th.new_str(name).value(), th.new_str(symbol).value()];
            let pair = th.new_tuple(&pair).value();
            th.list_append(l, pair)
        };
        for (n, s) in BINARY {
            add(th, n, s)?;
        }
        for (n, s) in BINARY {
            let n = n.replace("NB_", "NB_INPLACE_");
            add(th, &n, &format!("{s}="))?;
        }
        add(th, "NB_SUBSCR", "[]")?;
        Ok(l.value())
    }

    /// Return a list of names of the unary intrinsics.
    #[pyfunction]
    fn get_intrinsic1_descs(th: &mut Thread) -> Result {
        names(th, INTRINSIC1)
    }

    /// Return a list of names of the binary intrinsics.
    #[pyfunction]
    fn get_intrinsic2_descs(th: &mut Thread) -> Result {
        names(th, INTRINSIC2)
    }

    /// Return a list of special method names.
    #[pyfunction]
    fn get_special_method_names(th: &mut Thread) -> Result {
        names(th, &["__enter__", "__exit__", "__aenter__", "__aexit__"])
    }

    /// Return the specialization statistics: there are none.
    #[pyfunction]
    fn get_specialization_stats(th: &mut Thread) -> Value {
        th.none()
    }

    /// Return the executor object at offset in code if exists: there are none.
    #[pyfunction(sig = "(*, code, offset)")]
    fn get_executor(th: &mut Thread, _code: Value, _offset: i64) -> Result {
        Err(th.value_error("no executor exists at this offset"))
    }
}
