//! `_locale`: the C library's locales.

use std::ffi::CString;

use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::list::List;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::{Raised, Result, Thread, Value, pymodule};

use crate::locale_names::CONSTANTS;
use crate::os_error::fs_decode;
use crate::system::locale;

fn fail(th: &mut Thread, text: &str) -> Raised {
    let class = th.vm().registry.borrow().get("locale.Error").copied();
    let text = th.new_str(text).value();
    match class {
        Some(c) => match th.call(c, &[text]) {
            Ok(e) => th.raise_value(e),
            Err(r) => r,
        },
        None => th.raise_with(ExceptionClass::Exception, &[text]),
    }
}

fn c_text(th: &mut Thread, s: Gc<Str>) -> Result<CString> {
    let b = crate::os_error::fs_encode(th, &s)?;
    CString::new(b).map_err(|_| th.value_error("embedded null character"))
}

fn grouping(th: &mut Thread, g: &[u8]) -> Result<Gc<List>> {
    let out = th.new_list();
    for n in g {
        let v = th.int(*n as i64);
        th.list_append(out, v)?;
    }
    // A grouping that goes on ends with 0.
    if !g.is_empty() && g.last() != Some(&127) {
        let v = th.int(0);
        th.list_append(out, v)?;
    }
    Ok(out)
}

/// The functions hang here.
pub struct Locale;

/// Support for POSIX locales.
#[pymodule(name = "_locale")]
impl Locale {
    /// Activates/queries locale processing.
    #[pyfunction(sig = "(category, locale=None, /)")]
    fn setlocale(th: &mut Thread, category: i32, name: Option<Value>) -> Result {
        let name = match th.not_none(name) {
            None => None,
            Some(v) => {
                let s = th.expect::<Str>(v)?;
                Some(c_text(th, s)?)
            }
        };
        match locale::set(category, name.as_deref()) {
            Some(text) => Ok(fs_decode(th, &text)),
            None => Err(match name {
                Some(_) => fail(th, "unsupported locale setting"),
                None => fail(th, "locale query failed"),
            }),
        }
    }

    /// Returns numeric and monetary locale-specific parameters.
    #[pyfunction]
    fn localeconv(th: &mut Thread) -> Result {
        let c = locale::conventions();
        let d = th.new_dict();
        for (name, text) in &c.texts {
            let v = fs_decode(th, text);
            th.dict_set_text(d, name, v);
        }
        for (name, g) in &c.groupings {
            let v = grouping(th, g)?.value();
            th.dict_set_text(d, name, v);
        }
        for (name, n) in &c.numbers {
            let v = th.int(*n as i64);
            th.dict_set_text(d, name, v);
        }
        Ok(d.value())
    }

    /// Return the value for the locale information associated with key.
    #[pyfunction(sig = "(key, /)")]
    fn nl_langinfo(th: &mut Thread, key: i32) -> Result {
        if !CONSTANTS.iter().any(|(_, n)| *n == key as i64) {
            return Err(th.value_error("unsupported langinfo constant"));
        }
        let text = locale::information(key);
        Ok(fs_decode(th, &text))
    }

    /// Compares two strings according to the locale.
    #[pyfunction(sig = "(os1, os2, /)")]
    fn strcoll(th: &mut Thread, a: Gc<Str>, b: Gc<Str>) -> Result<i32> {
        let (a, b) = (c_text(th, a)?, c_text(th, b)?);
        Ok(locale::compare(&a, &b))
    }

    /// Return a string that can be used as a key for locale-aware comparisons.
    #[pyfunction(sig = "(string, /)")]
    fn strxfrm(th: &mut Thread, s: Gc<Str>) -> Result {
        let s = c_text(th, s)?;
        let key: Vec<u32> = locale::key(&s).iter().map(|b| *b as u32).collect();
        Ok(th.str_from_code_points(&key).value())
    }

    /// Get the current locale encoding.
    #[pyfunction]
    fn getencoding(th: &mut Thread) -> String {
        if th.vm().config.utf8_mode {
            return "utf-8".into();
        }
        match locale::information(libc::CODESET) {
            t if t.is_empty() => "UTF-8".into(),
            t => String::from_utf8_lossy(&t).into_owned(),
        }
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::enter_numbers(th, m, CONSTANTS);
        // Character types are the environment's from the start.
        locale::set(libc::LC_CTYPE, Some(c""));
        let base = th.vm().exception_class(ExceptionClass::Exception).value();
        let e = crate::new_exception(th, "locale.Error", base)?;
        th.vm().registry.borrow_mut().insert("locale.Error", e);
        th.dict_set_text(m.namespace(), "Error", e);
        Ok(())
    }
}
