//! `_csv`: readers and writers of delimited text.

mod dialect;
mod reader;
mod writer;

use dialect::{DIALECT_TYPE, Dialect};
use taipan_vm::call::{Args, KwArgs};
use taipan_vm::object::{Gc, Raised};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, pymodule};

use crate::support;

const ERROR: &str = "_csv.Error";
const DIALECTS: &str = "_csv.dialects";
const LIMIT: &str = "_csv.limit";

#[cold]
fn error(th: &mut Thread, message: &str) -> Raised {
    support::raise_own(th, ERROR, message)
}

/// The registered dialects.
fn dialects(th: &mut Thread) -> Result<Gc<Dict>> {
    match support::kept(th, DIALECTS).and_then(|d| d.downcast::<Dict>()) {
        Some(d) => Ok(d),
        None => Err(th.runtime_error("module _csv is not there")),
    }
}

fn registered(th: &mut Thread, name: Value) -> Result {
    let all = dialects(th)?;
    match all.get(th, name)? {
        Some(d) => Ok(d),
        None => Err(error(th, "unknown dialect")),
    }
}

/// A dialect of what `reader` and `writer` take: a name, a class or an instance, and options.
fn make_dialect(
    th: &mut Thread,
    base: Option<Value>,
    options: Option<Gc<Dict>>,
) -> Result<Gc<Dialect>> {
    let class = th.type_for(&DIALECT_TYPE).value();
    let names = th.new_list();
    let values = taipan_vm::ValueVec::new();
    if let Some(b) = base {
        th.push(&values, b)?;
    }
    if let Some(d) = options {
        let mut at = 0;
        while let Some((next, k, v)) = d.entry_from(at) {
            th.list_append(names, k)?;
            th.push(&values, v)?;
            at = next;
        }
    }
    let kwnames = match names.items.is_empty() {
        true => None,
        false => Some(th.to_tuple(names.value())?),
    };
    let made = th.call_args(
        class,
        Args {
            values: values.as_slice(),
            kwnames,
        },
    )?;
    th.expect::<Dialect>(made)
}

fn limit(th: &Thread) -> usize {
    support::kept(th, LIMIT)
        .and_then(|v| v.as_int())
        .map_or(128 * 1024, |n| n.max(0) as usize)
}

/// The functions hang here.
pub struct Csv;

/// CSV parsing and writing.
#[pymodule(name = "_csv", types = [DIALECT_TYPE])]
impl Csv {
    /// Return a reader object that will process lines from the given iterable.
    #[pyfunction(sig = "(iterable, dialect='excel', /, **fmtparams)")]
    fn reader(
        th: &mut Thread,
        iterable: Value,
        dialect: Option<Value>,
        fmtparams: KwArgs,
    ) -> Result {
        let dialect = make_dialect(th, dialect, Some(fmtparams.0))?;
        let input = th.iter(iterable)?;
        Ok(reader::new(th, input, dialect))
    }

    /// Return a writer object that will write user data on the given file object.
    #[pyfunction(sig = "(fileobj, dialect='excel', /, **fmtparams)")]
    fn writer(
        th: &mut Thread,
        fileobj: Value,
        dialect: Option<Value>,
        fmtparams: KwArgs,
    ) -> Result {
        let dialect = make_dialect(th, dialect, Some(fmtparams.0))?;
        let write = match th.get_attr_str_option(fileobj, "write")? {
            Some(w) if th.is_callable(w) => w,
            _ => return Err(th.type_error("argument 1 must have a \"write\" method")),
        };
        Ok(writer::new(th, write, dialect))
    }

    /// Create a mapping from a string name to a dialect class.
    #[pyfunction(sig = "(name, dialect='excel', /, **fmtparams)")]
    fn register_dialect(
        th: &mut Thread,
        name: Value,
        dialect: Option<Value>,
        fmtparams: KwArgs,
    ) -> Result<()> {
        if name.downcast::<Str>().is_none() {
            return Err(th.type_error("dialect name must be a string"));
        }
        let d = make_dialect(th, dialect, Some(fmtparams.0))?;
        let all = dialects(th)?;
        all.set(th, name, d.value())
    }

    /// Delete the name/dialect mapping associated with a string name.
    #[pyfunction]
    fn unregister_dialect(th: &mut Thread, name: Value) -> Result<()> {
        let all = dialects(th)?;
        match all.remove(th, name)? {
            Some(_) => Ok(()),
            None => Err(error(th, "unknown dialect")),
        }
    }

    /// Return the dialect instance associated with name.
    #[pyfunction]
    fn get_dialect(th: &mut Thread, name: Value) -> Result {
        registered(th, name)
    }

    /// Return a list of all known dialect names.
    #[pyfunction]
    fn list_dialects(th: &mut Thread) -> Result {
        let all = dialects(th)?;
        let keys = th.collect(all.value())?;
        Ok(th.list_from_vec(keys).value())
    }

    /// Sets an upper limit on parsed fields.
    ///
    /// Returns old limit. If limit is not given, no new limit is set and
    /// the old limit is returned.
    #[pyfunction(sig = "(new_limit=<unrepresentable>)")]
    fn field_size_limit(th: &mut Thread, new_limit: Option<Value>) -> Result<usize> {
        let old = limit(th);
        if let Some(v) = new_limit {
            if !taipan_vm::types::int::is_int(v) {
                return Err(th.type_error("limit must be an integer"));
            }
            let n = th.index_i64(v, "Python int too large to convert to C long")?;
            let n = th.int(n);
            th.vm().registry.borrow_mut().insert(LIMIT, n);
        }
        Ok(old)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let dict = m.namespace();
        let base = th.vm().exception_class(ExceptionClass::Exception).value();
        let error = support::exception_class(th, ERROR, "_csv", "Error", base)?;
        th.dict_set_text(dict, "Error", error);
        let all = match support::kept(th, DIALECTS) {
            Some(all) => all,
            None => th.new_dict().value(),
        };
        th.vm().registry.borrow_mut().insert(DIALECTS, all);
        th.dict_set_text(dict, "_dialects", all);
        let version = th.new_str("1.0").value();
        th.dict_set_text(dict, "__version__", version);
        for (i, name) in dialect::QUOTINGS.iter().enumerate() {
            let v = th.int(i as i64);
            th.dict_set_text(dict, name, v);
        }
        for (name, def) in [
            ("Reader", &reader::READER_TYPE),
            ("Writer", &writer::WRITER_TYPE),
        ] {
            let class = th.type_for(def).value();
            th.dict_set_text(dict, name, class);
        }
        Ok(())
    }
}
