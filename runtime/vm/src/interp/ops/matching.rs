//! The `match` statement.

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Type, flags};

/// `MatchKeys`
pub fn keys(th: &mut Thread, subject: Value, keys: Value) -> Result {
    let keys = th.to_tuple(keys)?;
    let out = crate::ValueVec::new();
    if keys.is_empty() {
        return Ok(th.empty_tuple().value());
    }
    let seen = crate::types::set::set_from(th, &[])?;
    let marker = th.new_list().value();
    let get = th.get_attr_str(subject, "get")?;
    for k in keys.as_slice() {
        if th.contains(seen, *k)? {
            let r = th.repr_lossy(*k);
            return Err(th.value_error(format!("mapping pattern checks duplicate key ({r})")));
        }
        if let Some(s) = seen.downcast::<crate::types::set::Set>() {
            s.add(th, *k)?;
        }
        let v = th.call(get, &[*k, marker])?;
        if v.is(marker) {
            return Ok(th.none());
        }
        th.push(&out, v)?;
    }
    Ok(th.new_tuple(out.as_slice()).value())
}

/// `MatchClass`
pub fn class(
    th: &mut Thread,
    subject: Value,
    class: Value,
    positional: usize,
    names: Value,
) -> Result {
    let Some(c) = class.downcast::<Type>() else {
        let got = th.type_name(class);
        let _ = got;
        return Err(th.type_error("called match pattern must be a class"));
    };
    if !th.is_instance_check(subject, class)? {
        return Ok(th.none());
    }
    let out = crate::ValueVec::new();
    let mut seen: Vec<String> = Vec::new();
    if positional > 0 {
        let name = th.names().__match_args__;
        let (mut match_self, mut args) = (false, th.empty_tuple());
        match th.get_attr_option(class, name)? {
            Some(a) => match a.downcast::<Tuple>() {
                Some(t) => args = t,
                None => {
                    let (n, got) = (c.name_text(), th.type_name(a));
                    return Err(
                        th.type_error(format!("{n}.__match_args__ must be a tuple (got {got})"))
                    );
                }
            },
            None => match_self = c.has(flags::MATCH_SELF),
        }
        let allowed = if match_self { 1 } else { args.len() };
        if allowed < positional {
            let (n, s) = (c.name_text(), if allowed == 1 { "" } else { "s" });
            return Err(th.type_error(format!(
                "{n}() accepts {allowed} positional sub-pattern{s} ({positional} given)"
            )));
        }
        if match_self {
            th.push(&out, subject)?;
        } else {
            for i in 0..positional {
                let Some(a) = args.get(i) else { continue };
                let Some(s) = a.downcast::<Str>() else {
                    let got = th.type_name(a);
                    return Err(th.type_error(format!(
                        "__match_args__ elements must be strings (got {got})"
                    )));
                };
                match attribute(th, c, subject, s, &mut seen)? {
                    Some(v) => th.push(&out, v)?,
                    None => return Ok(th.none()),
                }
            }
        }
    }
    for n in th.to_tuple(names)?.as_slice() {
        if let Some(s) = n.downcast::<Str>() {
            match attribute(th, c, subject, s, &mut seen)? {
                Some(v) => th.push(&out, v)?,
                None => return Ok(th.none()),
            }
        }
    }
    Ok(th.new_tuple(out.as_slice()).value())
}

fn attribute(
    th: &mut Thread,
    c: Gc<Type>,
    subject: Value,
    name: Gc<Str>,
    seen: &mut Vec<String>,
) -> Result<Option<Value>> {
    let text = name.to_string_lossy();
    if seen.contains(&text) {
        let n = c.name_text();
        return Err(th.type_error(format!(
            "{n}() got multiple sub-patterns for attribute '{text}'"
        )));
    }
    seen.push(text);
    let name = th.intern_str(name);
    match th.get_attr(subject, name) {
        Ok(v) => Ok(Some(v)),
        Err(e) => {
            if th.pending_matches(ExceptionClass::AttributeError) {
                th.clear_pending();
                return Ok(None);
            }
            Err(e)
        }
    }
}
