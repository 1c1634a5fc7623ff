//! `pyexpat`: an XML parser with the interface of Expat, and of our own making.

mod codes;
mod decode;
mod dtd;
mod engine;
mod event;
mod parser;
mod run;
mod scan;

use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::module::Module;
use taipan_vm::{Thread, pymodule};

use crate::support::{exception_class, kept};

/// The module hangs here.
pub struct Pyexpat;

/// The release of Expat whose behaviour this is.
const VERSION: (i64, i64, i64) = (2, 7, 1);

const ERROR_KEY: &str = "pyexpat.ExpatError";

/// Raises ExpatError.
fn raise(th: &mut Thread, code: i32, line: u64, column: u64) -> taipan_vm::Raised {
    let text = codes::message(code).unwrap_or("unknown error");
    let text = th
        .new_str(&format!("{text}: line {line}, column {column}"))
        .value();
    let Some(class) = kept(th, ERROR_KEY) else {
        return th.value_error("ExpatError");
    };
    let made = th.call(class, &[text]).and_then(|e| {
        let code = th.int(code as i64);
        th.set_attr_str(e, "code", code)?;
        let column = th.int_from_u64(column);
        th.set_attr_str(e, "offset", column)?;
        let line = th.int_from_u64(line);
        th.set_attr_str(e, "lineno", line)?;
        Ok(e)
    });
    match made {
        Ok(e) => th.raise_value(e),
        Err(r) => r,
    }
}

fn submodule(th: &mut Thread, parent: Gc<Module>, name: &str, doc: &str) -> Result<Gc<Module>> {
    let full = format!("pyexpat.{name}");
    let key = th.intern(&full).value();
    let class = th.class_of(parent.value()).value();
    let doc = th.new_str(doc).value();
    let made = th.call(class, &[key, doc])?;
    let Some(m) = made.downcast::<Module>() else {
        return Err(th.system_error("a module was expected"));
    };
    th.dict_set_text(parent.namespace(), name, made);
    let modules = th.vm().modules_dict();
    modules.set(th, key, made)?;
    Ok(m)
}

/// Python wrapper for Expat parser.
#[pymodule(name = "pyexpat", types = [])]
impl Pyexpat {
    /// Return a new XML parser object.
    #[pyfunction(
        name = "ParserCreate",
        sig = "(encoding=None, namespace_separator=None, intern=<unrepresentable>)"
    )]
    fn parser_create(
        th: &mut Thread,
        encoding: Option<Value>,
        namespace_separator: Option<Value>,
        intern: Option<Value>,
    ) -> Result {
        parser::create(th, encoding, namespace_separator, intern)
    }

    /// Returns string error for given number.
    #[pyfunction(name = "ErrorString", sig = "(code, /)")]
    fn error_string(_: &mut Thread, code: i64) -> Option<&'static str> {
        i32::try_from(code).ok().and_then(codes::message)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let base = th.vm().exception_class(ExceptionClass::Exception).value();
        let error = exception_class(th, ERROR_KEY, "xml.parsers.expat", "ExpatError", base)?;
        let d = m.namespace();
        th.dict_set_text(d, "ExpatError", error);
        th.dict_set_text(d, "error", error);
        let class = th.type_for(&parser::PARSER).value();
        th.dict_set_text(d, "XMLParserType", class);
        let (major, minor, micro) = VERSION;
        let text = th
            .new_str(&format!("expat_{major}.{minor}.{micro}"))
            .value();
        th.dict_set_text(d, "EXPAT_VERSION", text);
        let parts = [th.int(major), th.int(minor), th.int(micro)];
        let version = th.new_tuple(&parts).value();
        th.dict_set_text(d, "version_info", version);
        let utf8 = th.new_str("UTF-8").value();
        th.dict_set_text(d, "native_encoding", utf8);
        let features = th.new_list();
        for (name, n) in [
            ("sizeof(XML_Char)", 1),
            ("sizeof(XML_LChar)", 1),
            ("XML_DTD", 0),
            ("XML_CONTEXT_BYTES", 1024),
            ("XML_NS", 0),
            ("XML_GE", 0),
        ] {
            let pair = [th.new_str(name).value(), th.int(n)];
            let pair = th.new_tuple(&pair).value();
            th.list_append(features, pair)?;
        }
        th.dict_set_text(d, "features", features.value());
        crate::enter_numbers(
            th,
            m,
            &[
                ("XML_PARAM_ENTITY_PARSING_NEVER", 0),
                ("XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", 1),
                ("XML_PARAM_ENTITY_PARSING_ALWAYS", 2),
            ],
        );
        let model = submodule(
            th,
            m,
            "model",
            "Constants used to interpret content model information.",
        )?;
        crate::enter_numbers(
            th,
            model,
            &[
                ("XML_CTYPE_EMPTY", 1),
                ("XML_CTYPE_ANY", 2),
                ("XML_CTYPE_MIXED", 3),
                ("XML_CTYPE_NAME", 4),
                ("XML_CTYPE_CHOICE", 5),
                ("XML_CTYPE_SEQ", 6),
                ("XML_CQUANT_NONE", 0),
                ("XML_CQUANT_OPT", 1),
                ("XML_CQUANT_REP", 2),
                ("XML_CQUANT_PLUS", 3),
            ],
        );
        let errors = submodule(
            th,
            m,
            "errors",
            "Constants used to describe error conditions.",
        )?;
        let (numbers, messages) = (th.new_dict(), th.new_dict());
        for (code, name, text) in codes::ERRORS {
            let (text, number) = (th.new_str(text).value(), th.int(*code as i64));
            let name = format!("XML_ERROR_{name}");
            th.dict_set_text(errors.namespace(), &name, text);
            numbers.set(th, text, number)?;
            messages.set(th, number, text)?;
        }
        th.dict_set_text(errors.namespace(), "codes", numbers.value());
        th.dict_set_text(errors.namespace(), "messages", messages.value());
        Ok(())
    }
}
