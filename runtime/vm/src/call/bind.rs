//! Binding of arguments to a native function's parameters, with CPython's error texts
//! (Python/getargs.c).

use super::{Args, ParamKind, Signature};
use crate::Thread;
use crate::object::{Gc, Raised, Result, Value, ValueVec};
use crate::types::str_::Str;
use crate::types::type_::Type;

/// The function's name as errors show it: methods with their class.
#[cold]
fn shown_name(th: &mut Thread, sig: &Signature, args: &Args<'_>) -> String {
    let name = sig.name;
    let Some(receiver) = args.values.first().copied().filter(|_| sig.has_self) else {
        return name.to_owned();
    };
    let key = th.intern(name);
    let class = match th.class_of(receiver).lookup_with_owner(key) {
        Some((_, owner)) => owner.name_text(),
        // A class method.
        None => match receiver.downcast::<Type>() {
            Some(class) => match class.qualname.get() {
                Some(q) => q.to_string_lossy(),
                None => class.name_text(),
            },
            None => return name.to_owned(),
        },
    };
    format!("{class}.{name}")
}

/// The native type whose constructor a signature is: it is called by the type's name, and its first
/// argument is that class or one derived from it.
fn constructed(sig: &Signature, args: &Args<'_>) -> Option<Gc<Type>> {
    let mut class = args.values.first()?.downcast::<Type>();
    while let Some(c) = class {
        if let Some(def) = c.def {
            let name = def.name.rsplit('.').next();
            return (sig.has_self && name == Some(sig.name)).then_some(c);
        }
        class = c.base.get();
    }
    None
}

/// Has the class that is instantiated another `__init__` than this base?
fn init_differs(args: &Args<'_>, base: Gc<Type>) -> bool {
    let address = |c: Gc<Type>| c.slots().init.map(|f| f as usize);
    let class = args.values.first().and_then(|v| v.downcast::<Type>());
    class.is_some_and(|c| address(c) != address(base))
}

#[cold]
fn wrong_count(th: &mut Thread, sig: &Signature, args: &Args<'_>, given: usize) -> Raised {
    let positional = sig.params.iter().filter(|p| {
        matches!(
            p.kind,
            ParamKind::PositionalOnly | ParamKind::PositionalOrKeyword
        )
    });
    let max = positional.clone().count();
    let min = positional.filter(|p| p.required).count();
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let keywordable = sig.params.iter().any(|p| {
        matches!(
            p.kind,
            ParamKind::PositionalOrKeyword | ParamKind::KeywordOnly
        )
    });
    let n = sig.name;
    let message = if keywordable && given > max {
        if max == 0 {
            format!("{n}() takes no positional arguments")
        } else {
            let bound = if min == max { "exactly" } else { "at most" };
            format!(
                "{n}() takes {bound} {max} positional argument{} ({given} given)",
                plural(max)
            )
        }
    } else if max == 0 {
        let n = shown_name(th, sig, args);
        format!("{n}() takes no arguments ({given} given)")
    } else if min == max && max == 1 && sig.params.len() == 1 {
        let n = shown_name(th, sig, args);
        format!("{n}() takes exactly one argument ({given} given)")
    } else if min == max {
        format!("{n} expected {max} argument{}, got {given}", plural(max))
    } else if given < min {
        format!(
            "{n} expected at least {min} argument{}, got {given}",
            plural(min)
        )
    } else {
        format!(
            "{n} expected at most {max} argument{}, got {given}",
            plural(max)
        )
    };
    th.type_error(message)
}

/// Binds `args` to the parameters; `out[0]` is the receiver when there is one. Missing optional
/// parameters stay None; `*args` become a tuple, `**kwargs` a dict.
///
/// Raises TypeError for a wrong number of arguments or unknown keywords.
pub fn bind(
    th: &mut Thread,
    sig: &'static Signature,
    args: &Args<'_>,
    out: &mut [Option<Value>],
) -> Result<()> {
    let mut positional = args.positionals();
    let mut slot = 0;
    if sig.has_self {
        let Some((first, rest)) = positional.split_first() else {
            return Err(th.type_error(format!("unbound method {}() needs an argument", sig.name)));
        };
        out[0] = Some(*first);
        positional = rest;
        slot = 1;
    }
    let given = positional.len();
    let mut next = 0;
    for (i, p) in sig.params.iter().enumerate() {
        match p.kind {
            ParamKind::PositionalOnly | ParamKind::PositionalOrKeyword if next < given => {
                out[slot + i] = Some(positional[next]);
                next += 1;
            }
            ParamKind::VarArgs => {
                out[slot + i] = Some(th.new_tuple(&positional[next..]).value());
                next = given;
            }
            _ => {}
        }
    }
    if next < given {
        return Err(wrong_count(th, sig, args, given));
    }
    if let Some(at) = sig
        .params
        .iter()
        .position(|p| p.kind == ParamKind::VarKeywords)
    {
        out[slot + at] = Some(th.new_dict().value());
    }
    if args.kwnames.is_some() {
        bind_keywords(th, sig, args, out, slot)?;
    }
    for (i, p) in sig.params.iter().enumerate() {
        if p.required && out[slot + i].is_none() {
            if p.kind == ParamKind::PositionalOnly {
                return Err(wrong_count(th, sig, args, given));
            }
            let what = if p.kind == ParamKind::KeywordOnly {
                " keyword-only"
            } else {
                ""
            };
            let place = if p.kind == ParamKind::KeywordOnly {
                String::new()
            } else {
                format!(" (pos {})", i + 1)
            };
            return Err(th.type_error(format!(
                "{}() missing required{what} argument '{}'{place}",
                sig.name, p.name
            )));
        }
    }
    Ok(())
}

#[cold]
fn bind_keywords(
    th: &mut Thread,
    sig: &'static Signature,
    args: &Args<'_>,
    out: &mut [Option<Value>],
    slot: usize,
) -> Result<()> {
    let rest = sig
        .params
        .iter()
        .position(|p| p.kind == ParamKind::VarKeywords);
    let accepts = sig
        .params
        .iter()
        .any(|p| !matches!(p.kind, ParamKind::PositionalOnly | ParamKind::VarArgs));
    if !accepts && args.keyword_count() > 0 {
        let name = match constructed(sig, args) {
            // Keywords may be for the `__init__` of a subclass.
            Some(base) if init_differs(args, base) => return Ok(()),
            Some(_) => sig.name.to_owned(),
            None => shown_name(th, sig, args),
        };
        return Err(th.type_error(format!("{name}() takes no keyword arguments")));
    }
    for (name, value) in args.keywords() {
        let Some(text) = name.downcast::<Str>() else {
            return Err(th.type_error("keywords must be strings"));
        };
        let found = sig.params.iter().position(|p| {
            matches!(
                p.kind,
                ParamKind::PositionalOrKeyword | ParamKind::KeywordOnly
            ) && text.equals_str(p.name)
        });
        match (found, rest) {
            (Some(i), _) if out[slot + i].is_some() => {
                let message = if i < args.positionals().len() {
                    format!(
                        "argument for {}() given by name ('{}') and position ({})",
                        sig.name,
                        sig.params[i].name,
                        i + 1
                    )
                } else {
                    format!(
                        "{}() got multiple values for argument '{}'",
                        sig.name, sig.params[i].name
                    )
                };
                return Err(th.type_error(message));
            }
            (Some(i), _) => out[slot + i] = Some(value),
            (None, Some(at)) => {
                if let Some(d) = out[slot + at] {
                    th.dict_set(d, name, value)?;
                }
            }
            (None, None) => {
                if sig
                    .params
                    .iter()
                    .any(|p| p.kind == ParamKind::PositionalOnly && text.equals_str(p.name))
                {
                    return Err(th.type_error(format!(
                        "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                        sig.name,
                        text.to_string_lossy()
                    )));
                }
                return Err(th.type_error(format!(
                    "{}() got an unexpected keyword argument '{}'",
                    sig.name,
                    text.to_string_lossy()
                )));
            }
        }
    }
    Ok(())
}

impl Thread {
    /// A list-like vector of values collected from a slice, visible to the collector.
    pub fn value_vec(&mut self, values: &[Value]) -> Result<ValueVec> {
        let v = ValueVec::new();
        if !v.try_extend(self.heap(), None, values) {
            return Err(self.memory_error());
        }
        Ok(v)
    }
}
