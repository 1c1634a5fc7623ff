//! `_sre`: what `re` is built on.
//!
//! [`pattern`] has compiled patterns, [`match_`] their matches, [`scanner`] scanners and the
//! iterator of `finditer`, [`template`] replacement templates, [`substitute`] `sub` and `subn`,
//! [`subject`] the texts that are searched. Patterns keep the engine's scratch memory between
//! calls; no engine structure holds a Python object.

pub mod match_;
pub mod pattern;
pub mod scanner;
pub mod subject;
mod substitute;
pub mod template;

use taipan_vm::object::{Gc, Raised, Result, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::list::List;
use taipan_vm::types::module::Module;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::unicode::{case, types};
use taipan_vm::{Thread, pymodule};

use super::engine::{CharInfo, Context, MAGIC, MAXREPEAT, MatchError};

/// The highest number of groups.
const MAX_GROUPS: i64 = (1 << 30) - 1;

/// Character properties by Python's Unicode tables; the locale is C's.
pub(super) struct UnicodeChars;

impl CharInfo for UnicodeChars {
    fn is_decimal(&self, ch: u32) -> bool {
        types::is_decimal(ch)
    }
    fn is_space(&self, ch: u32) -> bool {
        types::is_space(ch)
    }
    fn is_alnum(&self, ch: u32) -> bool {
        types::is_alphanumeric(ch)
    }
    fn lower(&self, ch: u32) -> u32 {
        case::simple_lower(ch)
    }
    fn upper(&self, ch: u32) -> u32 {
        case::simple_upper(ch)
    }
    fn is_linebreak(&self, ch: u32) -> bool {
        types::is_line_break(ch)
    }
}

/// Runs the engine; signals and thread switches are served meanwhile.
pub(super) fn run<R>(
    th: &mut Thread,
    f: impl FnOnce(&mut Context<'_>) -> std::result::Result<R, MatchError>,
) -> Result<R> {
    let mut raised = None;
    let mut interrupt = || match th.poll() {
        Ok(()) => false,
        Err(e) => {
            raised = Some(e);
            true
        }
    };
    let found = f(&mut Context {
        chars: &UnicodeChars,
        interrupt: &mut interrupt,
    });
    match found {
        Ok(found) => Ok(found),
        Err(MatchError::Interrupted) => Err(raised.unwrap_or(Raised)),
        Err(MatchError::Memory) => Err(th.memory_error()),
    }
}

/// The words of a program. Raises TypeError, OverflowError.
fn words(th: &mut Thread, code: Gc<List>) -> Result<Box<[u32]>> {
    let mut out = Vec::with_capacity(code.items.len());
    let mut at = 0;
    // Conversion may run `__index__`, which may change the list.
    while let Some(item) = code.items.get(at) {
        at += 1;
        let word = match item.as_int() {
            Some(word) => word,
            None if th.class_of(item).slots().index.is_none() => {
                return Err(th.type_error("an integer is required"));
            }
            None => th.index_i64(item, "Python int too large to convert to C unsigned long")?,
        };
        let Ok(word) = u32::try_from(word) else {
            return Err(th.overflow_error(if word < 0 {
                "can't convert negative value to unsigned int"
            } else {
                "regular expression code size limit exceeded"
            }));
        };
        out.push(word);
    }
    Ok(out.into_boxed_slice())
}

/// `re._compile_template(pattern, template)`
fn compile_template(th: &mut Thread, pattern: Value, source: Value) -> Result<Gc<Template>> {
    let re = taipan_vm::sys::hooks::import(th, "re")?;
    let made = th.call_method_str(re, "_compile_template", &[pattern, source])?;
    th.expect::<Template>(made)
}

/// Raises the IndexError for a group that the pattern does not have.
#[cold]
fn no_such_group(th: &mut Thread) -> Raised {
    th.raise(ExceptionClass::IndexError, "no such group")
}

use template::Template;

/// The module `_sre`.
pub struct Sre;

#[pymodule(name = "_sre")]
impl Sre {
    #[pyexec]
    fn exec(th: &mut Thread, module: Gc<Module>) -> Result<()> {
        let numbers = [
            ("MAGIC", i64::from(MAGIC)),
            ("CODESIZE", 4),
            ("MAXREPEAT", i64::from(MAXREPEAT)),
            ("MAXGROUPS", MAX_GROUPS),
        ];
        for (name, number) in numbers {
            let number = th.int(number);
            th.dict_set_text(module.namespace(), name, number);
        }
        Ok(())
    }

    #[pyfunction]
    fn compile(
        th: &mut Thread,
        pattern: Value,
        flags: i32,
        code: Gc<List>,
        groups: isize,
        groupindex: Gc<Dict>,
        indexgroup: Gc<Tuple>,
    ) -> Result {
        let code = words(th, code)?;
        pattern::compile(th, pattern, flags, code, groups, groupindex, indexgroup)
    }

    #[pyfunction]
    fn getcodesize(_: &mut Thread) -> i32 {
        4
    }

    #[pyfunction]
    fn ascii_iscased(_: &mut Thread, character: i32) -> bool {
        u8::try_from(character).is_ok_and(|c| c.is_ascii_alphabetic())
    }

    #[pyfunction]
    fn unicode_iscased(_: &mut Thread, character: i32) -> bool {
        let c = character as u32;
        // One whose upper case is several has case, too.
        case::simple_lower(c) != c || case::upper(c) != case::Mapped::One(c)
    }

    #[pyfunction]
    fn ascii_tolower(_: &mut Thread, character: i32) -> i32 {
        match u8::try_from(character) {
            Ok(c) => i32::from(c.to_ascii_lowercase()),
            Err(_) => character,
        }
    }

    #[pyfunction]
    fn unicode_tolower(_: &mut Thread, character: i32) -> i32 {
        case::simple_lower(character as u32) as i32
    }

    #[pyfunction(sig = "(pattern, template, /)")]
    fn template(th: &mut Thread, pattern: Value, template: Gc<List>) -> Result {
        th.expect::<pattern::Pattern>(pattern)?;
        template::new(th, template)
    }
}
