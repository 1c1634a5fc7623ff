//! `re.Match`: the result of a successful match.

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Slot, Value};
use taipan_vm::types::Named;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{NativeObject, Thread, ValueVec, pytype};

use super::pattern::Pattern;
use super::subject::{Text, open};
use super::{compile_template, no_such_group};
use crate::sre::engine::{self, Scratch};

/// A span, as (begin, end); the begin is `usize::MAX` for a group that did not take part.
type Span = (usize, usize);

const UNSET: Span = (usize::MAX, usize::MAX);

/// Groups (the whole match included) whose spans are kept in the object itself.
const INLINE: usize = 4;

/// A match.
#[repr(C)]
#[derive(NativeObject)]
pub struct Match {
    head: NativeHeader,
    pattern: Gc<Pattern>,
    string: Value,
    /// Begin and end of each group from number [`INLINE`] on, as ints.
    more: GcSlot<Tuple>,
    regs: Slot,
    #[notrace]
    spans: [Span; INLINE],
    #[notrace]
    last: usize,
    #[notrace]
    bounds: Span,
}

impl Named for Match {
    const NAME: &'static str = "re.Match";
}

/// A match object for what the engine found.
pub fn new(
    th: &mut Thread,
    pattern: Gc<Pattern>,
    string: Value,
    found: engine::Match,
    scratch: &Scratch,
    bounds: (usize, usize),
) -> Value {
    let groups = pattern.program.groups();
    let mut spans = [UNSET; INLINE];
    spans[0] = (found.start, found.end);
    for (g, span) in spans.iter_mut().enumerate().skip(1).take(groups) {
        *span = scratch.group(g).unwrap_or(UNSET);
    }
    let more = if groups < INLINE {
        None
    } else {
        let numbers = ValueVec::new();
        for g in INLINE..=groups {
            let (from, to) = scratch.group(g).unwrap_or(UNSET);
            for i in [from, to] {
                let i = th.int(i as i64);
                numbers.try_push(th.heap(), None, i);
            }
        }
        Some(th.new_tuple(numbers.as_slice()))
    };
    th.new_native(&MATCH, |head| Match {
        head,
        pattern,
        string,
        more: GcSlot::from_option(more),
        regs: Slot::from_option(None),
        spans,
        last: found.last_index.unwrap_or(0),
        bounds,
    })
    .value()
}

impl Match {
    fn group_count(&self) -> usize {
        self.pattern.program.groups()
    }

    /// The span of a group, if it took part.
    fn span(&self, group: usize) -> Option<Span> {
        let (from, to) = match self.spans.get(group) {
            Some(span) => *span,
            None => {
                let more = self.more.get()?;
                let at = |i: usize| more.get(i)?.as_int().map(|n| n as usize);
                let first = (group - INLINE) * 2;
                (at(first)?, at(first + 1)?)
            }
        };
        (from != usize::MAX).then_some((from, to))
    }

    /// The span as Python sees it.
    fn span_or_minus(&self, group: usize) -> (isize, isize) {
        self.span(group)
            .map_or((-1, -1), |(from, to)| (from as isize, to as isize))
    }

    /// The number of the group that an index or a name stands for.
    fn index(&self, th: &mut Thread, group: Value) -> Result<usize> {
        let number = match group.as_int() {
            Some(i) => Some(i),
            None if th.class_of(group).slots().index.is_some() => {
                Some(th.index_clamped(group)? as i64)
            }
            None => self
                .pattern
                .groupindex
                .get(th, group)?
                .and_then(|v| v.as_int()),
        };
        match number.and_then(|i| usize::try_from(i).ok()) {
            Some(i) if i <= self.group_count() => Ok(i),
            _ => Err(no_such_group(th)),
        }
    }

    fn index_or_all(&self, th: &mut Thread, group: Option<Value>) -> Result<usize> {
        match group {
            Some(group) => self.index(th, group),
            None => Ok(0),
        }
    }

    /// The text of a group in the opened subject.
    fn slice(&self, th: &mut Thread, text: &Text, group: usize) -> Option<Value> {
        let (from, to) = self.span(group)?;
        Some(text.slice(th, from, to))
    }

    /// The text of a group, or `default`.
    fn text_of(&self, th: &mut Thread, group: usize, default: Value) -> Result {
        let Some((from, to)) = self.span(group) else {
            return Ok(default);
        };
        let text = open(th, self.string)?;
        let made = text.slice(th, from, to);
        text.close(th);
        Ok(made)
    }
}

fn pair(th: &mut Thread, (from, to): (isize, isize)) -> Value {
    let (from, to) = (th.int(from as i64), th.int(to as i64));
    th.new_tuple(&[from, to]).value()
}

/// The result of re.match() and re.search().
///
/// Match objects always have a boolean value of True.
#[pytype(name = "Match", module = "re", flags = NO_INSTANTIATION, table = MATCH)]
impl Match {
    /// group([group1, ...]) -> str or tuple.
    ///
    /// Return subgroup(s) of the match by indices or names.
    /// For 0 returns the entire match.
    #[pymethod(raw)]
    fn group(th: &mut Thread, args: Args<'_>) -> Result {
        if args.keyword_count() != 0 {
            return Err(th.type_error("Match.group() takes no keyword arguments"));
        }
        let Some((this, wanted)) = args.positionals().split_first() else {
            return Err(th.type_error("unbound method Match.group() needs an argument"));
        };
        let this = th.expect::<Match>(*this)?;
        let none = th.none();
        match wanted {
            [] => this.text_of(th, 0, none),
            [one] => {
                let group = this.index(th, *one)?;
                this.text_of(th, group, none)
            }
            many => {
                let items = ValueVec::new();
                for group in many {
                    let group = this.index(th, *group)?;
                    let item = this.text_of(th, group, none)?;
                    th.push(&items, item)?;
                }
                Ok(th.new_tuple(items.as_slice()).value())
            }
        }
    }

    /// Return a tuple containing all the subgroups of the match, from 1.
    ///
    ///   default
    ///     Is used for groups that did not participate in the match.
    #[pymethod(sig = "(default=None)")]
    fn groups(th: &mut Thread, this: Gc<Match>, default: Option<Value>) -> Result {
        let default = th.or_none(default);
        let text = open(th, this.string)?;
        let items = ValueVec::new();
        for group in 1..=this.group_count() {
            let item = this.slice(th, &text, group).unwrap_or(default);
            items.try_push(th.heap(), None, item);
        }
        text.close(th);
        Ok(th.new_tuple(items.as_slice()).value())
    }

    /// Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.
    ///
    ///   default
    ///     Is used for groups that did not participate in the match.
    #[pymethod(sig = "(default=None)")]
    fn groupdict(th: &mut Thread, this: Gc<Match>, default: Option<Value>) -> Result {
        let default = th.or_none(default);
        let out = th.new_dict();
        let mut at = 0;
        while let Some((i, name, number)) = this.pattern.groupindex.entry_from(at) {
            at = i;
            let group = this.index(th, number)?;
            let item = this.text_of(th, group, default)?;
            out.set(th, name, item)?;
        }
        Ok(out.value())
    }

    /// Return index of the start of the substring matched by group.
    #[pymethod(sig = "(group=0, /)")]
    fn start(th: &mut Thread, this: Gc<Match>, group: Option<Value>) -> Result<isize> {
        let group = this.index_or_all(th, group)?;
        Ok(this.span_or_minus(group).0)
    }

    /// Return index of the end of the substring matched by group.
    #[pymethod(sig = "(group=0, /)")]
    fn end(th: &mut Thread, this: Gc<Match>, group: Option<Value>) -> Result<isize> {
        let group = this.index_or_all(th, group)?;
        Ok(this.span_or_minus(group).1)
    }

    /// For match object m, return the 2-tuple (m.start(group), m.end(group)).
    #[pymethod(name = "span", sig = "(group=0, /)")]
    fn span_of(th: &mut Thread, this: Gc<Match>, group: Option<Value>) -> Result {
        let group = this.index_or_all(th, group)?;
        Ok(pair(th, this.span_or_minus(group)))
    }

    /// Return the string obtained by doing backslash substitution on template, as done by the sub() method.
    #[pymethod(sig = "(template)")]
    fn expand(th: &mut Thread, this: Gc<Match>, template: Value) -> Result {
        let template = compile_template(th, this.pattern.value(), template)?;
        if template.is_literal() {
            return Ok(template.literal());
        }
        let text = open(th, this.string)?;
        let made = template.expand(th, &text, |group| {
            (group <= this.group_count()).then(|| this.span(group))
        });
        text.close(th);
        made
    }

    #[pymethod]
    fn __copy__(_: &mut Thread, this: Gc<Match>) -> Value {
        this.value()
    }

    #[pymethod(sig = "(memo, /)")]
    fn __deepcopy__(_: &mut Thread, this: Gc<Match>, _memo: Value) -> Value {
        this.value()
    }

    /// The string passed to match() or search().
    #[pygetter]
    fn string(_: &mut Thread, this: Gc<Match>) -> Value {
        this.string
    }

    /// The regular expression object.
    #[pygetter]
    fn re(_: &mut Thread, this: Gc<Match>) -> Value {
        this.pattern.value()
    }

    /// The index into the string at which the RE engine started looking for a match.
    #[pygetter]
    fn pos(_: &mut Thread, this: Gc<Match>) -> usize {
        this.bounds.0
    }

    /// The index into the string beyond which the RE engine will not go.
    #[pygetter]
    fn endpos(_: &mut Thread, this: Gc<Match>) -> usize {
        this.bounds.1
    }

    /// The integer index of the last matched capturing group.
    #[pygetter]
    fn lastindex(_: &mut Thread, this: Gc<Match>) -> Option<usize> {
        Some(this.last).filter(|last| *last != 0)
    }

    /// The name of the last matched capturing group.
    #[pygetter]
    fn lastgroup(_: &mut Thread, this: Gc<Match>) -> Option<Value> {
        Some(this.last)
            .filter(|last| *last != 0)
            .and_then(|last| this.pattern.indexgroup.get(last))
    }

    #[pygetter]
    fn regs(th: &mut Thread, this: Gc<Match>) -> Value {
        if let Some(known) = this.regs.get() {
            return known;
        }
        let items = ValueVec::new();
        for group in 0..=this.group_count() {
            let item = pair(th, this.span_or_minus(group));
            items.try_push(th.heap(), None, item);
        }
        let made = th.new_tuple(items.as_slice()).value();
        this.regs.set(this.header(), made);
        made
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let this = th.expect::<Match>(this)?;
        let group = this.index(th, key)?;
        let none = th.none();
        this.text_of(th, group, none)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let this = th.expect::<Match>(this)?;
        let none = th.none();
        let whole = this.text_of(th, 0, none)?;
        let whole: String = th.repr(whole)?.to_string_lossy().chars().take(50).collect();
        let (from, to) = this.span_or_minus(0);
        Ok(th
            .new_str(&format!(
                "<re.Match object; span=({from}, {to}), match={whole}>"
            ))
            .value())
    }
}
