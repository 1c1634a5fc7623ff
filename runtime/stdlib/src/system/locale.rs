//! The C library's locales.

use std::ffi::{CStr, c_char};

fn text(p: *const c_char) -> Vec<u8> {
    if p.is_null() {
        return Vec::new();
    }
    // SAFETY: a C string that lives until the locale is changed, under the interpreter's lock.
    unsafe { CStr::from_ptr(p) }.to_bytes().to_vec()
}

/// Sets a category's locale, or asks for it (None). The locale's name; None when there is none.
pub fn set(category: i32, name: Option<&CStr>) -> Option<Vec<u8>> {
    // SAFETY: a C string or null.
    let p = unsafe { libc::setlocale(category, name.map_or(std::ptr::null(), |n| n.as_ptr())) };
    (!p.is_null()).then(|| text(p))
}

/// `nl_langinfo`
pub fn information(key: i32) -> Vec<u8> {
    // SAFETY: a number.
    text(unsafe { libc::nl_langinfo(key) })
}

/// `strcoll`
pub fn compare(a: &CStr, b: &CStr) -> i32 {
    // SAFETY: C strings.
    unsafe { libc::strcoll(a.as_ptr(), b.as_ptr()) }
}

/// `strxfrm`
pub fn key(s: &CStr) -> Vec<u8> {
    // SAFETY: the buffer's length goes with it; with none, only the length is asked for.
    unsafe {
        let n = libc::strxfrm(std::ptr::null_mut(), s.as_ptr(), 0);
        let mut out = vec![0u8; n + 1];
        libc::strxfrm(out.as_mut_ptr().cast(), s.as_ptr(), out.len());
        out.truncate(n);
        out
    }
}

/// What `localeconv` says.
pub struct Conventions {
    /// Texts by name.
    pub texts: Vec<(&'static str, Vec<u8>)>,
    /// Groupings by name.
    pub groupings: Vec<(&'static str, Vec<u8>)>,
    /// Numbers by name.
    pub numbers: Vec<(&'static str, u8)>,
}

/// `localeconv`
pub fn conventions() -> Conventions {
    // SAFETY: a static structure, read under the interpreter's lock.
    let c = unsafe { &*libc::localeconv() };
    Conventions {
        texts: vec![
            ("decimal_point", text(c.decimal_point)),
            ("thousands_sep", text(c.thousands_sep)),
            ("int_curr_symbol", text(c.int_curr_symbol)),
            ("currency_symbol", text(c.currency_symbol)),
            ("mon_decimal_point", text(c.mon_decimal_point)),
            ("mon_thousands_sep", text(c.mon_thousands_sep)),
            ("positive_sign", text(c.positive_sign)),
            ("negative_sign", text(c.negative_sign)),
        ],
        groupings: vec![
            ("grouping", text(c.grouping)),
            ("mon_grouping", text(c.mon_grouping)),
        ],
        numbers: vec![
            ("int_frac_digits", c.int_frac_digits as u8),
            ("frac_digits", c.frac_digits as u8),
            ("p_cs_precedes", c.p_cs_precedes as u8),
            ("p_sep_by_space", c.p_sep_by_space as u8),
            ("n_cs_precedes", c.n_cs_precedes as u8),
            ("n_sep_by_space", c.n_sep_by_space as u8),
            ("p_sign_posn", c.p_sign_posn as u8),
            ("n_sign_posn", c.n_sign_posn as u8),
        ],
    }
}
