//! `reader`: lines to lists of fields, by a state machine over their characters.

use std::cell::{Cell, RefCell};

use super::dialect::{Dialect, Quoting};
use super::error;
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::list::List;
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    StartRecord,
    StartField,
    Escaped,
    InField,
    Quoted,
    EscapedInQuoted,
    QuoteInQuoted,
    EatBreaks,
    AfterEscapedBreak,
}

/// A reader.
#[repr(C)]
#[derive(NativeObject)]
pub struct Reader {
    head: NativeHeader,
    input: Value,
    dialect: Gc<Dialect>,
    #[notrace]
    state: Cell<State>,
    #[notrace]
    unquoted: Cell<bool>,
    #[notrace]
    field: RefCell<Vec<u32>>,
    #[notrace]
    lines: Cell<u64>,
    /// Counts calls, to notice one that the input makes.
    #[notrace]
    calls: Cell<u64>,
}

/// A reader of an iterator.
pub(super) fn new(th: &mut Thread, input: Value, dialect: Gc<Dialect>) -> Value {
    th.new_native(&READER_TYPE, |head| Reader {
        head,
        input,
        dialect,
        state: Cell::new(State::StartRecord),
        unquoted: Cell::new(false),
        field: RefCell::default(),
        lines: Cell::new(0),
        calls: Cell::new(0),
    })
    .value()
}

const NEWLINE: u32 = b'\n' as u32;
const RETURN: u32 = b'\r' as u32;

/// ASCII characters that a state does something with, a bit each.
struct Stops {
    in_field: u128,
    quoted: u128,
}

/// The bit of an ASCII character.
pub(super) fn bit(c: u32) -> u128 {
    1u128.checked_shl(c).unwrap_or(0)
}

impl Stops {
    fn new(d: &Dialect) -> Stops {
        let escape = d.escapechar.map_or(0, bit);
        Stops {
            in_field: bit(d.delimiter) | bit(NEWLINE) | bit(RETURN) | escape,
            quoted: d.quotechar.map_or(0, bit) | escape,
        }
    }
}

impl Reader {
    /// Adds the ordinary characters at the start of ASCII text to the field; gives their number.
    fn take_run(&self, text: &[u8], stops: &Stops, limit: usize) -> usize {
        let stop = match self.state.get() {
            State::InField => stops.in_field,
            State::Quoted => stops.quoted,
            _ => return 0,
        };
        let ordinary = |b: &&u8| stop & bit(u32::from(**b)) == 0;
        let n = text.iter().take_while(ordinary).count();
        let mut field = self.field.borrow_mut();
        if field.len() + n > limit {
            return 0;
        }
        field.extend(text[..n].iter().map(|b| u32::from(*b)));
        n
    }

    /// The characters of a line.
    fn take_line(&self, th: &mut Thread, fields: Gc<List>, s: Gc<Str>, limit: usize) -> Result<()> {
        let Some(text) = s.as_ascii() else {
            for c in s.code_points() {
                self.step(th, fields, Some(c), limit)?;
            }
            return Ok(());
        };
        let stops = Stops::new(&self.dialect);
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            let n = self.take_run(rest, &stops, limit);
            if n > 0 {
                rest = &rest[n..];
                continue;
            }
            self.step(th, fields, Some(u32::from(*first)), limit)?;
            rest = tail;
        }
        Ok(())
    }

    fn save(&self, th: &mut Thread, fields: Gc<List>) -> Result<()> {
        let mut text = std::mem::take(&mut *self.field.borrow_mut());
        let (unquoted, quoting) = (self.unquoted.get(), self.dialect.quoting);
        if unquoted && text.is_empty() && matches!(quoting, Quoting::NotNull | Quoting::Strings) {
            let none = th.none();
            return th.list_append(fields, none);
        }
        let s = th.str_from_code_points(&text).value();
        let number = unquoted
            && !text.is_empty()
            && matches!(quoting, Quoting::NonNumeric | Quoting::Strings);
        text.clear();
        *self.field.borrow_mut() = text;
        let v = if number {
            let class = th.vm().ty(taipan_vm::types::T::Float).value();
            th.call(class, &[s])?
        } else {
            s
        };
        th.list_append(fields, v)
    }

    fn add(&self, th: &mut Thread, c: u32, limit: usize) -> Result<()> {
        let mut field = self.field.borrow_mut();
        if field.len() >= limit {
            drop(field);
            return Err(error(
                th,
                &format!("field larger than field limit ({limit})"),
            ));
        }
        field.push(c);
        Ok(())
    }

    /// One character; None at the end of the line.
    fn step(&self, th: &mut Thread, fields: Gc<List>, c: Option<u32>, limit: usize) -> Result<()> {
        use State::*;
        let d = &self.dialect;
        let breaks = matches!(c, None | Some(NEWLINE | RETURN));
        let after = if c.is_none() { StartRecord } else { EatBreaks };
        let is_quote = c.is_some() && c == d.quotechar && d.quoting != Quoting::None;
        let is_escape = c.is_some() && c == d.escapechar;
        let is_delimiter = c == Some(d.delimiter);
        let mut state = self.state.get();
        if state == StartRecord {
            match c {
                None => return Ok(()),
                Some(NEWLINE | RETURN) => {
                    self.state.set(EatBreaks);
                    return Ok(());
                }
                Some(_) => state = StartField,
            }
        }
        if state == AfterEscapedBreak {
            if c.is_none() {
                return Ok(());
            }
            state = InField;
        }
        let next = match state {
            StartField => {
                self.unquoted.set(true);
                if breaks {
                    self.save(th, fields)?;
                    after
                } else if is_quote {
                    self.unquoted.set(false);
                    Quoted
                } else if is_escape {
                    Escaped
                } else if c == Some(u32::from(b' ')) && d.skipinitialspace {
                    StartField
                } else if is_delimiter {
                    self.save(th, fields)?;
                    StartField
                } else {
                    self.add(th, c.unwrap_or(NEWLINE), limit)?;
                    InField
                }
            }
            Escaped => {
                self.add(th, c.unwrap_or(NEWLINE), limit)?;
                if c.is_some() && breaks {
                    AfterEscapedBreak
                } else {
                    InField
                }
            }
            InField => {
                if breaks {
                    self.save(th, fields)?;
                    after
                } else if is_escape {
                    Escaped
                } else if is_delimiter {
                    self.save(th, fields)?;
                    StartField
                } else {
                    self.add(th, c.unwrap_or(NEWLINE), limit)?;
                    InField
                }
            }
            Quoted => match c {
                None => Quoted,
                Some(_) if is_escape => EscapedInQuoted,
                Some(_) if is_quote => {
                    if d.doublequote {
                        QuoteInQuoted
                    } else {
                        InField
                    }
                }
                Some(c) => {
                    self.add(th, c, limit)?;
                    Quoted
                }
            },
            EscapedInQuoted => {
                self.add(th, c.unwrap_or(NEWLINE), limit)?;
                Quoted
            }
            QuoteInQuoted => {
                if is_quote {
                    self.add(th, c.unwrap_or(NEWLINE), limit)?;
                    Quoted
                } else if is_delimiter {
                    self.save(th, fields)?;
                    StartField
                } else if breaks {
                    self.save(th, fields)?;
                    after
                } else if !d.strict {
                    self.add(th, c.unwrap_or(NEWLINE), limit)?;
                    InField
                } else {
                    let show = |c: u32| char::from_u32(c).unwrap_or('\u{FFFD}');
                    let (a, b) = (show(d.delimiter), show(d.quotechar.unwrap_or(0)));
                    return Err(error(th, &format!("'{a}' expected after '{b}'")));
                }
            }
            EatBreaks => match c {
                None => StartRecord,
                Some(NEWLINE | RETURN) => EatBreaks,
                Some(_) => {
                    return Err(error(
                        th,
                        "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                    ));
                }
            },
            StartRecord | AfterEscapedBreak => state,
        };
        self.state.set(next);
        Ok(())
    }
}

/// CSV reader
///
/// Reader objects are responsible for reading and parsing tabular data
/// in CSV format.
#[pytype(name = "reader", module = "_csv", flags = NO_INSTANTIATION, table = READER_TYPE)]
impl Reader {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(r) = this.downcast::<Reader>() else {
            return Ok(None);
        };
        let limit = super::limit(th);
        let fields = th.new_list();
        r.state.set(State::StartRecord);
        r.unquoted.set(false);
        r.field.borrow_mut().clear();
        let call = r.calls.get() + 1;
        r.calls.set(call);
        loop {
            let line = th.next(r.input)?;
            if r.calls.get() != call {
                return Err(error(th, "iterator has already advanced the reader"));
            }
            let Some(line) = line else {
                let open = !r.field.borrow().is_empty() || r.state.get() == State::Quoted;
                if !open {
                    return Ok(None);
                }
                if r.dialect.strict {
                    return Err(error(th, "unexpected end of data"));
                }
                r.save(th, fields)?;
                break;
            };
            let Some(s) = line.downcast::<Str>() else {
                let got = th.type_name(line);
                return Err(error(
                    th,
                    &format!(
                        "iterator should return strings, not {got} (the file should be opened in text mode)"
                    ),
                ));
            };
            r.lines.set(r.lines.get() + 1);
            r.take_line(th, fields, s, limit)?;
            r.step(th, fields, None, limit)?;
            if r.state.get() == State::StartRecord {
                break;
            }
        }
        Ok(Some(fields.value()))
    }

    #[pygetter]
    fn dialect(_: &mut Thread, this: Gc<Reader>) -> Value {
        this.dialect.value()
    }

    #[pygetter]
    fn line_num(_: &mut Thread, this: Gc<Reader>) -> u64 {
        this.lines.get()
    }
}
