//! `Pattern.sub` and `Pattern.subn`.

use taipan_vm::Thread;
use taipan_vm::object::{Gc, Result, Value};

use super::pattern::Pattern;
use super::subject::{Text, open};
use super::template::{Joined, Template};
use super::{compile_template, match_};

/// What replaces a match.
#[derive(Clone, Copy)]
enum Replacement {
    /// The same text each time.
    Literal(Value),
    /// A template.
    Template(Gc<Template>),
    /// What a function makes of the match; None stands for nothing.
    Call(Value),
}

/// A count argument, of which 0 stands for no limit; none are made when it is negative.
pub fn limit(count: Option<isize>) -> usize {
    match count {
        None | Some(0) => usize::MAX,
        Some(n) => usize::try_from(n).unwrap_or(0),
    }
}

fn replacement(th: &mut Thread, pattern: Gc<Pattern>, repl: Value) -> Result<Replacement> {
    if th.is_callable(repl) {
        return Ok(Replacement::Call(repl));
    }
    match open(th, repl) {
        Ok(text) => {
            let escaped = text.has_backslash();
            text.close(th);
            if !escaped {
                return Ok(Replacement::Literal(repl));
            }
        }
        Err(_) => th.clear_pending(),
    }
    let template = compile_template(th, pattern.value(), repl)?;
    Ok(if template.is_literal() {
        Replacement::Literal(template.literal())
    } else {
        Replacement::Template(template)
    })
}

/// The new text and the number of replacements.
pub fn substitute(
    th: &mut Thread,
    pattern: Gc<Pattern>,
    repl: Value,
    string: Value,
    count: Option<isize>,
) -> Result<(Value, usize)> {
    let replacement = replacement(th, pattern, repl)?;
    let text = pattern.open(th, string)?;
    let made = replace_all(th, pattern, replacement, string, &text, limit(count));
    text.close(th);
    made
}

fn replace_all(
    th: &mut Thread,
    pattern: Gc<Pattern>,
    replacement: Replacement,
    string: Value,
    text: &Text,
    limit: usize,
) -> Result<(Value, usize)> {
    let len = text.len();
    let groups = pattern.program.groups();
    let (mut last, mut count) = (0, 0);
    // Most texts have no match, and then nothing is built.
    let mut out = None;
    pattern.each_match(th, text, (0, len), limit, |th, m, scratch| {
        let out = out.get_or_insert_with(|| Joined::new(text, len));
        if last < m.start {
            out.push_part(text, last, m.start);
        }
        last = m.end;
        count += 1;
        match replacement {
            Replacement::Literal(v) => out.push(th, v),
            Replacement::Template(t) => t.expand_into(th, out, text, |group| match group {
                0 => Some(Some((m.start, m.end))),
                _ => (group <= groups).then(|| scratch.group(group)),
            }),
            Replacement::Call(f) => {
                let m = match_::new(th, pattern, string, m, scratch, (0, len));
                let v = th.call(f, &[m])?;
                if th.is_none(v) {
                    return Ok(());
                }
                out.push(th, v)
            }
        }
    })?;
    let made = match out {
        None => text.slice(th, 0, len),
        Some(mut out) => {
            if last < len {
                out.push_part(text, last, len);
            }
            out.finish(th)
        }
    };
    Ok((made, count))
}
