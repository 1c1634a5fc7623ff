//! Binding of arguments to a native function's parameters, with CPython's error texts
//! (Python/getargs.c).

use super::{Args, MethodKind, ParamKind, Signature};
use crate::Thread;
use crate::object::{Gc, Raised, Result, Value, ValueVec};
use crate::types::builtin_function::Builtin;
use crate::types::str_::Str;
use crate::types::type_::Type;

/// The function's name as errors show it: methods with their class, functions of a module other
/// than `builtins` with the module.
#[cold]
fn shown_name(th: &mut Thread, sig: &'static Signature, args: &Args<'_>) -> String {
    let name = sig.name;
    let Some(receiver) = args.values.first().copied().filter(|_| sig.has_self) else {
        return match module_of(th, sig).or_else(|| class_of_static(th, sig)) {
            Some(m) if m != "builtins" => format!("{m}.{name}"),
            _ => name.to_owned(),
        };
    };
    let key = th.intern(name);
    let class = match th.class_of(receiver).lookup_with_owner(key) {
        Some((f, owner)) if is_method(f, sig) => owner.name_text(),
        // A class method.
        _ => match receiver.downcast::<Type>() {
            Some(class) => match class.qualname.get() {
                Some(q) => q.to_string_lossy(),
                None => class.name_text(),
            },
            None => return name.to_owned(),
        },
    };
    format!("{class}.{name}")
}

/// Is it the native method with this signature?
fn is_method(f: Value, sig: &'static Signature) -> bool {
    f.downcast::<Builtin>().is_some_and(|b| {
        b.def.kind == MethodKind::Method && b.def.signature.is_some_and(|s| std::ptr::eq(s, sig))
    })
}

/// The module in whose namespace the function with this signature is.
fn module_of(th: &mut Thread, sig: &'static Signature) -> Option<&'static str> {
    let modules = th.vm().native_modules.borrow();
    modules
        .iter()
        .copied()
        .chain([&crate::sys::MODULE])
        .find_map(|m| {
            let mut rows = m.functions.iter().flat_map(|table| table.iter());
            rows.any(|d| d.signature.is_some_and(|s| std::ptr::eq(s, sig)))
                .then_some(m.name)
        })
}

/// The builtin type whose static method has this signature.
fn class_of_static(th: &mut Thread, sig: &'static Signature) -> Option<&'static str> {
    let types = th.vm().types.borrow();
    types.iter().filter_map(|t| t.def).find_map(|def| {
        let mut rows = def.methods.iter().flat_map(|table| table.iter());
        rows.any(|d| d.signature.is_some_and(|s| std::ptr::eq(s, sig)))
            .then_some(short(def.name))
    })
}

/// A type's name without its module.
fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The native type whose constructor a signature is: it is called by the type's name, and its first
/// argument is that class or one derived from it.
fn constructed(sig: &Signature, args: &Args<'_>) -> Option<Gc<Type>> {
    let mut class = args.values.first()?.downcast::<Type>();
    while let Some(c) = class {
        if let Some(def) = c.def {
            return (sig.has_self && short(def.name) == short(sig.name)).then_some(c);
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

/// Types whose constructor is called past the parser of keywords when there are none, and then
/// words its errors as one without.
const CALLED_DIRECTLY: &[&str] = &["int"];

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn takes_any_keyword(sig: &Signature) -> bool {
    let mut params = sig.params.iter();
    params.any(|p| p.kind == ParamKind::VarKeywords)
}

/// What the parameters of a signature allow.
struct Counts {
    /// Parameters that may be given by position.
    positional: usize,
    /// Those of them that must be given.
    required: usize,
    /// Those that must be given, and by position.
    required_by_position: usize,
    /// Parameters that may be given by keyword.
    keywords: usize,
    /// Further positional arguments are taken.
    more: bool,
}

impl Counts {
    fn of(sig: &Signature) -> Counts {
        let count = |f: &dyn Fn(&super::Param) -> bool| sig.params.iter().filter(|p| f(p)).count();
        let by_position = |p: &super::Param| {
            matches!(
                p.kind,
                ParamKind::PositionalOnly | ParamKind::PositionalOrKeyword
            )
        };
        Counts {
            positional: count(&by_position),
            required: count(&|p| by_position(p) && p.required),
            required_by_position: count(&|p| p.kind == ParamKind::PositionalOnly && p.required),
            keywords: count(&|p| {
                matches!(
                    p.kind,
                    ParamKind::PositionalOrKeyword | ParamKind::KeywordOnly
                )
            }),
            more: count(&|p| p.kind == ParamKind::VarArgs) > 0,
        }
    }
}

/// More arguments than parameters, or more by position than may be given so (functions that take
/// keywords).
#[cold]
fn too_many(th: &mut Thread, sig: &'static Signature, args: &Args<'_>, c: &Counts) -> Raised {
    let (given, keywords) = (
        args.positionals().len() - sig.has_self as usize,
        args.keyword_count(),
    );
    let name = short(sig.name);
    let exact = constructed(sig, args).is_some_and(|c| args.values[0].is(c.value()));
    let message = if exact && keywords == 0 && CALLED_DIRECTLY.contains(&sig.name) {
        let max = c.positional;
        format!(
            "{name} expected at most {max} argument{}, got {given}",
            plural(max)
        )
    } else if c.more {
        let max = c.keywords;
        format!(
            "{name}() takes at most {max} keyword argument{} ({keywords} given)",
            plural(max)
        )
    } else if given + keywords > sig.params.len() {
        let (max, total) = (sig.params.len(), given + keywords);
        let what = if given == 0 { "keyword " } else { "" };
        format!(
            "{name}() takes at most {max} {what}argument{} ({total} given)",
            plural(max)
        )
    } else if c.positional == 0 {
        format!("{name}() takes no positional arguments")
    } else {
        let max = c.positional;
        let bound = if c.required == max {
            "exactly"
        } else {
            "at most"
        };
        format!(
            "{name}() takes {bound} {max} positional argument{} ({given} given)",
            plural(max)
        )
    };
    th.type_error(message)
}

#[cold]
fn wrong_count(
    th: &mut Thread,
    sig: &'static Signature,
    args: &Args<'_>,
    c: &Counts,
    given: usize,
) -> Raised {
    let (max, min) = (c.positional, c.required);
    let n = short(sig.name);
    let message = if c.keywords > 0 {
        let min = c.required_by_position;
        let bound = if min == max && !c.more {
            "exactly"
        } else {
            "at least"
        };
        format!(
            "{n}() takes {bound} {min} positional argument{} ({given} given)",
            plural(min)
        )
    } else if max == 0 && takes_any_keyword(sig) {
        format!("{n}() takes no positional arguments")
    } else if max == 0 && !c.more {
        let n = shown_name(th, sig, args);
        format!("{n}() takes no arguments ({given} given)")
    } else if min == max && max == 1 && sig.params.len() == 1 {
        let n = shown_name(th, sig, args);
        format!("{n}() takes exactly one argument ({given} given)")
    } else if min == max && !c.more {
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

/// As [`bind`], where each argument goes straight to a parameter and none is missing; else false,
/// with `out` empty.
fn bind_plainly(sig: &'static Signature, args: &Args<'_>, out: &mut [Option<Value>]) -> bool {
    let (params, positional) = (sig.params, args.positionals());
    let Some(by_position) = positional.len().checked_sub(sig.has_self as usize) else {
        return false;
    };
    let goes = |i: usize, p: &super::Param| match p.kind {
        ParamKind::PositionalOnly | ParamKind::PositionalOrKeyword => true,
        ParamKind::KeywordOnly => i >= by_position,
        ParamKind::VarArgs | ParamKind::VarKeywords => false,
    };
    if by_position > params.len() || !params.iter().enumerate().all(|(i, p)| goes(i, p)) {
        return false;
    }
    for (place, v) in out.iter_mut().zip(positional) {
        *place = Some(*v);
    }
    let (open, places) = (&params[by_position..], &mut out[positional.len()..]);
    let takes = |p: &super::Param, text: Gc<Str>| {
        p.kind != ParamKind::PositionalOnly && p.name.len() == text.len() && text.equals_str(p.name)
    };
    let stored = args.keywords().all(|(name, v)| {
        let text = name.downcast::<Str>();
        match text.and_then(|t| open.iter().position(|p| takes(p, t))) {
            Some(i) => places[i].replace(v).is_none(),
            None => false,
        }
    });
    let complete = stored
        && open
            .iter()
            .zip(&*places)
            .all(|(p, v)| v.is_some() || !p.required);
    if !complete {
        out.fill(None);
    }
    complete
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
    if bind_plainly(sig, args, out) {
        return Ok(());
    }
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
    let keywords = args.keyword_count();
    let rest = sig
        .params
        .iter()
        .position(|p| p.kind == ParamKind::VarKeywords);
    if next < given || rest.is_none() && keywords > 0 && given + keywords > sig.params.len() {
        check_counts(th, sig, args, next)?;
    }
    if let Some(at) = rest {
        out[slot + at] = Some(th.new_dict().value());
    }
    let mut unknown = None;
    if keywords > 0 {
        unknown = bind_keywords(th, sig, args, out, slot)?;
        if unknown.is_some() && Counts::of(sig).keywords == 0 {
            no_keywords(th, sig, args)?;
            unknown = None;
        }
    }
    for (i, p) in sig.params.iter().enumerate() {
        if p.required && out[slot + i].is_none() {
            if p.kind == ParamKind::PositionalOnly {
                let c = Counts::of(sig);
                return Err(wrong_count(th, sig, args, &c, given));
            }
            let name = short(sig.name);
            return Err(th.type_error(format!(
                "{name}() missing required argument '{}' (pos {})",
                p.name,
                i + 1
            )));
        }
    }
    match unknown {
        Some(name) => {
            let callee = short(sig.name);
            let name = name.to_string_lossy();
            Err(th.type_error(format!(
                "{callee}() got an unexpected keyword argument '{name}'"
            )))
        }
        None => Ok(()),
    }
}

/// Raises for too many arguments; `taken` of those by position have a parameter.
#[cold]
fn check_counts(
    th: &mut Thread,
    sig: &'static Signature,
    args: &Args<'_>,
    taken: usize,
) -> Result<()> {
    let c = Counts::of(sig);
    let given = args.positionals().len() - sig.has_self as usize;
    let keywords = args.keyword_count();
    if takes_any_keyword(sig) {
        return Err(wrong_count(th, sig, args, &c, given));
    }
    if keywords > 0 && c.keywords == 0 {
        no_keywords(th, sig, args)?;
    } else if c.keywords > 0 {
        let too_many_keywords = match c.more {
            true => keywords > c.keywords,
            false => given + keywords > sig.params.len(),
        };
        if taken < given || too_many_keywords {
            return Err(too_many(th, sig, args, &c));
        }
    }
    match taken < given {
        true => Err(wrong_count(th, sig, args, &c, given)),
        false => Ok(()),
    }
}

/// Keywords for a function that takes none; they may be for the `__init__` of a subclass.
#[cold]
fn no_keywords(th: &mut Thread, sig: &'static Signature, args: &Args<'_>) -> Result<()> {
    let name = match constructed(sig, args) {
        Some(base) if init_differs(args, base) => return Ok(()),
        Some(_) => short(sig.name).to_owned(),
        None => shown_name(th, sig, args),
    };
    Err(th.type_error(format!("{name}() takes no keyword arguments")))
}

/// Stores the keywords' values; gives the first one that no parameter takes.
#[cold]
fn bind_keywords(
    th: &mut Thread,
    sig: &'static Signature,
    args: &Args<'_>,
    out: &mut [Option<Value>],
    slot: usize,
) -> Result<Option<Gc<Str>>> {
    let rest = sig
        .params
        .iter()
        .position(|p| p.kind == ParamKind::VarKeywords);
    let mut unknown = None;
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
                let callee = short(sig.name);
                let message = if i < args.positionals().len() {
                    format!(
                        "argument for {callee}() given by name ('{}') and position ({})",
                        sig.params[i].name,
                        i + 1
                    )
                } else {
                    format!(
                        "{callee}() got multiple values for argument '{}'",
                        sig.params[i].name
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
            (None, None) => unknown = unknown.or(Some(text)),
        }
    }
    Ok(unknown)
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
