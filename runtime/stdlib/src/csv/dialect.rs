//! `Dialect`: the options of a kind of delimited text.

use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::str_::Str;
use taipan_vm::types::{Named, int};
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

/// The constants for quoting, by their values.
pub const QUOTINGS: [&str; 6] = [
    "QUOTE_MINIMAL",
    "QUOTE_ALL",
    "QUOTE_NONNUMERIC",
    "QUOTE_NONE",
    "QUOTE_STRINGS",
    "QUOTE_NOTNULL",
];

/// How much is quoted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Quoting {
    Minimal,
    All,
    NonNumeric,
    None,
    Strings,
    NotNull,
}

/// The options.
#[repr(C)]
#[derive(NativeObject)]
pub struct Dialect {
    head: NativeHeader,
    pub lineterminator: Gc<Str>,
    #[notrace]
    pub delimiter: u32,
    #[notrace]
    pub quotechar: Option<u32>,
    #[notrace]
    pub escapechar: Option<u32>,
    #[notrace]
    pub quoting: Quoting,
    #[notrace]
    pub doublequote: bool,
    #[notrace]
    pub skipinitialspace: bool,
    #[notrace]
    pub strict: bool,
}

impl Named for Dialect {
    const NAME: &'static str = "_csv.Dialect";
}

fn character(th: &mut Thread, v: Value, name: &str, none: bool) -> Result<Option<u32>> {
    if none && th.is_none(v) {
        return Ok(None);
    }
    let or_none = if none { " or None" } else { "" };
    match v.downcast::<Str>() {
        Some(s) if s.len() == 1 => Ok(s.at(0)),
        Some(s) => {
            let n = s.len();
            Err(th.type_error(format!(
                "\"{name}\" must be a unicode character{or_none}, not a string of length {n}"
            )))
        }
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!(
                "\"{name}\" must be a unicode character{or_none}, not {got}"
            )))
        }
    }
}

fn check_character(
    th: &mut Thread,
    name: &str,
    c: Option<u32>,
    end: Gc<Str>,
    space: bool,
) -> Result<()> {
    let Some(c) = c else {
        return Ok(());
    };
    if c == u32::from(b'\n') || c == u32::from(b'\r') || (c == u32::from(b' ') && !space) {
        return Err(th.value_error(format!("bad {name} value")));
    }
    if end.code_points().any(|e| e == c) {
        return Err(th.value_error(format!("bad {name} or lineterminator value")));
    }
    Ok(())
}

/// CSV dialect
#[pytype(name = "Dialect", module = "_csv", flags = BASETYPE, table = DIALECT_TYPE)]
impl Dialect {
    #[pynew(
        sig = "(dialect=None, delimiter=None, doublequote=None, escapechar=None, lineterminator=None, quotechar=None, quoting=None, skipinitialspace=None, strict=None)"
    )]
    fn new(
        th: &mut Thread,
        class: Value,
        dialect: Option<Value>,
        delimiter: Option<Value>,
        doublequote: Option<Value>,
        escapechar: Option<Value>,
        lineterminator: Option<Value>,
        quotechar: Option<Value>,
        quoting: Option<Value>,
        skipinitialspace: Option<Value>,
        strict: Option<Value>,
    ) -> Result {
        let class = th.expect_type(class)?;
        let mut options = [
            ("delimiter", delimiter),
            ("doublequote", doublequote),
            ("escapechar", escapechar),
            ("lineterminator", lineterminator),
            ("quotechar", quotechar),
            ("quoting", quoting),
            ("skipinitialspace", skipinitialspace),
            ("strict", strict),
        ];
        if let Some(mut base) = th.not_none(dialect) {
            if base.downcast::<Str>().is_some() {
                base = super::registered(th, base)?;
            }
            if base.downcast::<Dialect>().is_some() && options.iter().all(|o| o.1.is_none()) {
                return Ok(base);
            }
            for (name, v) in &mut options {
                if v.is_none() {
                    *v = th.get_attr_str_option(base, name)?;
                }
            }
        }
        let [
            (_, delimiter),
            (_, doublequote),
            (_, escapechar),
            (_, lineterminator),
            (_, quotechar),
            (_, quoting),
            (_, skipinitialspace),
            (_, strict),
        ] = options;
        let flag = |th: &mut Thread, v: Option<Value>, default: bool| match v {
            Some(v) => th.truth(v),
            None => Ok(default),
        };
        let delimiter = match delimiter {
            Some(v) => character(th, v, "delimiter", false)?.unwrap_or(0),
            None => u32::from(b','),
        };
        let doublequote = flag(th, doublequote, true)?;
        let escapechar = match escapechar {
            Some(v) => character(th, v, "escapechar", true)?,
            None => None,
        };
        let lineterminator = match lineterminator {
            None => Some(th.new_str("\r\n")),
            Some(v) => match v.downcast::<Str>() {
                Some(s) => Some(s),
                None => {
                    let got = th.type_name(v);
                    return Err(
                        th.type_error(format!("\"lineterminator\" must be a string, not {got}"))
                    );
                }
            },
        };
        let no_quotes = quotechar.is_some_and(|v| th.is_none(v)) && quoting.is_none();
        let quotechar = match quotechar {
            Some(v) => character(th, v, "quotechar", true)?,
            None => Some(u32::from(b'"')),
        };
        let quoting = match quoting {
            None => 0,
            Some(v) if th.is_exact(v, taipan_vm::types::T::Int) => int::to_i64(v).unwrap_or(-1),
            Some(v) => {
                let got = th.type_name(v);
                return Err(th.type_error(format!("\"quoting\" must be an integer, not {got}")));
            }
        };
        let skipinitialspace = flag(th, skipinitialspace, false)?;
        let strict = flag(th, strict, false)?;
        let quoting = match quoting {
            _ if no_quotes => Quoting::None,
            0 => Quoting::Minimal,
            1 => Quoting::All,
            2 => Quoting::NonNumeric,
            3 => Quoting::None,
            4 => Quoting::Strings,
            5 => Quoting::NotNull,
            _ => return Err(th.type_error("bad \"quoting\" value")),
        };
        if quoting != Quoting::None && quotechar.is_none() {
            return Err(th.type_error("quotechar must be set if quoting enabled"));
        }
        let Some(end) = lineterminator else {
            return Err(th.type_error("lineterminator must be set"));
        };
        let spaces = !skipinitialspace;
        check_character(th, "delimiter", Some(delimiter), end, true)?;
        check_character(th, "escapechar", escapechar, end, spaces)?;
        check_character(th, "quotechar", quotechar, end, spaces)?;
        for (a, b, x, y) in [
            ("delimiter", "escapechar", Some(delimiter), escapechar),
            ("delimiter", "quotechar", Some(delimiter), quotechar),
            ("escapechar", "quotechar", escapechar, quotechar),
        ] {
            if x.is_some() && x == y {
                return Err(th.value_error(format!("bad {a} or {b} value")));
            }
        }
        Ok(th
            .alloc_native(class, |head| Dialect {
                head,
                lineterminator: end,
                delimiter,
                quotechar,
                escapechar,
                quoting,
                doublequote,
                skipinitialspace,
                strict,
            })
            .value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Dialect>) -> Result {
        let name = th.type_name(this.value());
        Err(th.type_error(format!("cannot pickle '{name}' instances")))
    }

    #[pymethod]
    fn __reduce_ex__(th: &mut Thread, this: Gc<Dialect>, _protocol: Value) -> Result {
        Dialect::__reduce__(th, this)
    }

    #[pygetter]
    fn delimiter(th: &mut Thread, this: Gc<Dialect>) -> Value {
        th.str_from_char(this.delimiter).value()
    }

    #[pygetter]
    fn quotechar(th: &mut Thread, this: Gc<Dialect>) -> Value {
        match this.quotechar {
            Some(c) => th.str_from_char(c).value(),
            None => th.none(),
        }
    }

    #[pygetter]
    fn escapechar(th: &mut Thread, this: Gc<Dialect>) -> Value {
        match this.escapechar {
            Some(c) => th.str_from_char(c).value(),
            None => th.none(),
        }
    }

    #[pygetter]
    fn lineterminator(_: &mut Thread, this: Gc<Dialect>) -> Value {
        this.lineterminator.value()
    }

    #[pygetter]
    fn quoting(_: &mut Thread, this: Gc<Dialect>) -> i64 {
        this.quoting as i64
    }

    #[pygetter]
    fn doublequote(_: &mut Thread, this: Gc<Dialect>) -> bool {
        this.doublequote
    }

    #[pygetter]
    fn skipinitialspace(_: &mut Thread, this: Gc<Dialect>) -> bool {
        this.skipinitialspace
    }

    #[pygetter]
    fn strict(_: &mut Thread, this: Gc<Dialect>) -> bool {
        this.strict
    }
}
