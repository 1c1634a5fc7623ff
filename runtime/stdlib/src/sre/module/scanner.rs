//! Scanners, and the iterator that `finditer` returns.

use std::cell::Cell;

use taipan_vm::object::{Gc, NativeHeader, Result, Value};
use taipan_vm::types::Named;
use taipan_vm::{NativeObject, Thread, pytype};

use super::pattern::Pattern;
use super::subject::clamp;
use super::{match_, run};
use crate::sre::engine::Cursor;

/// Where a search for match after match stands. The text is opened anew for each step.
#[repr(C)]
#[derive(NativeObject)]
pub struct Scanner {
    head: NativeHeader,
    pattern: Gc<Pattern>,
    string: Value,
    #[notrace]
    cursor: Cell<Cursor>,
    #[notrace]
    bounds: (usize, usize),
}

/// The iterator of `finditer`.
#[repr(C)]
#[derive(NativeObject)]
pub struct FindIterator {
    head: NativeHeader,
    scanner: Gc<Scanner>,
    #[notrace]
    done: Cell<bool>,
}

impl Named for Scanner {
    const NAME: &'static str = "_sre.SRE_Scanner";
}

impl Named for FindIterator {
    const NAME: &'static str = "callable_iterator";
}

fn make(
    th: &mut Thread,
    pattern: Gc<Pattern>,
    string: Value,
    pos: Option<isize>,
    endpos: Option<isize>,
) -> Result<Gc<Scanner>> {
    let text = pattern.open(th, string)?;
    let bounds = clamp(pos, endpos, text.len());
    text.close(th);
    Ok(th.new_native(&SCANNER, |head| Scanner {
        head,
        pattern,
        string,
        cursor: Cell::new(Cursor::new(bounds.0, bounds.1)),
        bounds,
    }))
}

/// `Pattern.scanner`
pub fn new(
    th: &mut Thread,
    pattern: Gc<Pattern>,
    string: Value,
    pos: Option<isize>,
    endpos: Option<isize>,
) -> Result {
    Ok(make(th, pattern, string, pos, endpos)?.value())
}

/// `Pattern.finditer`
pub fn iterator(
    th: &mut Thread,
    pattern: Gc<Pattern>,
    string: Value,
    pos: Option<isize>,
    endpos: Option<isize>,
) -> Result {
    let scanner = make(th, pattern, string, pos, endpos)?;
    Ok(th
        .new_native(&ITERATOR, |head| FindIterator {
            head,
            scanner,
            done: Cell::new(false),
        })
        .value())
}

impl Scanner {
    /// The next match: anywhere, or directly after the last one.
    fn step(&self, th: &mut Thread, anywhere: bool) -> Result<Option<Value>> {
        let pattern = self.pattern;
        let text = pattern.open(th, self.string)?;
        let mut cursor = self.cursor.get();
        let mut scratch = pattern.take_scratch();
        let found = run(th, |context| {
            let (program, subject) = (&pattern.program, text.subject());
            if anywhere {
                cursor.search(program, subject, &mut scratch, context)
            } else {
                cursor.match_here(program, subject, &mut scratch, context)
            }
        });
        text.close(th);
        let made =
            found?.map(|found| match_::new(th, pattern, self.string, found, &scratch, self.bounds));
        pattern.give_scratch(scratch);
        self.cursor.set(cursor);
        Ok(made)
    }
}

#[pytype(name = "SRE_Scanner", module = "_sre", flags = NO_INSTANTIATION, table = SCANNER)]
impl Scanner {
    #[pymethod(name = "match")]
    fn match_(th: &mut Thread, this: Gc<Scanner>) -> Result<Option<Value>> {
        this.step(th, false)
    }

    #[pymethod]
    fn search(th: &mut Thread, this: Gc<Scanner>) -> Result<Option<Value>> {
        this.step(th, true)
    }

    #[pygetter]
    fn pattern(_: &mut Thread, this: Gc<Scanner>) -> Value {
        this.pattern.value()
    }
}

#[pytype(name = "callable_iterator", module = "builtins", flags = NO_INSTANTIATION, table = ITERATOR)]
impl FindIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let this = th.expect::<FindIterator>(this)?;
        if this.done.get() {
            return Ok(None);
        }
        let found = this.scanner.step(th, true)?;
        this.done.set(found.is_none());
        Ok(found)
    }
}
