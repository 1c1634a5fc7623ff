//! The pickle machine.

use super::opcodes::*;
use super::unpickler::Unpickler;
use super::{call_with, find, unpickling_error};
use crate::support;
use taipan_vm::number::bigint::IBig;
use taipan_vm::object::{Gc, Raised};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::int;
use taipan_vm::types::list::List;
use taipan_vm::types::set::Set;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::type_::Type;
use taipan_vm::types::{ExceptionClass, T};
use taipan_vm::{Result, Thread, Value, ValueVec};

pub(super) const NO_PERSISTENT_LOAD: &str = "A load persistent id instruction was encountered, but no persistent_load function was specified.";

/// Reads one object.
pub(super) fn load(th: &mut Thread, u: Gc<Unpickler>) -> Result {
    if !u.ready.get() {
        let name = th.type_name(u.value());
        return Err(unpickling_error(
            th,
            format!("Unpickler.__init__() was not called by {name}.__init__()"),
        ));
    }
    u.stack.clear();
    u.marks.borrow_mut().clear();
    u.protocol.set(0);
    u.hooks(th)?;
    let r = run(th, u);
    u.stack.clear();
    r
}

fn run(th: &mut Thread, u: Gc<Unpickler>) -> Result {
    loop {
        let op = match u.source.byte(th) {
            Ok(op) => op,
            Err(e) => {
                if is_unpickling_error(th) {
                    th.clear_pending();
                    return Err(th.raise(ExceptionClass::EOFError, "Ran out of input"));
                }
                return Err(e);
            }
        };
        if op == STOP {
            return u.pop(th);
        }
        u.step(th, op)?;
    }
}

fn is_unpickling_error(th: &mut Thread) -> bool {
    let class = support::kept(th, super::UNPICKLING).and_then(|c| c.downcast::<Type>());
    match (th.pending_exception(), class) {
        (Some(e), Some(c)) => th.class_of(e).is_subtype(c),
        _ => false,
    }
}

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b))
}

/// An int in two's complement, least significant byte first.
fn long(th: &mut Thread, bytes: &[u8]) -> Value {
    if bytes.len() <= 8 {
        let unused = 64 - 8 * bytes.len() as u32;
        if bytes.is_empty() {
            return th.int(0);
        }
        return th.int((little(bytes) << unused) as i64 >> unused);
    }
    let magnitude = IBig::from(dashu_int::UBig::from_le_bytes(bytes));
    let negative = bytes.last().is_some_and(|b| b & 0x80 != 0);
    let n = match negative {
        true => magnitude - (IBig::from(1) << (8 * bytes.len())),
        false => magnitude,
    };
    int::normalize(th, &n)
}

impl Unpickler {
    #[inline]
    fn push(&self, th: &mut Thread, v: Value) -> Result<()> {
        match self.stack.try_push(th.heap(), Some(self.header()), v) {
            true => Ok(()),
            false => Err(th.memory_error()),
        }
    }

    fn fence(&self) -> usize {
        self.marks.borrow().last().copied().unwrap_or(0)
    }

    #[cold]
    fn underflow(&self, th: &mut Thread) -> Raised {
        let marked = !self.marks.borrow().is_empty();
        unpickling_error(
            th,
            if marked {
                "unexpected MARK found"
            } else {
                "unpickling stack underflow"
            },
        )
    }

    fn pop(&self, th: &mut Thread) -> Result {
        if self.stack.len() <= self.fence() {
            return Err(self.underflow(th));
        }
        match self.stack.pop() {
            Some(v) => Ok(v),
            None => Err(self.underflow(th)),
        }
    }

    fn top(&self, th: &mut Thread) -> Result {
        match self.stack.get(self.stack.len().wrapping_sub(1)) {
            Some(v) if self.stack.len() > self.fence() => Ok(v),
            _ => Err(self.underflow(th)),
        }
    }

    /// Takes off what lies above the last mark.
    fn above_mark(&self, th: &mut Thread) -> Result<ValueVec> {
        let Some(at) = self.marks.borrow_mut().pop() else {
            return Err(unpickling_error(th, "could not find MARK"));
        };
        let at = at.min(self.stack.len());
        let out = ValueVec::new();
        th.push_all(&out, &self.stack.as_slice()[at..])?;
        self.stack.truncate(at);
        Ok(out)
    }

    fn unsigned(&self, th: &mut Thread, n: usize) -> Result<u64> {
        self.source.take(th, n, |_, b| little(b))
    }

    fn size(&self, th: &mut Thread, n: usize, what: &str) -> Result<usize> {
        let v = self.unsigned(th, n)?;
        match usize::try_from(v)
            .ok()
            .filter(|n| *n <= isize::MAX as usize)
        {
            Some(v) => Ok(v),
            None => Err(th.overflow_error(format!(
                "{what} exceeds system's maximum size of {} bytes",
                isize::MAX
            ))),
        }
    }

    fn text(&self, th: &mut Thread, n: usize) -> Result<()> {
        let read = self.source.take(th, n, |th, b| {
            if b.is_ascii() {
                return Ok(th.new_ascii(b).value());
            }
            match std::str::from_utf8(b) {
                Ok(_) => Ok(th.str_from_wtf8(b).value()),
                Err(_) => Err(b.to_vec()),
            }
        })?;
        let s = match read {
            Ok(s) => s,
            Err(odd) => {
                let bytes = th.new_bytes(&odd).value();
                let codec = th.intern("utf-8").value();
                let errors = th.intern("surrogatepass").value();
                th.call_method_str(bytes, "decode", &[codec, errors])?
            }
        };
        self.push(th, s)
    }

    fn bytes(&self, th: &mut Thread, n: usize) -> Result<()> {
        let b = self.source.take(th, n, |th, b| th.try_new_bytes(b))?;
        match b {
            Some(b) => self.push(th, b.value()),
            None => Err(th.memory_error()),
        }
    }

    /// An 8-bit string of Python 2.
    fn old_string(&self, th: &mut Thread, b: Value) -> Result<()> {
        let ascii = th.intern("ASCII").value();
        let encoding = self.encoding.get().unwrap_or(ascii);
        if encoding
            .downcast::<Str>()
            .is_some_and(|s| s.equals_str("bytes"))
        {
            return self.push(th, b);
        }
        let strict = th.intern("strict").value();
        let errors = self.errors.get().unwrap_or(strict);
        let s = th.call_method_str(b, "decode", &[encoding, errors])?;
        self.push(th, s)
    }

    fn persistent(&self, th: &mut Thread, id: Value) -> Result<()> {
        let Some(f) = self.persistent_load.get() else {
            return Err(unpickling_error(th, NO_PERSISTENT_LOAD));
        };
        let v = th.call(f, &[id])?;
        self.push(th, v)
    }

    fn step(&self, th: &mut Thread, op: u8) -> Result<()> {
        match op {
            NONE => {
                let v = th.none();
                self.push(th, v)
            }
            NEWTRUE | NEWFALSE => {
                let v = th.bool(op == NEWTRUE);
                self.push(th, v)
            }
            BININT => {
                let n = self.unsigned(th, 4)? as u32 as i32;
                self.push(th, Value::small(n))
            }
            BININT1 => {
                let n = self.source.byte(th)?;
                self.push(th, Value::small(i32::from(n)))
            }
            BININT2 => {
                let n = self.unsigned(th, 2)?;
                self.push(th, Value::small(n as i32))
            }
            LONG1 => {
                let n = usize::from(self.source.byte(th)?);
                let v = self.source.take(th, n, long)?;
                self.push(th, v)
            }
            LONG4 => {
                let n = self.unsigned(th, 4)? as u32 as i32;
                let Ok(n) = usize::try_from(n) else {
                    return Err(unpickling_error(th, "LONG pickle has negative byte count"));
                };
                let v = self.source.take(th, n, long)?;
                self.push(th, v)
            }
            BINFLOAT => {
                let f = self.source.take(th, 8, |_, b| {
                    f64::from_be_bytes(b.try_into().unwrap_or_default())
                })?;
                let v = th.float(f);
                self.push(th, v)
            }
            SHORT_BINUNICODE => {
                let n = usize::from(self.source.byte(th)?);
                self.text(th, n)
            }
            BINUNICODE => {
                let n = self.size(th, 4, "BINUNICODE")?;
                self.text(th, n)
            }
            BINUNICODE8 => {
                let n = self.size(th, 8, "BINUNICODE8")?;
                self.text(th, n)
            }
            SHORT_BINBYTES => {
                let n = usize::from(self.source.byte(th)?);
                self.bytes(th, n)
            }
            BINBYTES => {
                let n = self.size(th, 4, "BINBYTES")?;
                self.bytes(th, n)
            }
            BINBYTES8 => {
                let n = self.size(th, 8, "BINBYTES8")?;
                self.bytes(th, n)
            }
            BYTEARRAY8 => {
                let n = self.size(th, 8, "BYTEARRAY8")?;
                let b = self.source.take(th, n, |th, b| th.new_bytearray(b))??;
                self.push(th, b.value())
            }
            MARK => {
                self.marks.borrow_mut().push(self.stack.len());
                Ok(())
            }
            POP => {
                // On a mark it takes that off.
                if self.stack.len() == self.fence() && self.marks.borrow_mut().pop().is_some() {
                    return Ok(());
                }
                self.pop(th).map(|_| ())
            }
            POP_MARK => self.above_mark(th).map(|_| ()),
            DUP => {
                let v = self.top(th)?;
                self.push(th, v)
            }
            MEMOIZE => {
                let v = self.top(th)?;
                let n = self.memo.len() as u64;
                self.remember(th, n, v)
            }
            BINPUT => {
                let n = u64::from(self.source.byte(th)?);
                let v = self.top(th)?;
                self.remember(th, n, v)
            }
            LONG_BINPUT => {
                let n = self.unsigned(th, 4)?;
                let v = self.top(th)?;
                self.remember(th, n, v)
            }
            BINGET => {
                let n = u64::from(self.source.byte(th)?);
                let v = self.recall(th, n)?;
                self.push(th, v)
            }
            LONG_BINGET => {
                let n = self.unsigned(th, 4)?;
                let v = self.recall(th, n)?;
                self.push(th, v)
            }
            EMPTY_TUPLE => {
                let v = th.empty_tuple().value();
                self.push(th, v)
            }
            TUPLE1 | TUPLE2 | TUPLE3 => {
                let n = usize::from(op - TUPLE1) + 1;
                let len = self.stack.len();
                if len < self.fence() + n {
                    return Err(self.underflow(th));
                }
                let v = th.new_tuple(&self.stack.as_slice()[len - n..]).value();
                self.stack.truncate(len - n);
                self.push(th, v)
            }
            TUPLE => {
                let items = self.above_mark(th)?;
                let v = th.new_tuple(items.as_slice()).value();
                self.push(th, v)
            }
            EMPTY_LIST => {
                let v = th.new_list().value();
                self.push(th, v)
            }
            LIST => {
                let items = self.above_mark(th)?;
                let v = th.list_from_vec(items).value();
                self.push(th, v)
            }
            EMPTY_DICT => {
                let v = th.new_dict().value();
                self.push(th, v)
            }
            DICT => {
                let items = self.above_mark(th)?;
                let d = th.new_dict();
                self.fill_dict(th, d.value(), items.as_slice())?;
                self.push(th, d.value())
            }
            EMPTY_SET | FROZENSET => {
                let class = th.vm().ty(if op == EMPTY_SET {
                    T::Set
                } else {
                    T::FrozenSet
                });
                let v = if op == EMPTY_SET {
                    th.call(class.value(), &[])?
                } else {
                    let items = self.above_mark(th)?;
                    let list = th.list_from_vec(items).value();
                    th.call(class.value(), &[list])?
                };
                self.push(th, v)
            }
            APPEND => {
                let v = self.pop(th)?;
                let list = self.top(th)?;
                append(th, list, &[v])
            }
            APPENDS => {
                let items = self.above_mark(th)?;
                let list = self.top(th)?;
                append(th, list, items.as_slice())
            }
            SETITEM => {
                let v = self.pop(th)?;
                let k = self.pop(th)?;
                let d = self.top(th)?;
                self.fill_dict(th, d, &[k, v])
            }
            SETITEMS => {
                let items = self.above_mark(th)?;
                let d = self.top(th)?;
                self.fill_dict(th, d, items.as_slice())
            }
            ADDITEMS => {
                let items = self.above_mark(th)?;
                let set = self.top(th)?;
                if th.is_exact(set, T::Set)
                    && let Some(s) = set.downcast::<Set>()
                {
                    for v in items.as_slice() {
                        s.add(th, *v)?;
                    }
                    return Ok(());
                }
                let add = th.get_attr_str(set, "add")?;
                for v in items.as_slice() {
                    th.call(add, &[*v])?;
                }
                Ok(())
            }
            FRAME => {
                let n = self.unsigned(th, 8)?;
                self.source.frame(th, n)
            }
            PROTO => {
                let n = self.source.byte(th)?;
                if i64::from(n) > super::HIGHEST_PROTOCOL {
                    return Err(th.value_error(format!("unsupported pickle protocol: {n}")));
                }
                self.protocol.set(n);
                Ok(())
            }
            _ => self.step_more(th, op),
        }
    }

    fn step_more(&self, th: &mut Thread, op: u8) -> Result<()> {
        match op {
            REDUCE => {
                let args = self.pop(th)?;
                let f = self.pop(th)?;
                let v = match args.downcast::<Tuple>() {
                    Some(t) => call_with(th, f, t.as_slice())?,
                    None => {
                        let got = th.type_name(args);
                        return Err(
                            th.type_error(format!("argument list must be a tuple, not {got}"))
                        );
                    }
                };
                self.push(th, v)
            }
            NEWOBJ | NEWOBJ_EX => self.new_object(th, op == NEWOBJ_EX),
            BUILD => self.build(th),
            GLOBAL => {
                let module = self.utf8_line(th)?;
                let name = self.utf8_line(th)?;
                let v = self.find(th, module, name)?;
                self.push(th, v)
            }
            STACK_GLOBAL => {
                let name = self.pop(th)?;
                let module = self.pop(th)?;
                if name.downcast::<Str>().is_none() || module.downcast::<Str>().is_none() {
                    return Err(unpickling_error(th, "STACK_GLOBAL requires str"));
                }
                let v = self.find(th, module, name)?;
                self.push(th, v)
            }
            INST => {
                let module = self.utf8_line(th)?;
                let name = self.utf8_line(th)?;
                let args = self.above_mark(th)?;
                let class = self.find(th, module, name)?;
                let v = instantiate(th, class, args.as_slice())?;
                self.push(th, v)
            }
            OBJ => {
                let items = self.above_mark(th)?;
                let Some((class, args)) = items.as_slice().split_first() else {
                    return Err(self.underflow(th));
                };
                let v = instantiate(th, *class, args)?;
                self.push(th, v)
            }
            EXT1 | EXT2 | EXT4 => {
                let n = match op {
                    EXT1 => self.unsigned(th, 1)? as i64,
                    EXT2 => self.unsigned(th, 2)? as i64,
                    _ => i64::from(self.unsigned(th, 4)? as u32 as i32),
                };
                let v = self.extension(th, n)?;
                self.push(th, v)
            }
            PERSID => {
                let line = self.source.line(th)?;
                if !line.is_ascii() {
                    return Err(unpickling_error(
                        th,
                        "persistent IDs in protocol 0 must be ASCII strings",
                    ));
                }
                let id = th.str_from_latin1(&line).value();
                self.persistent(th, id)
            }
            BINPERSID => {
                let id = self.pop(th)?;
                self.persistent(th, id)
            }
            NEXT_BUFFER => {
                let Some(it) = self.buffers.get() else {
                    return Err(unpickling_error(
                        th,
                        "pickle stream refers to out-of-band data but no *buffers* argument was given",
                    ));
                };
                match th.next(it)? {
                    Some(b) => self.push(th, b),
                    None => Err(unpickling_error(th, "not enough out-of-band buffers")),
                }
            }
            READONLY_BUFFER => {
                let b = self.pop(th)?;
                let class = th.vm().ty(T::MemoryView).value();
                let view = th.call(class, &[b])?;
                let readonly = th.get_attr_str(view, "readonly")?;
                let v = if th.truth(readonly)? {
                    b
                } else {
                    th.call_method_str(view, "toreadonly", &[])?
                };
                self.push(th, v)
            }
            INT => {
                let line = self.source.line(th)?;
                let v = match line.as_slice() {
                    b"00" => th.bool(false),
                    b"01" => th.bool(true),
                    digits => match find::number(th, digits) {
                        Ok(v) => v,
                        Err(_) => {
                            th.clear_pending();
                            return Err(th.value_error("could not convert string to int"));
                        }
                    },
                };
                self.push(th, v)
            }
            LONG => {
                let line = self.source.line(th)?;
                let v = find::number(th, line.strip_suffix(b"L").unwrap_or(&line))?;
                self.push(th, v)
            }
            FLOAT => {
                let line = self.source.line(th)?;
                let text = th.str_from_latin1(&line).value();
                let class = th.vm().ty(T::Float).value();
                let v = th.call(class, &[text])?;
                self.push(th, v)
            }
            UNICODE => {
                let line = self.source.line(th)?;
                let bytes = th.new_bytes(&line).value();
                let codec = th.intern("raw_unicode_escape").value();
                let v = th.call_method_str(bytes, "decode", &[codec])?;
                self.push(th, v)
            }
            STRING => {
                let line = self.source.line(th)?;
                let inside = match line.as_slice() {
                    [a @ (b'\'' | b'"'), inside @ .., b] if a == b => inside,
                    _ => {
                        return Err(unpickling_error(
                            th,
                            "the STRING opcode argument must be quoted",
                        ));
                    }
                };
                let bytes = th.new_bytes(inside).value();
                let decode = support::import_attr(th, "_codecs", "escape_decode")?;
                let pair = th.call(decode, &[bytes])?;
                let zero = th.int(0);
                let b = th.get_item(pair, zero)?;
                self.old_string(th, b)
            }
            BINSTRING | SHORT_BINSTRING => {
                let n = match op {
                    SHORT_BINSTRING => i64::from(self.source.byte(th)?),
                    _ => i64::from(self.unsigned(th, 4)? as u32 as i32),
                };
                let Ok(n) = usize::try_from(n) else {
                    return Err(unpickling_error(
                        th,
                        "BINSTRING pickle has negative byte count",
                    ));
                };
                let b = self.source.take(th, n, |th, b| th.new_bytes(b).value())?;
                self.old_string(th, b)
            }
            PUT | GET => {
                let line = self.source.line(th)?;
                let n = find::number(th, &line)?;
                let Some(n) = int::to_i64(n).and_then(|n| u64::try_from(n).ok()) else {
                    let what = if op == PUT {
                        "negative PUT argument"
                    } else {
                        "negative GET argument"
                    };
                    return Err(th.value_error(what));
                };
                if op == GET {
                    let v = self.recall(th, n)?;
                    return self.push(th, v);
                }
                let v = self.top(th)?;
                self.remember(th, n, v)
            }
            c => {
                let shown = match c {
                    b'\'' | b'\\' => format!("\\x{c:02x}"),
                    0x20..0x7F => (c as char).to_string(),
                    _ => format!("\\x{c:02x}"),
                };
                Err(unpickling_error(
                    th,
                    format!("invalid load key, '{shown}'."),
                ))
            }
        }
    }

    fn utf8_line(&self, th: &mut Thread) -> Result {
        let line = self.source.line(th)?;
        let bytes = th.new_bytes(&line).value();
        th.call_method_str(bytes, "decode", &[])
    }

    fn fill_dict(&self, th: &mut Thread, d: Value, items: &[Value]) -> Result<()> {
        if !items.len().is_multiple_of(2) {
            return Err(unpickling_error(th, "odd number of items for SETITEMS"));
        }
        let exact = th.is_exact(d, T::Dict);
        for pair in items.chunks_exact(2) {
            match d.downcast::<Dict>().filter(|_| exact) {
                Some(d) => d.set(th, pair[0], pair[1])?,
                None => th.set_item(d, pair[0], pair[1])?,
            }
        }
        Ok(())
    }

    fn new_object(&self, th: &mut Thread, extended: bool) -> Result<()> {
        let name = if extended { "NEWOBJ_EX" } else { "NEWOBJ" };
        let keywords = if extended { Some(self.pop(th)?) } else { None };
        let args = self.pop(th)?;
        let class = self.pop(th)?;
        if class.downcast::<Type>().is_none() {
            let got = th.type_name(class);
            return Err(unpickling_error(
                th,
                format!("{name} class argument must be a type, not {got}"),
            ));
        }
        let Some(args) = args.downcast::<Tuple>() else {
            let got = th.type_name(args);
            return Err(unpickling_error(
                th,
                format!("{name} args argument must be a tuple, not {got}"),
            ));
        };
        let values = ValueVec::new();
        th.push(&values, class)?;
        th.push_all(&values, args.as_slice())?;
        let mut kwnames = None;
        if let Some(k) = keywords {
            let Some(d) = k.downcast::<Dict>() else {
                let got = th.type_name(k);
                return Err(unpickling_error(
                    th,
                    format!("{name} kwargs argument must be a dict, not {got}"),
                ));
            };
            let names = th.new_list();
            let mut at = 0;
            while let Some((next, key, v)) = d.entry_from(at) {
                at = next;
                th.list_append(names, key)?;
                th.push(&values, v)?;
            }
            if !names.items.is_empty() {
                kwnames = Some(th.to_tuple(names.value())?);
            }
        }
        let new = th.get_attr_str(class, "__new__")?;
        let v = th.call_args(
            new,
            taipan_vm::call::Args {
                values: values.as_slice(),
                kwnames,
            },
        )?;
        self.push(th, v)
    }

    fn build(&self, th: &mut Thread) -> Result<()> {
        let state = self.pop(th)?;
        let v = self.top(th)?;
        if let Some(f) = th.get_attr_str_option(v, "__setstate__")? {
            return th.call(f, &[state]).map(|_| ());
        }
        let (mut state, mut slots) = (state, None);
        if let Some(t) = state.downcast::<Tuple>()
            && let [a, b] = *t.as_slice()
        {
            (state, slots) = (a, Some(b));
        }
        if !th.is_none(state) {
            let Some(d) = state.downcast::<Dict>() else {
                return Err(unpickling_error(th, "state is not a dictionary"));
            };
            let own = th.get_attr_str(v, "__dict__")?;
            let mut at = 0;
            while let Some((next, k, x)) = d.entry_from(at) {
                at = next;
                let k = match k.downcast::<Str>().filter(|_| th.is_exact(k, T::Str)) {
                    Some(s) => th.intern_str(s).value(),
                    None => k,
                };
                th.set_item(own, k, x)?;
            }
        }
        if let Some(s) = th.not_none(slots) {
            let Some(d) = s.downcast::<Dict>() else {
                return Err(unpickling_error(th, "slot state is not a dictionary"));
            };
            let mut at = 0;
            while let Some((next, k, x)) = d.entry_from(at) {
                at = next;
                let k = th.expect::<Str>(k)?;
                let k = th.intern_str(k);
                th.set_attr(v, k, x)?;
            }
        }
        Ok(())
    }
}

fn append(th: &mut Thread, list: Value, items: &[Value]) -> Result<()> {
    if th.is_exact(list, T::List)
        && let Some(l) = list.downcast::<List>()
    {
        for v in items {
            th.list_append(l, *v)?;
        }
        return Ok(());
    }
    if items.len() != 1
        && let Some(extend) = th.get_attr_str_option(list, "extend")?
    {
        let all = th.list_from_slice(items).value();
        return th.call(extend, &[all]).map(|_| ());
    }
    let append = th.get_attr_str(list, "append")?;
    for v in items {
        th.call(append, &[*v])?;
    }
    Ok(())
}

fn instantiate(th: &mut Thread, class: Value, args: &[Value]) -> Result {
    if args.is_empty() && class.downcast::<Type>().is_some() {
        let own = th.get_attr_str_option(class, "__getinitargs__")?;
        if own.is_none() {
            let new = th.get_attr_str(class, "__new__")?;
            return th.call(new, &[class]);
        }
    }
    call_with(th, class, args)
}
