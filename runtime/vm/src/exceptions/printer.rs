//! The text of an exception: chain, traceback, groups, notes; as `Lib/traceback.py` prints it.

use super::{frames, suggest};
use crate::Thread;
use crate::object::{Gc, Value};
use crate::types::ExceptionClass;
use crate::types::exception::group::{is_group, members};
use crate::types::exception::{Exception, of};
use crate::types::str_::Str;
use crate::types::traceback::Traceback;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";
const GROUP_WIDTH: usize = 15;
const GROUP_DEPTH: usize = 10;

struct Printer {
    out: String,
    depth: usize,
    need_close: bool,
    /// Addresses of the exceptions met, which ends cycles.
    seen: Vec<u64>,
}

impl Printer {
    fn indent(&self) -> String {
        " ".repeat(2 * self.depth)
    }

    fn emit(&mut self, text: &str, margin: char) {
        let mut prefix = self.indent();
        if self.depth > 0 {
            prefix.push(margin);
            prefix.push(' ');
        }
        for line in text.split_inclusive('\n') {
            self.out.push_str(&prefix);
            self.out.push_str(line);
        }
    }
}

/// The text of an exception with everything that belongs to it.
pub fn render(th: &mut Thread, e: Value) -> String {
    let pending = th.pending.take();
    let mut p = Printer {
        out: String::new(),
        depth: 0,
        need_close: false,
        seen: Vec::new(),
    };
    chain(th, &mut p, e);
    th.pending.set(pending);
    p.out
}

/// The exception and what it came from, oldest first.
fn chain(th: &mut Thread, p: &mut Printer, e: Value) {
    let list = crate::ValueVec::new();
    let mut messages = Vec::new();
    let mut at = Some(e);
    while let Some(e) = at {
        p.seen.push(e.bits());
        if th.push(&list, e).is_err() {
            th.clear_pending();
            break;
        }
        let Some(x) = of(e) else { break };
        let fresh = |v: Value| !p.seen.contains(&v.bits());
        let (message, next) = match (x.cause.get(), x.context.get()) {
            (Some(c), _) => (CAUSE, Some(c).filter(|c| fresh(*c))),
            (None, Some(c)) if !x.suppress_context.get() => {
                (CONTEXT, Some(c).filter(|c| fresh(*c)))
            }
            _ => ("", None),
        };
        messages.push(if next.is_some() { message } else { "" });
        at = next;
    }
    for i in (0..list.len()).rev() {
        let Some(e) = list.get(i) else { continue };
        if let Some(m) = messages.get(i).filter(|m| !m.is_empty()) {
            p.emit(m, '|');
        }
        one(th, p, e);
    }
}

fn traceback(e: Value) -> Option<Gc<Traceback>> {
    of(e)?.traceback.get()?.downcast::<Traceback>()
}

fn one(th: &mut Thread, p: &mut Printer, e: Value) {
    let lines = match traceback(e) {
        Some(t) => frames::render(th, t),
        None => Vec::new(),
    };
    if !is_group(th, e) {
        if !lines.is_empty() {
            p.emit("Traceback (most recent call last):\n", '|');
            lines.iter().for_each(|l| p.emit(l, '|'));
        }
        let text = only(th, e);
        p.emit(&text, '|');
        return;
    }
    if p.depth > GROUP_DEPTH {
        p.emit(&format!("... (max_group_depth is {GROUP_DEPTH})\n"), '|');
        return;
    }
    let top = p.depth == 0;
    if top {
        p.depth += 1;
    }
    if !lines.is_empty() {
        let margin = if top { '+' } else { '|' };
        p.emit(
            "Exception Group Traceback (most recent call last):\n",
            margin,
        );
        lines.iter().for_each(|l| p.emit(l, '|'));
    }
    let text = only(th, e);
    p.emit(&text, '|');
    let Some(x) = of(e) else { return };
    let all = members(th, x);
    let total = all.len();
    let n = if total <= GROUP_WIDTH {
        total
    } else {
        GROUP_WIDTH + 1
    };
    p.need_close = false;
    for i in 0..n {
        let last = i == n - 1;
        if last {
            p.need_close = true;
        }
        let truncated = i >= GROUP_WIDTH;
        let title = if truncated {
            "...".to_string()
        } else {
            (i + 1).to_string()
        };
        let lead = if i == 0 { "+-" } else { "  " };
        let head = format!(
            "{}{lead}+---------------- {title} ----------------\n",
            p.indent()
        );
        p.out.push_str(&head);
        p.depth += 1;
        if truncated {
            let rest = total - GROUP_WIDTH;
            let s = if rest > 1 { "s" } else { "" };
            p.emit(&format!("and {rest} more exception{s}\n"), '|');
        } else if let Some(v) = all.get(i)
            && th.check_native_stack("").is_ok()
        {
            chain(th, p, v);
        }
        if last && p.need_close {
            let foot = format!("{}+------------------------------------\n", p.indent());
            p.out.push_str(&foot);
            p.need_close = false;
        }
        p.depth -= 1;
    }
    if top {
        p.depth = 0;
    }
}

fn safe_text(th: &mut Thread, v: Value, what: &str) -> String {
    match th.str(v) {
        Ok(s) => s.to_string_lossy(),
        Err(_) => {
            th.clear_pending();
            format!("<{what} str() failed>")
        }
    }
}

/// The class as it is named in reports.
fn class_name(th: &mut Thread, e: Value) -> String {
    let class = th.class_of(e);
    let name = th.qualified_name(class);
    match name.strip_prefix("__main__.") {
        Some(n) => n.to_string(),
        None => name,
    }
}

/// The exception without traceback and chain: class, text, notes.
pub fn only(th: &mut Thread, e: Value) -> String {
    let class = class_name(th, e);
    let mut out = match of(e) {
        Some(x) if th.exception_matches(e, ExceptionClass::SyntaxError) => {
            syntax_error(th, x, &class)
        }
        _ => {
            let mut text = safe_text(th, e, "exception");
            if let Some(hint) = suggest::hint(th, e) {
                text.push_str(&hint);
            }
            if text.is_empty() {
                format!("{class}\n")
            } else {
                format!("{class}: {text}\n")
            }
        }
    };
    let name = th.names().__notes__;
    let notes = match th.get_attr_option(e, name) {
        Ok(n) => th.not_none(n),
        Err(_) => {
            let error = th.take_pending();
            let text = th.repr_lossy(error);
            out.push_str(&format!("Ignored error getting __notes__: {text}\n"));
            None
        }
    };
    let Some(notes) = notes else { return out };
    let is_list = notes.downcast::<crate::types::list::List>().is_some()
        || notes.downcast::<crate::types::tuple::Tuple>().is_some();
    if is_list && let Ok(items) = th.collect(notes) {
        for n in items.as_slice() {
            let text = safe_text(th, *n, "note");
            for l in text.split('\n') {
                out.push_str(&format!("{l}\n"));
            }
        }
    } else {
        let text = th.repr_lossy(notes);
        out.push_str(&format!("{text}\n"));
    }
    out
}

fn syntax_error(th: &mut Thread, x: Gc<Exception>, class: &str) -> String {
    let mut out = String::new();
    let mut suffix = String::new();
    let get = |i: usize| x.fields[i].get();
    let lineno = th.not_none(get(2));
    let file = th.not_none(get(1)).map(|f| th.str_lossy(f));
    match (lineno, &file) {
        (Some(l), _) => {
            let name = file.clone().unwrap_or_else(|| "<string>".into());
            let l = th.str_lossy(l);
            out.push_str(&format!("  File \"{name}\", line {l}\n"));
        }
        (None, Some(f)) => suffix = format!(" ({f})"),
        (None, None) => {}
    }
    let text = get(4)
        .and_then(|t| t.downcast::<Str>())
        .map(|t| t.to_string_lossy());
    if let Some(text) = text {
        let right: Vec<char> = text.trim_end_matches('\n').chars().collect();
        let spaces = right
            .iter()
            .take_while(|c| matches!(c, ' ' | '\n' | '\x0c'))
            .count();
        let left = &right[spaces..];
        let line: String = left.iter().collect();
        out.push_str(&format!("    {line}\n"));
        let number = |i: usize| get(i).and_then(|v| v.as_int());
        if let Some(mut offset) = number(3) {
            let same = match (lineno, th.not_none(get(5))) {
                (Some(a), Some(b)) => th.equal(a, b).unwrap_or(false),
                (None, None) => true,
                _ => false,
            };
            let mut end = if same {
                number(6).filter(|e| *e != 0).unwrap_or(offset)
            } else {
                right.len() as i64 + 1
            };
            let size = text.chars().count() as i64;
            if size > 0 && offset > size {
                offset = right.len() as i64 + 1;
            }
            if size > 0 && end > size {
                end = right.len() as i64 + 1;
            }
            if offset >= end || end < 0 {
                end = offset + 1;
            }
            let column = offset - 1 - spaces as i64;
            let end_column = end - 1 - spaces as i64;
            if column >= 0 {
                // White space that is not a blank keeps its place.
                let lead: String = left
                    .iter()
                    .take(column as usize)
                    .map(|c| if c.is_whitespace() { *c } else { ' ' })
                    .collect();
                let marks = "^".repeat((end_column - column).max(0) as usize);
                out.push_str(&format!("    {lead}{marks}\n"));
            }
        }
    }
    let message = match get(0) {
        Some(m) => match th.truth(m) {
            Ok(true) => safe_text(th, m, "message"),
            _ => "<no detail available>".into(),
        },
        None => "<no detail available>".into(),
    };
    out.push_str(&format!("{class}: {message}{suffix}\n"));
    out
}
