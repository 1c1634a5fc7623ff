//! `posix`: what `os` stands on. System calls go through std and rustix, so this is safe code.

pub(crate) mod args;
mod descriptors;
pub(crate) mod files;
mod ids;
mod names;
mod paths;
mod process;
pub(crate) mod sched;
pub(crate) mod spawn;
mod stat;

use taipan_vm::object::Gc;
use taipan_vm::types::module::Module;
use taipan_vm::{Result, Thread, Value, pymodule};

/// The functions hang here.
pub struct Posix;

/// This module provides access to operating system functionality that is
/// standardized by the C Standard and the POSIX standard (a thinly
/// disguised Unix interface).
#[pymodule(name = "posix", more = [&descriptors::FUNCTIONS, &files::FUNCTIONS, &ids::FUNCTIONS, &paths::FUNCTIONS, &sched::FUNCTIONS, &spawn::FUNCTIONS, &process::FUNCTIONS, &stat::FUNCTIONS], types = [files::DIR_ENTRY_TYPE, files::SCANDIR_TYPE])]
impl Posix {
    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let dict = m.namespace();
        for (k, v) in names::CONSTANTS {
            let v = th.int(*v);
            th.dict_set_text(dict, k, v);
        }
        let environ = environ(th)?;
        th.dict_set_text(dict, "environ", environ);
        let e = th
            .vm()
            .exception_class(taipan_vm::types::ExceptionClass::OSError)
            .value();
        th.dict_set_text(dict, "error", e);
        for (k, d) in [
            ("stat_result", &stat::STAT_RESULT),
            ("statvfs_result", &stat::STATVFS_RESULT),
            ("terminal_size", &process::TERMINAL_SIZE),
            ("uname_result", &process::UNAME_RESULT),
            ("times_result", &process::TIMES_RESULT),
            ("waitid_result", &spawn::WAITID_RESULT),
        ] {
            let c = th.struct_class(d)?.value();
            th.dict_set_text(dict, k, c);
        }
        let c = th.structseq_type(&sched::SCHED_PARAM).value();
        th.dict_set_text(dict, "sched_param", c);
        let have = th.new_list();
        for h in names::HAVE {
            let s = th.new_str(h).value();
            th.list_append(have, s)?;
        }
        th.dict_set_text(dict, "_have_functions", have.value());
        for (name, table) in [
            ("sysconf_names", names::SYSCONF),
            ("confstr_names", names::CONFSTR),
            ("pathconf_names", names::PATHCONF),
        ] {
            let d = th.new_dict();
            for (k, v) in table {
                let v = th.int(*v);
                th.dict_set_text(d, k, v);
            }
            th.dict_set_text(dict, name, d.value());
        }
        Ok(())
    }
}

/// The environment as a dict of bytes.
fn environ(th: &mut Thread) -> Result {
    let d = th.new_dict();
    for entry in crate::system::calls::environment() {
        let entry = entry.as_bytes();
        let Some(at) = entry.iter().position(|b| *b == b'=') else {
            continue;
        };
        let key = th.new_bytes(&entry[..at]).value();
        let value = th.new_bytes(&entry[at + 1..]).value();
        // The first of two with one name counts.
        if d.get(th, key)?.is_none() {
            d.set(th, key, value)?;
        }
    }
    Ok(d.value())
}

/// Converts a rustix error.
pub(crate) fn fail(
    th: &mut Thread,
    e: rustix::io::Errno,
    file: Option<Value>,
) -> taipan_vm::Raised {
    crate::os_error::raise(th, e.raw_os_error(), file, None)
}

pub(crate) use ids::name_argument as ids_name;
