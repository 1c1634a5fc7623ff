//! Syntax trees as Python objects: of source text (`ast.parse`), and compiled (`compile(tree)`).
//!
//! The compiler has trees of the abstract grammar (`taipan_lower::asdl`); here they become
//! instances of the classes in module `_ast` and are made of such instances.

mod from_python;
pub mod symtable;
mod to_python;

pub use taipan_lower::asdl::grammar;
use taipan_lower::asdl::{self, render::Invalid};
use taipan_lower::parse::Mode;

use crate::Thread;
use crate::object::{Gc, Raised, Result, Value};
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::type_::Type;

/// The namespace of module `_ast`.
fn classes(th: &mut Thread) -> Result<Gc<Dict>> {
    let name = th.intern("_ast");
    let module = crate::import::level::import_absolute(th, name)?;
    Ok(th.expect::<Module>(module)?.namespace())
}

/// Is the value a node, so that it belongs to a module that must have been imported?
pub fn is_node(th: &mut Thread, v: Value) -> Result<bool> {
    let modules = th.vm().modules_dict();
    if !v.is_pointer() || th.dict_get_text(modules, "_ast").is_none() {
        return Ok(false);
    }
    let classes = classes(th)?;
    match th
        .dict_get_text(classes, "AST")
        .and_then(|c| c.downcast::<Type>())
    {
        Some(root) => Ok(th.class_of(v).is_subtype(root)),
        None => Ok(false),
    }
}

/// The tree of a source text. Raises SyntaxError and its kin.
pub fn parse(
    th: &mut Thread,
    source: &str,
    filename: &str,
    options: taipan_lower::parse::Options,
) -> Result {
    match asdl::parse(source, options) {
        Ok(tree) => to_python::object(th, &tree),
        Err(e) => Err(crate::builtins::raise_syntax_error(th, filename, e)),
    }
}

fn root_of(mode: Mode) -> &'static str {
    match mode {
        Mode::Exec => "Module",
        Mode::Eval => "Expression",
        Mode::Single => "Interactive",
    }
}

/// Raises TypeError unless the node is the root that a mode wants.
pub fn check(th: &mut Thread, tree: Value, mode: Mode) -> Result<()> {
    let classes = classes(th)?;
    let want = root_of(mode);
    let class = th
        .dict_get_text(classes, want)
        .and_then(|c| c.downcast::<Type>());
    if class.is_some_and(|c| th.class_of(tree).is_subtype(c)) {
        return Ok(());
    }
    let got = th.class_of(tree).name_text();
    Err(th.type_error(format!("expected {want} node, got {got}")))
}

/// The code of a tree. Raises TypeError, ValueError, SyntaxError.
pub fn compile(
    th: &mut Thread,
    tree: Value,
    filename: &str,
    options: &taipan_lower::Options,
) -> Result {
    check(th, tree, options.front.mode)?;
    let node = from_python::node(th, tree)?;
    match taipan_lower::compile_tree(&node, filename, options) {
        Ok(c) => Ok(th.new_code(c.code).value()),
        Err(e) => Err(raise(th, filename, e)),
    }
}

fn raise(th: &mut Thread, filename: &str, e: taipan_lower::TreeError) -> Raised {
    use taipan_lower::TreeError;
    match e {
        TreeError::Syntax(e) => crate::builtins::raise_syntax_error(th, filename, e),
        TreeError::Invalid(Invalid::Value(m)) => th.value_error(m),
        TreeError::Invalid(Invalid::Type(m)) => th.type_error(m),
    }
}
