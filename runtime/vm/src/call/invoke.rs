//! Calling things from native code, and binding of arguments to Python functions' parameters
//! (CPython's error texts, Python/ceval.c `initialize_locals`).
#![allow(unsafe_code)]

use taipan_bytecode::code::co_flags;

use super::Args;
use crate::Thread;
use crate::interp::frame::{flags, window_slice};
use crate::object::{Gc, Kind, Raised, Result, Value};
use crate::types::builtin_function::Builtin;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::generator;
use crate::types::method::BoundMethod;
use crate::types::str_::Str;

impl Thread {
    /// `f(*args)`
    #[inline]
    pub fn call(&mut self, f: Value, args: &[Value]) -> Result {
        self.call_args(f, Args::positional(args))
    }

    /// `f(...)` with keywords.
    pub fn call_args(&mut self, f: Value, args: Args<'_>) -> Result {
        match f.kind() {
            Kind::Function => {
                if let Some(f) = f.downcast::<Function>() {
                    return self.call_function(f, args);
                }
            }
            Kind::BoundMethod => {
                if let Some(m) = f.downcast::<BoundMethod>() {
                    return self.call_with_receiver(m.function, m.receiver, args);
                }
            }
            _ => {}
        }
        match self.class_of(f).slots().call {
            Some(call) => {
                self.check_native_stack("")?;
                call(self, f, args)
            }
            None => Err(self.not_callable(f)),
        }
    }

    #[cold]
    pub(crate) fn not_callable(&mut self, f: Value) -> Raised {
        let got = self.type_name(f);
        self.type_error(format!("'{got}' object is not callable"))
    }

    /// `f(*args, **keywords)` with keywords as pairs.
    pub fn call_keywords(
        &mut self,
        f: Value,
        args: &[Value],
        keywords: &[(&str, Value)],
    ) -> Result {
        let all = self.value_vec(args)?;
        let names = crate::ValueVec::new();
        for (k, v) in keywords {
            let k = self.intern(k).value();
            self.push(&names, k)?;
            self.push(&all, *v)?;
        }
        let kwnames = self.new_tuple(names.as_slice());
        self.call_args(
            f,
            Args {
                values: all.as_slice(),
                kwnames: if keywords.is_empty() {
                    None
                } else {
                    Some(kwnames)
                },
            },
        )
    }

    /// Calls `f` with `receiver` in front of the arguments.
    pub fn call_with_receiver(&mut self, f: Value, receiver: Value, args: Args<'_>) -> Result {
        self.with_receiver(receiver, args, |th, args| th.call_args(f, args))
    }

    /// Hands on the arguments with `receiver` in front.
    #[inline]
    pub fn with_receiver<R>(
        &mut self,
        receiver: Value,
        args: Args<'_>,
        f: impl FnOnce(&mut Thread, Args<'_>) -> Result<R>,
    ) -> Result<R> {
        const N: usize = 8;
        let kwnames = args.kwnames;
        // The usual numbers of arguments without a copy of unknown length.
        match *args.values {
            [] => {
                let values = &[receiver];
                return f(self, Args { values, kwnames });
            }
            [a] => {
                let values = &[receiver, a];
                return f(self, Args { values, kwnames });
            }
            _ => {}
        }
        let n = args.values.len();
        if n < N {
            let mut all = [receiver; N];
            all[1..=n].copy_from_slice(args.values);
            return f(
                self,
                Args {
                    values: &all[..=n],
                    kwnames,
                },
            );
        }
        let all = self.value_vec(&[receiver])?;
        self.push_all(&all, args.values)?;
        f(
            self,
            Args {
                values: all.as_slice(),
                kwnames,
            },
        )
    }

    /// Calls a Python function from native code.
    pub fn call_function(&mut self, f: Gc<Function>, args: Args<'_>) -> Result {
        self.check_native_stack("")?;
        let code = f.code();
        let window = self.stacks.top();
        let bound =
            if code.simple && args.kwnames.is_none() && args.values.len() == code.argcount as usize
            {
                self.ensure_window(window, code.registers as usize)?;
                // SAFETY: the window has room, checked above; the arguments may overlap it.
                unsafe {
                    match *args.values {
                        [] => {}
                        [a] => *window = a.bits(),
                        [a, b] => {
                            *window = a.bits();
                            *window.add(1) = b.bits();
                        }
                        ref more => std::ptr::copy(more.as_ptr() as *const u64, window, more.len()),
                    }
                };
                args.values.len()
            } else {
                self.bind_arguments(f, args, window)?
            };
        let calls = code.calls.get().wrapping_add(1);
        code.calls.set(calls);
        if calls >= self.machine.call_threshold {
            self.hot_function(f);
        }
        if code.makes_at_once.get() && generator::is_made_at_once(self, code) {
            // SAFETY: the parameters were bound in the window.
            let parameters = unsafe { window_slice(window, bound) };
            return generator::from_parameters(self, f, parameters);
        }
        self.push_frame(f, code, window, bound, 0, flags::ENTRY)?;
        self.run_entry()
    }

    /// RecursionError when a window of `n` registers does not fit behind `window`.
    pub(crate) fn ensure_window(&mut self, window: *mut u64, n: usize) -> Result<()> {
        if self.stacks.has_room(window, n) {
            Ok(())
        } else {
            Err(self.recursion_overflow())
        }
    }

    /// Binds arguments to a function's parameters in its window; gives the number of registers set.
    #[inline(never)]
    pub(crate) fn bind_arguments(
        &mut self,
        f: Gc<Function>,
        args: Args<'_>,
        window: *mut u64,
    ) -> Result<usize> {
        let code = f.code();
        let data = &*code.data;
        self.ensure_window(window, code.registers as usize + args.values.len())?;
        let positional = data.argcount as usize;
        if code.simple && args.kwnames.is_none() && args.values.len() <= positional {
            let given = args.values.len();
            let defaults = f.defaults.get();
            let missing = positional - given;
            let defaults = defaults.as_ref().map_or(&[] as &[Value], |d| d.as_slice());
            if let Some(first) = defaults.len().checked_sub(missing) {
                // SAFETY: the window has room, checked above; the arguments may overlap it.
                unsafe {
                    std::ptr::copy(args.values.as_ptr() as *const u64, window, given);
                    for (i, v) in defaults[first..].iter().enumerate() {
                        *window.add(given + i) = v.bits();
                    }
                }
                return Ok(positional);
            }
        }
        let total = positional + data.kwonlyargcount as usize;
        let varargs = code.has(co_flags::VARARGS);
        let varkw = code.has(co_flags::VARKEYWORDS);
        let count = total + varargs as usize + varkw as usize;
        // The arguments may lie where the parameters go, so they are collected first.
        let mut small = [None; 24];
        let big;
        let out: &mut [Option<Value>] = if count <= 24 {
            &mut small[..count]
        } else {
            big = self.list_from_slice(&vec_of_none(self.none(), count));
            let _ = big;
            // SAFETY: the list's storage has `count` words and is kept alive by `big`; None values mark
            // "unset" below by zero words, which Option<Value> represents.
            unsafe {
                let p = big
                    .items
                    .buffer()
                    .map_or(std::ptr::null_mut(), |b| b.data() as *mut Option<Value>);
                let s = std::slice::from_raw_parts_mut(p, count);
                s.fill(None);
                s
            }
        };
        let given = args.positionals();
        let n = given.len().min(positional);
        for (i, v) in given.iter().take(n).enumerate() {
            out[i] = Some(*v);
        }
        if varargs {
            out[total] = Some(self.new_tuple(given.get(n..).unwrap_or(&[])).value());
        }
        let kwdict = if varkw {
            let d = self.new_dict();
            out[total + varargs as usize] = Some(d.value());
            Some(d)
        } else {
            None
        };
        for (name, v) in args.keywords() {
            let Some(text) = name.downcast::<Str>() else {
                let q = function_name(f);
                return Err(self.type_error(format!("{q}() keywords must be strings")));
            };
            let at = data.varnames[data.posonlyargcount as usize..total]
                .iter()
                .position(|p| text.equals_str(p));
            match at {
                Some(i) => {
                    let i = i + data.posonlyargcount as usize;
                    if out[i].is_some() {
                        let (q, t) = (function_name(f), text.to_string_lossy());
                        return Err(self
                            .type_error(format!("{q}() got multiple values for argument '{t}'")));
                    }
                    out[i] = Some(v);
                }
                None => match kwdict {
                    Some(d) => d.set(self, name, v)?,
                    None => return Err(self.unexpected_keyword(f, text, &args)),
                },
            }
        }
        if given.len() > positional && !varargs {
            return Err(self.too_many(f, given.len(), out));
        }
        if given.len() < positional {
            let defaults = f.defaults.get().unwrap_or(self.empty_tuple());
            let first = positional.saturating_sub(defaults.len());
            let missing: Vec<String> = (given.len()..first)
                .filter(|i| out[*i].is_none())
                .map(|i| data.varnames[i].clone())
                .collect();
            if !missing.is_empty() {
                return Err(self.missing_arguments(f, &missing, "positional"));
            }
            let skip = defaults.len().saturating_sub(positional);
            let from = given.len().max(first);
            for (i, slot) in out.iter_mut().enumerate().take(positional).skip(from) {
                if slot.is_none() {
                    *slot = defaults.get(i - first + skip);
                }
            }
        }
        if data.kwonlyargcount > 0 {
            let mut missing = Vec::new();
            for (i, slot) in out.iter_mut().enumerate().take(total).skip(positional) {
                if slot.is_some() {
                    continue;
                }
                let default = f
                    .kwdefaults
                    .get()
                    .and_then(|d| self.keyword_default(d, i - positional, &data.varnames[i]));
                match default {
                    Some(v) => *slot = Some(v),
                    None => missing.push(data.varnames[i].clone()),
                }
            }
            if !missing.is_empty() {
                return Err(self.missing_arguments(f, &missing, "keyword-only"));
            }
        }
        for (i, v) in out.iter().enumerate() {
            // SAFETY: the window has room, checked above.
            unsafe { *window.add(i) = v.map_or(0, Value::bits) };
        }
        Ok(count)
    }

    /// The default of a parameter, which mostly lies where it does in the head of the function.
    fn keyword_default(&mut self, defaults: Gc<Dict>, i: usize, name: &str) -> Option<Value> {
        if let Some((_, k, v)) = defaults.entry_from(i)
            && k.downcast::<Str>().is_some_and(|k| k.equals_str(name))
        {
            return Some(v);
        }
        let name = self.intern(name);
        defaults.get_str(name)
    }

    #[cold]
    fn unexpected_keyword(&mut self, f: Gc<Function>, name: Gc<Str>, args: &Args<'_>) -> Raised {
        let data = f.code().data.clone();
        let q = function_name(f);
        let posonly: Vec<String> = args
            .keywords()
            .filter_map(|(k, _)| k.downcast::<Str>())
            .map(|k| k.to_string_lossy())
            .filter(|k| data.varnames[..data.posonlyargcount as usize].contains(k))
            .collect();
        if !posonly.is_empty() {
            let list = posonly.join(", ");
            return self.type_error(format!(
                "{q}() got some positional-only arguments passed as keyword arguments: '{list}'"
            ));
        }
        let t = name.to_string_lossy();
        let total = (data.argcount + data.kwonlyargcount) as usize;
        let candidates: Vec<String> = data.varnames[data.posonlyargcount as usize..total].to_vec();
        let hint = match crate::exceptions::suggest::closest(&t, &candidates) {
            Some(c) => format!(". Did you mean '{c}'?"),
            None => String::new(),
        };
        self.type_error(format!(
            "{q}() got an unexpected keyword argument '{t}'{hint}"
        ))
    }

    #[cold]
    fn too_many(&mut self, f: Gc<Function>, given: usize, out: &[Option<Value>]) -> Raised {
        let data = f.code().data.clone();
        let positional = data.argcount as usize;
        let defaults = f.defaults.get().map_or(0, |d| d.len());
        let q = function_name(f);
        let kwonly_given = out[positional..positional + data.kwonlyargcount as usize]
            .iter()
            .filter(|v| v.is_some())
            .count();
        let (takes, plural) = if defaults > 0 {
            (
                format!(
                    "from {} to {positional}",
                    positional - defaults.min(positional)
                ),
                true,
            )
        } else {
            (positional.to_string(), positional != 1)
        };
        let s = if plural { "s" } else { "" };
        let extra = if kwonly_given > 0 {
            let s1 = if given != 1 { "s" } else { "" };
            let s2 = if kwonly_given != 1 { "s" } else { "" };
            format!(" positional argument{s1} (and {kwonly_given} keyword-only argument{s2})")
        } else {
            String::new()
        };
        let were = if given == 1 && kwonly_given == 0 {
            "was"
        } else {
            "were"
        };
        self.type_error(format!(
            "{q}() takes {takes} positional argument{s} but {given}{extra} {were} given"
        ))
    }

    #[cold]
    fn missing_arguments(&mut self, f: Gc<Function>, names: &[String], kind: &str) -> Raised {
        let q = function_name(f);
        let quoted: Vec<String> = names.iter().map(|n| format!("'{n}'")).collect();
        let list = match quoted.as_slice() {
            [one] => one.clone(),
            [a, b] => format!("{a} and {b}"),
            many => format!(
                "{}, and {}",
                many[..many.len() - 1].join(", "),
                many[many.len() - 1]
            ),
        };
        let s = if names.len() == 1 { "" } else { "s" };
        self.type_error(format!(
            "{q}() missing {} required {kind} argument{s}: {list}",
            names.len()
        ))
    }

    /// The builtin with this name.
    pub fn builtin(&mut self, name: &str) -> Result {
        let d = self.vm().builtins_dict();
        match self.dict_get_text(d, name) {
            Some(v) => Ok(v),
            None => Err(self.name_error(
                crate::types::ExceptionClass::NameError,
                name,
                format!("name '{name}' is not defined"),
            )),
        }
    }

    /// Is it callable?
    pub fn is_callable(&self, v: Value) -> bool {
        self.class_of(v).slots().call.is_some()
    }
}

fn vec_of_none(none: Value, n: usize) -> Box<[Value]> {
    std::iter::repeat_n(none, n).collect()
}

/// `f.__qualname__` as text.
pub fn function_name(f: Gc<Function>) -> String {
    f.qualname
        .get()
        .and_then(crate::types::str_::text)
        .unwrap_or_else(|| "?".into())
}

/// Calls a native function object with arguments that lie in a window.
#[inline(always)]
pub fn call_builtin(th: &mut Thread, b: Gc<Builtin>, args: Args<'_>) -> Result {
    crate::types::builtin_function::call(th, b, args)
}
