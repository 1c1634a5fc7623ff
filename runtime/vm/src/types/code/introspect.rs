//! Code objects seen from Python: positions, lines, comparison, `replace`.
//!
//! An instruction's offset is twice its word's index, so that `instruction // 2` counts the entries of
//! `co_positions()` as it does elsewhere. `co_code` is this machine's own code. Deliberately
//! absent: `co_linetable`, `co_exceptiontable`, `co_lnotab` (formats of another machine).

use std::hash::{Hash, Hasher};

use taipan_bytecode::code::{CodeObject, Constant};
use taipan_bytecode::lazy::CodeRef;

use super::Code;
use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

/// The offset that Python code sees of an instruction word. What comes before the first word
/// stands for the entry into the code, which has the line of its definition.
pub fn offset(word: usize) -> i64 {
    word as i64 * 2 + 2
}

/// The word at an offset.
pub fn word_at(offset: i64) -> usize {
    (offset.max(2) / 2 - 1) as usize
}

/// The line of the entry into the code: that of the definition, 0 for a module.
pub fn entry_line(code: &Code) -> u32 {
    let s = code.data.summary();
    match s.name {
        "<module>" => 0,
        _ => s.first_line,
    }
}

/// Equality: everything but the file name.
pub fn equal(a: &Code, b: &Code) -> bool {
    same_data(&a.data, &b.data)
}

fn same_data(x: &CodeObject, y: &CodeObject) -> bool {
    std::ptr::eq(x, y)
        || (x.name == y.name
            && x.qualname == y.qualname
            && x.flags == y.flags
            && x.argcount == y.argcount
            && x.posonlyargcount == y.posonlyargcount
            && x.kwonlyargcount == y.kwonlyargcount
            && x.first_line == y.first_line
            && x.code == y.code
            && same_constants(&x.consts, &y.consts)
            && x.names == y.names
            && x.varnames == y.varnames
            && x.cellvars == y.cellvars
            && x.freevars == y.freevars
            && x.handlers == y.handlers
            && x.positions == y.positions)
}

/// Code among constants is compared as [`equal`] does: without the name of its file.
fn same_constants(a: &[Constant], b: &[Constant]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|pair| match pair {
            (Constant::Code(x), Constant::Code(y)) => same_data(x, y),
            (x, y) => x == y,
        })
}

/// A hash that agrees with [`equal`].
pub fn hash(c: &Code) -> i64 {
    let mut h = rustc_hash::FxHasher::default();
    let d = &c.data;
    (&d.name, d.flags, d.argcount, d.first_line).hash(&mut h);
    (&d.code, &d.names, &d.varnames).hash(&mut h);
    match h.finish() as i64 {
        -1 => -2,
        h => h,
    }
}

fn number(n: u32) -> Value {
    Value::small(n.min(i32::MAX as u32) as i32)
}

/// The parts that `replace` can change, by keyword.
fn replace(th: &mut Thread, this: Gc<Code>, args: Args<'_>) -> Result {
    if args.positionals().len() > 1 {
        return Err(th.type_error("replace() takes no positional arguments"));
    }
    let mut data = CodeObject::clone(&this.data);
    let mut consts = None;
    for (k, v) in args.keywords() {
        let name = crate::types::str_::text(k).unwrap_or_default();
        let text = |th: &mut Thread| match v.downcast::<Str>() {
            Some(s) => Ok(s.to_string_lossy()),
            None => {
                let got = th.type_name_for_error(v);
                Err(th.type_error(format!(
                    "replace() argument '{name}' must be str, not {got}"
                )))
            }
        };
        let count = |th: &mut Thread| -> Result<u32> {
            let n = th.index_i64(v, "Python int too large to convert to C int")?;
            match u32::try_from(n) {
                Ok(n) => Ok(n),
                Err(_) => Err(th.value_error(format!("code: {} must not be negative", &name[3..]))),
            }
        };
        let names = |th: &mut Thread| -> Result<Vec<String>> {
            let Some(t) = v.downcast::<Tuple>() else {
                let got = th.type_name_for_error(v);
                return Err(th.type_error(format!(
                    "replace() argument '{name}' must be tuple, not {got}"
                )));
            };
            let mut out = Vec::new();
            for n in t.as_slice() {
                match crate::types::str_::text(*n) {
                    Some(n) => out.push(n),
                    None => {
                        let got = th.type_name(*n);
                        return Err(th.type_error(format!(
                            "name tuples must contain only strings, not '{got}'"
                        )));
                    }
                }
            }
            Ok(out)
        };
        match name.as_str() {
            "co_name" => data.name = text(th)?,
            "co_qualname" => data.qualname = text(th)?,
            "co_filename" => data.filename = text(th)?,
            "co_firstlineno" => data.first_line = count(th)?,
            "co_flags" => data.flags = count(th)?,
            "co_consts" => match v.downcast::<Tuple>() {
                Some(t) if t.len() == data.consts.len() => consts = Some(t),
                Some(_) => return Err(unchangeable(th, &name)),
                None => {
                    let got = th.type_name_for_error(v);
                    return Err(th.type_error(format!(
                        "replace() argument 'co_consts' must be tuple, not {got}"
                    )));
                }
            },
            "co_names" => {
                let n = names(th)?;
                if n.len() != data.names.len() {
                    return Err(unchangeable(th, &name));
                }
                data.names = n;
            }
            "co_varnames" => {
                let n = names(th)?;
                if n.len() != data.varnames.len() {
                    return Err(unchangeable(th, &name));
                }
                data.varnames = n;
            }
            "co_cellvars" | "co_freevars" => {
                let n = names(th)?;
                let list = if name == "co_cellvars" {
                    &mut data.cellvars
                } else {
                    &mut data.freevars
                };
                if n.len() != list.len() {
                    return Err(unchangeable(th, &name));
                }
                for (old, new) in list.iter_mut().zip(n) {
                    old.0 = new;
                }
            }
            "co_argcount" | "co_posonlyargcount" | "co_kwonlyargcount" | "co_nlocals"
            | "co_stacksize" | "co_code" => {
                // The layout of the registers and the instructions are fixed.
                let old = th.get_attr_str(this.value(), &name)?;
                if !th.equal(old, v)? {
                    return Err(unchangeable(th, &name));
                }
            }
            "co_linetable" | "co_exceptiontable" => return Err(unchangeable(th, &name)),
            _ => {
                return Err(th.type_error(format!(
                    "replace() got an unexpected keyword argument '{name}'"
                )));
            }
        }
    }
    let new = th.new_code(CodeRef::from(data));
    for i in 0..this.data.consts.len() {
        let v = match consts {
            Some(t) => t.get(i),
            None => th.constant_of(this, i),
        };
        if let Some(v) = v {
            th.set_constant(new, i, v);
        }
    }
    Ok(new.value())
}

fn unchangeable(th: &mut Thread, name: &str) -> crate::Raised {
    th.not_implemented_error(format!("replacing {name} by one of another layout"))
}

#[pymethods(table = METHODS, getsets = GETSETS)]
impl Code {
    /// Return a copy of the code object with new values for the specified fields.
    #[pymethod(raw)]
    fn replace(th: &mut Thread, args: Args<'_>) -> Result {
        let this = args.values.first().copied().unwrap_or(th.none());
        let this = th.expect::<Code>(this)?;
        replace(th, this, args)
    }

    /// The same as replace().
    #[pymethod(raw)]
    fn __replace__(th: &mut Thread, args: Args<'_>) -> Result {
        Code::replace(th, args)
    }

    #[pymethod]
    fn co_positions(th: &mut Thread, this: Gc<Code>) -> Result {
        let list = th.new_list();
        let none = th.none();
        let line = number(entry_line(&this));
        let entry = th.new_tuple(&[line, line, number(0), number(0)]).value();
        th.list_append(list, entry)?;
        for pc in 0..this.data.code.len() {
            let p = this.data.position(pc as u32);
            let items = if p.line == 0 {
                [none; 4]
            } else {
                [
                    number(p.line),
                    number(p.end_line),
                    number(p.column),
                    number(p.end_column),
                ]
            };
            let t = th.new_tuple(&items).value();
            th.list_append(list, t)?;
        }
        th.iter(list.value())
    }

    #[pymethod]
    fn co_lines(th: &mut Thread, this: Gc<Code>) -> Result {
        let list = th.new_list();
        let end = this.data.code.len() as u32;
        let runs = &this.data.positions;
        let entry = [
            number(0),
            number(offset(0) as u32),
            number(entry_line(&this)),
        ];
        let entry = th.new_tuple(&entry).value();
        th.list_append(list, entry)?;
        let mut i = 0;
        while i < runs.len() {
            let line = runs[i].range.line;
            let mut j = i + 1;
            while j < runs.len() && runs[j].range.line == line {
                j += 1;
            }
            let stop = runs.get(j).map_or(end, |r| r.start);
            let line_value = if line == 0 { th.none() } else { number(line) };
            let t = [
                number(offset(runs[i].start as usize) as u32),
                number(offset(stop as usize) as u32),
                line_value,
            ];
            let t = th.new_tuple(&t).value();
            th.list_append(list, t)?;
            i = j;
        }
        th.iter(list.value())
    }

    #[pygetter]
    fn co_code(th: &mut Thread, this: Gc<Code>) -> Result {
        let bytes: Vec<u8> = this
            .data
            .code
            .iter()
            .flat_map(|w| w.to_le_bytes())
            .collect();
        Ok(th.new_bytes(&bytes).value())
    }

    #[pygetter(member)]
    fn co_stacksize(_: &mut Thread, this: Gc<Code>) -> i64 {
        this.registers as i64
    }
}
