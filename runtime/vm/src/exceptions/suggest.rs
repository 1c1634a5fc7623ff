//! "Did you mean": the closest of some names (Lib/traceback.py `_compute_suggestion_error`).

use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::dict::Dict;
use crate::types::exception::of;
use crate::types::frame::FrameObject;
use crate::types::list::List;
use crate::types::str_::{Str, text};
use crate::types::traceback::Traceback;
use crate::{Thread, pymodule};

const MOVE: usize = 2;
const CASE: usize = 1;

fn cost(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE
    } else {
        MOVE
    }
}

fn distance(a: &str, b: &str, max: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) * MOVE > max {
        return max + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).map(|i| i * MOVE).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) * MOVE;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + cost(*x, *y))
                .min(row[j] + MOVE)
                .min(row[j + 1] + MOVE);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

/// The candidate nearest to `wrong`, if one is near enough.
pub fn closest(wrong: &str, candidates: &[String]) -> Option<String> {
    let mut best: Option<(usize, &String)> = None;
    for c in candidates {
        if c == wrong {
            continue;
        }
        let mut max = (c.chars().count() + wrong.chars().count() + 3) * MOVE / 6;
        if let Some((d, _)) = best {
            max = max.min(d - 1);
        }
        let d = distance(wrong, c, max);
        if d <= max {
            best = Some((d, c));
            if d == 0 {
                break;
            }
        }
    }
    best.map(|(_, c)| c.clone())
}

/// Candidates beyond this number are not looked at.
const MOST_CANDIDATES: usize = 750;
/// Names longer than this are not compared.
const LONGEST: usize = 40;

/// [`closest`] within the limits of `_suggestions._generate_suggestions`.
pub fn suggestion(wrong: &str, candidates: &[String]) -> Option<String> {
    if candidates.len() >= MOST_CANDIDATES || wrong.chars().count() > LONGEST {
        return None;
    }
    closest(wrong, candidates)
}

fn last_frame(e: Value) -> Option<Gc<FrameObject>> {
    let mut t = of(e)?.traceback.get()?.downcast::<Traceback>()?;
    while let Some(n) = t.next.get().and_then(|n| n.downcast::<Traceback>()) {
        t = n;
    }
    Some(t.frame)
}

fn keys(d: Gc<Dict>, out: &mut Vec<String>) {
    let mut i = 0;
    while let Some((next, k, _)) = d.entry_from(i) {
        out.extend(text(k));
        i = next;
    }
}

/// `sorted(object.__dir__())`, the strings of it.
fn directory(th: &mut Thread, object: Value) -> Result<Vec<String>> {
    let name = th.intern("__dir__");
    let list = match th.call_special(object, name, &[])? {
        Some(l) => l,
        None => return Ok(Vec::new()),
    };
    let items = th.collect(list)?;
    let mut out: Vec<String> = items.as_slice().iter().filter_map(|v| text(*v)).collect();
    out.sort();
    Ok(out)
}

fn local(th: &mut Thread, frame: Gc<FrameObject>, name: &str) -> Option<Value> {
    let locals = frame.locals(th).downcast::<Dict>()?;
    th.dict_get_text(locals, name)
}

fn compute(th: &mut Thread, e: Value, wrong: &str) -> Result<Option<String>> {
    let Some(x) = of(e) else { return Ok(None) };
    let hide = !wrong.starts_with('_');
    if th.exception_matches(e, ExceptionClass::AttributeError) {
        let Some(object) = x.fields[1].get() else {
            return Ok(None);
        };
        let mut names = directory(th, object)?;
        let inside = match last_frame(e) {
            Some(f) => local(th, f, "self").is_some_and(|s| s.is(object)),
            None => false,
        };
        if hide && !inside {
            names.retain(|n| !n.starts_with('_'));
        }
        return Ok(suggestion(wrong, &names));
    }
    if th.exception_matches(e, ExceptionClass::ImportError) {
        let Some(module) = x.fields[0].get().and_then(text) else {
            return Ok(None);
        };
        let modules = th.vm().modules_dict();
        let Some(m) = th.dict_get_text(modules, &module) else {
            return Ok(None);
        };
        let mut names = directory(th, m)?;
        if hide {
            names.retain(|n| !n.starts_with('_'));
        }
        return Ok(suggestion(wrong, &names));
    }
    let Some(frame) = last_frame(e) else {
        return Ok(None);
    };
    let mut names = Vec::new();
    if let Some(d) = frame.locals(th).downcast::<Dict>() {
        keys(d, &mut names);
    }
    keys(frame.function.globals(), &mut names);
    keys(frame.function.builtins(), &mut names);
    if let Some(this) = local(th, frame, "self")
        && th.get_attr_str_option(this, wrong)?.is_some()
    {
        return Ok(Some(format!("self.{wrong}")));
    }
    Ok(suggestion(wrong, &names))
}

/// What is added to the text of a NameError, AttributeError or ImportError.
pub fn hint(th: &mut Thread, e: Value) -> Option<String> {
    let x = of(e)?;
    let is_name = th.exception_matches(e, ExceptionClass::NameError);
    let field = if th.exception_matches(e, ExceptionClass::ImportError) {
        2
    } else if is_name || th.exception_matches(e, ExceptionClass::AttributeError) {
        0
    } else {
        return None;
    };
    let wrong = x.fields[field].get().and_then(text)?;
    let found = match compute(th, e, &wrong) {
        Ok(f) => f,
        Err(_) => {
            th.clear_pending();
            None
        }
    };
    let mut out = String::new();
    if let Some(f) = &found {
        out.push_str(&format!(". Did you mean: '{f}'?"));
    }
    if is_name
        && crate::sys::STDLIB_MODULE_NAMES
            .binary_search(&wrong.as_str())
            .is_ok()
    {
        out.push_str(&match found {
            Some(_) => format!(" Or did you forget to import '{wrong}'?"),
            None => format!(". Did you forget to import '{wrong}'?"),
        });
    }
    Some(out)
}

/// The functions hang here.
pub struct Suggestions;

#[pymodule(name = "_suggestions")]
impl Suggestions {
    /// Returns the candidate in candidates that's closest to item
    #[pyfunction(sig = "(candidates, item, /)")]
    fn _generate_suggestions(
        th: &mut Thread,
        candidates: Value,
        item: Gc<Str>,
    ) -> Result<Option<String>> {
        let Some(list) = candidates.downcast::<List>() else {
            return Err(th.type_error("candidates must be a list"));
        };
        let mut names = Vec::new();
        for v in list.items.as_slice() {
            match text(*v) {
                Some(s) => names.push(s),
                None => {
                    return Err(th.type_error("all elements in 'candidates' must be strings"));
                }
            }
        }
        Ok(suggestion(&item.to_string_lossy(), &names))
    }
}
