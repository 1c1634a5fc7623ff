//! `re.Pattern`: a compiled pattern.

use std::cell::Cell;

use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, NativeHeader, Result, Value};
use taipan_vm::types::Named;
use taipan_vm::types::dict::{Dict, proxy};
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{NativeObject, Thread, ValueVec, pytype};

use super::subject::{Text, clamp, open};
use super::{UnicodeChars, match_, run, scanner, substitute};
use crate::sre::engine::{Cursor, Match, Program, Scratch};

/// What a pattern can be matched against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wants {
    Anything,
    Strings,
    Bytes,
}

/// A compiled pattern.
#[repr(C)]
#[derive(NativeObject)]
pub struct Pattern {
    head: NativeHeader,
    source: Value,
    /// Names of the groups, and their numbers.
    pub groupindex: Gc<Dict>,
    /// By number, the names of the groups or None.
    pub indexgroup: Gc<Tuple>,
    #[notrace]
    flags: i32,
    #[notrace]
    wants: Wants,
    #[notrace]
    code: Box<[u32]>,
    /// For the engine.
    #[notrace]
    pub program: Program,
    /// Taken while a match runs, so that a match inside it gets its own.
    #[notrace]
    scratch: Cell<Option<Box<Scratch>>>,
}

impl Named for Pattern {
    const NAME: &'static str = "re.Pattern";
}

/// `_sre.compile`. Raises RuntimeError for invalid code.
pub fn compile(
    th: &mut Thread,
    source: Value,
    flags: i32,
    code: Box<[u32]>,
    groups: isize,
    groupindex: Gc<Dict>,
    indexgroup: Gc<Tuple>,
) -> Result {
    let wants = if th.is_none(source) {
        Wants::Anything
    } else if source.downcast::<Str>().is_some() {
        Wants::Strings
    } else {
        open(th, source)?.close(th);
        Wants::Bytes
    };
    let made = usize::try_from(groups)
        .ok()
        .and_then(|groups| Program::new(&code, groups, flags as u32, &UnicodeChars).ok());
    let Some(program) = made else {
        return Err(th.runtime_error("invalid SRE code"));
    };
    Ok(th
        .new_native(&PATTERN, |head| Pattern {
            head,
            source,
            groupindex,
            indexgroup,
            flags,
            wants,
            code,
            program,
            scratch: Cell::new(None),
        })
        .value())
}

/// How one match is looked for.
#[derive(Clone, Copy)]
enum How {
    Match,
    Full,
    Search,
}

impl Pattern {
    /// Opens a text for this pattern. Raises TypeError when it is not of the right kind.
    #[inline]
    pub fn open(&self, th: &mut Thread, string: Value) -> Result<Text> {
        let text = open(th, string)?;
        let message = match (self.wants, text.is_bytes()) {
            (Wants::Strings, true) => "cannot use a string pattern on a bytes-like object",
            (Wants::Bytes, false) => "cannot use a bytes pattern on a string-like object",
            _ => return Ok(text),
        };
        text.close(th);
        Err(th.type_error(message))
    }

    /// The engine's memory, to be given back with [`give_scratch`](Self::give_scratch).
    #[inline]
    pub fn take_scratch(&self) -> Box<Scratch> {
        self.scratch.take().unwrap_or_default()
    }

    /// Keeps the engine's memory for the next match.
    #[inline]
    pub fn give_scratch(&self, mut scratch: Box<Scratch>) {
        scratch.shrink();
        self.scratch.set(Some(scratch));
    }

    /// Goes through all matches in a text, at most `limit`, which `f` is told of.
    #[inline]
    pub fn each_match(
        &self,
        th: &mut Thread,
        text: &Text,
        bounds: (usize, usize),
        limit: usize,
        mut f: impl FnMut(&mut Thread, Match, &Scratch) -> Result<()>,
    ) -> Result<()> {
        let mut cursor = Cursor::new(bounds.0, bounds.1);
        let mut scratch = self.take_scratch();
        let mut count = 0;
        while count < limit {
            th.poll()?;
            let found = run(th, |context| {
                cursor.search(&self.program, text.subject(), &mut scratch, context)
            })?;
            let Some(found) = found else { break };
            f(th, found, &scratch)?;
            count += 1;
        }
        self.give_scratch(scratch);
        Ok(())
    }
}

/// One `match`, `fullmatch` or `search`.
fn once(
    th: &mut Thread,
    this: Gc<Pattern>,
    how: How,
    string: Value,
    pos: Option<isize>,
    endpos: Option<isize>,
) -> Result {
    let text = this.open(th, string)?;
    let (pos, endpos) = clamp(pos, endpos, text.len());
    let mut scratch = this.take_scratch();
    let found = run(th, |context| {
        let (program, subject) = (&this.program, text.subject());
        match how {
            How::Match => program.match_at(subject, pos, endpos, &mut scratch, context),
            How::Full => program.fullmatch(subject, pos, endpos, &mut scratch, context),
            How::Search => program.search(subject, pos, endpos, &mut scratch, context),
        }
    });
    text.close(th);
    let made = match found? {
        None => th.none(),
        Some(found) => match_::new(th, this, string, found, &scratch, (pos, endpos)),
    };
    this.give_scratch(scratch);
    Ok(made)
}

/// What `findall` gives for one match.
fn found_item(th: &mut Thread, groups: usize, text: &Text, m: Match, scratch: &Scratch) -> Value {
    let group = |th: &mut Thread, g: usize| {
        let (from, to) = scratch.group(g).unwrap_or((0, 0));
        text.slice(th, from, to)
    };
    match groups {
        0 => text.slice(th, m.start, m.end),
        1 => group(th, 1),
        _ => {
            let items = ValueVec::new();
            for g in 1..=groups {
                let item = group(th, g);
                items.try_push(th.heap(), None, item);
            }
            th.new_tuple(items.as_slice()).value()
        }
    }
}

/// Names of the flags in the order of `repr`.
const FLAGS: [(i32, &str); 8] = [
    (2, "re.IGNORECASE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (64, "re.VERBOSE"),
    (4, "re.LOCALE"),
    (32, "re.UNICODE"),
    (256, "re.ASCII"),
    (128, "re.DEBUG"),
];

/// The three flags of which UNICODE is the default for strings.
const WORD_FLAGS: i32 = 4 | 32 | 256;

/// Compiled regular expression object.
#[pytype(name = "Pattern", module = "re", flags = HAS_WEAKREF | NO_INSTANTIATION, table = PATTERN)]
impl Pattern {
    /// Matches zero or more characters at the beginning of the string.
    #[pymethod(name = "match", sig = "(string, pos=0, endpos=sys.maxsize)")]
    fn match_(
        th: &mut Thread,
        this: Gc<Pattern>,
        string: Value,
        pos: Option<isize>,
        endpos: Option<isize>,
    ) -> Result {
        once(th, this, How::Match, string, pos, endpos)
    }

    /// Matches against all of the string.
    #[pymethod(sig = "(string, pos=0, endpos=sys.maxsize)")]
    fn fullmatch(
        th: &mut Thread,
        this: Gc<Pattern>,
        string: Value,
        pos: Option<isize>,
        endpos: Option<isize>,
    ) -> Result {
        once(th, this, How::Full, string, pos, endpos)
    }

    /// Scan through string looking for a match, and return a corresponding match object instance.
    ///
    /// Return None if no position in the string matches.
    #[pymethod(sig = "(string, pos=0, endpos=sys.maxsize)")]
    fn search(
        th: &mut Thread,
        this: Gc<Pattern>,
        string: Value,
        pos: Option<isize>,
        endpos: Option<isize>,
    ) -> Result {
        once(th, this, How::Search, string, pos, endpos)
    }

    /// Return a list of all non-overlapping matches of pattern in string.
    #[pymethod(sig = "(string, pos=0, endpos=sys.maxsize)")]
    fn findall(
        th: &mut Thread,
        this: Gc<Pattern>,
        string: Value,
        pos: Option<isize>,
        endpos: Option<isize>,
    ) -> Result {
        let text = this.open(th, string)?;
        let out = th.new_list();
        let bounds = clamp(pos, endpos, text.len());
        let groups = this.program.groups();
        let done = this.each_match(th, &text, bounds, usize::MAX, |th, m, scratch| {
            let item = found_item(th, groups, &text, m, scratch);
            th.list_append(out, item)
        });
        text.close(th);
        done?;
        Ok(out.value())
    }

    /// Return an iterator over all non-overlapping matches for the RE pattern in string.
    ///
    /// For each match, the iterator returns a match object.
    #[pymethod(sig = "(string, pos=0, endpos=sys.maxsize)")]
    fn finditer(
        th: &mut Thread,
        this: Gc<Pattern>,
        string: Value,
        pos: Option<isize>,
        endpos: Option<isize>,
    ) -> Result {
        scanner::iterator(th, this, string, pos, endpos)
    }

    #[pymethod(sig = "(string, pos=0, endpos=sys.maxsize)")]
    fn scanner(
        th: &mut Thread,
        this: Gc<Pattern>,
        string: Value,
        pos: Option<isize>,
        endpos: Option<isize>,
    ) -> Result {
        scanner::new(th, this, string, pos, endpos)
    }

    /// Split string by the occurrences of pattern.
    #[pymethod(sig = "(string, maxsplit=0)")]
    fn split(th: &mut Thread, this: Gc<Pattern>, string: Value, maxsplit: Option<isize>) -> Result {
        let text = this.open(th, string)?;
        let out = th.new_list();
        let groups = this.program.groups();
        let mut last = 0;
        let bounds = (0, text.len());
        let limit = substitute::limit(maxsplit);
        let done = this.each_match(th, &text, bounds, limit, |th, m, scratch| {
            let piece = text.slice(th, last, m.start);
            th.list_append(out, piece)?;
            for g in 1..=groups {
                let item = match scratch.group(g) {
                    Some((from, to)) => text.slice(th, from, to),
                    None => th.none(),
                };
                th.list_append(out, item)?;
            }
            last = m.end;
            Ok(())
        });
        let rest = text.slice(th, last, text.len());
        text.close(th);
        done?;
        th.list_append(out, rest)?;
        Ok(out.value())
    }

    /// Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.
    #[pymethod(sig = "(repl, string, count=0)")]
    fn sub(
        th: &mut Thread,
        this: Gc<Pattern>,
        repl: Value,
        string: Value,
        count: Option<isize>,
    ) -> Result {
        substitute::substitute(th, this, repl, string, count).map(|(made, _)| made)
    }

    /// Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.
    #[pymethod(sig = "(repl, string, count=0)")]
    fn subn(
        th: &mut Thread,
        this: Gc<Pattern>,
        repl: Value,
        string: Value,
        count: Option<isize>,
    ) -> Result {
        let (made, count) = substitute::substitute(th, this, repl, string, count)?;
        let count = th.int_from_u64(count as u64);
        Ok(th.new_tuple(&[made, count]).value())
    }

    #[pymethod]
    fn __copy__(_: &mut Thread, this: Gc<Pattern>) -> Value {
        this.value()
    }

    #[pymethod(sig = "(memo, /)")]
    fn __deepcopy__(_: &mut Thread, this: Gc<Pattern>, _memo: Value) -> Value {
        this.value()
    }

    /// The regex matching flags.
    #[pygetter]
    fn flags(_: &mut Thread, this: Gc<Pattern>) -> i32 {
        this.flags
    }

    /// The number of capturing groups in the pattern.
    #[pygetter]
    fn groups(_: &mut Thread, this: Gc<Pattern>) -> usize {
        this.program.groups()
    }

    /// A dictionary mapping group names to group numbers.
    #[pygetter]
    fn groupindex(th: &mut Thread, this: Gc<Pattern>) -> Value {
        proxy::new(th, this.groupindex.value())
    }

    /// The pattern string from which the RE object was compiled.
    #[pygetter]
    fn pattern(_: &mut Thread, this: Gc<Pattern>) -> Value {
        this.source
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let p = th.expect::<Pattern>(this)?;
        let mut flags = p.flags;
        if p.wants == Wants::Strings && flags & WORD_FLAGS == 32 {
            flags &= !32;
        }
        let mut names = Vec::new();
        for (bit, name) in FLAGS {
            if flags & bit != 0 {
                names.push(name.to_string());
                flags &= !bit;
            }
        }
        if flags != 0 {
            names.push(format!("0x{flags:x}"));
        }
        let source: String = th
            .repr(p.source)?
            .to_string_lossy()
            .chars()
            .take(200)
            .collect();
        let comma = if names.is_empty() { "" } else { ", " };
        let names = names.join("|");
        Ok(th
            .new_str(&format!("re.compile({source}{comma}{names})"))
            .value())
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let p = th.expect::<Pattern>(this)?;
        let source = th.hash(p.source)?;
        let code = p.code.iter().fold(p.code.len() as u64, |hash, word| {
            (hash.rotate_left(5) ^ u64::from(*word)).wrapping_mul(0x517c_c1b7_2722_0a95)
        });
        let hash = source ^ code as i64 ^ i64::from(p.flags);
        Ok(if hash == -1 { -2 } else { hash })
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Pattern>(), b.downcast::<Pattern>()) else {
            return Ok(th.not_implemented());
        };
        if op != CompareOp::Eq && op != CompareOp::Ne {
            return Ok(th.not_implemented());
        }
        let same = a.is(b)
            || x.flags == y.flags
                && x.wants == y.wants
                && x.code == y.code
                && th.equal(x.source, y.source)?;
        Ok(th.bool(same == (op == CompareOp::Eq)))
    }
}
