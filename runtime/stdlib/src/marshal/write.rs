//! Values to bytes.

use std::collections::HashMap;

use taipan_vm::Thread;
use taipan_vm::object::{Raised, Result, Value};
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::code::Code;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::list::List;
use taipan_vm::types::set::Set;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::{ExceptionClass, T, int};

use super::{FLAG_REF, MAX_DEPTH};

/// Writes values. Objects written before are found by their word (an address, which nothing
/// moves, or a number); all of them are held by the value that is being written.
pub(super) struct Writer {
    pub out: Vec<u8>,
    version: i64,
    allow_code: bool,
    seen: HashMap<u64, u32>,
}

impl Writer {
    pub fn new(version: i64, allow_code: bool) -> Writer {
        Writer {
            out: Vec::new(),
            version,
            allow_code,
            seen: HashMap::new(),
        }
    }

    fn i32(&mut self, n: i32) {
        self.out.extend(n.to_le_bytes());
    }

    fn size(&mut self, th: &mut Thread, n: usize) -> Result<()> {
        match i32::try_from(n) {
            Ok(n) => {
                self.i32(n);
                Ok(())
            }
            Err(_) => Err(th.value_error("unmarshallable object")),
        }
    }

    fn sized(&mut self, th: &mut Thread, bytes: &[u8]) -> Result<()> {
        self.size(th, bytes.len())?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn short(&mut self, bytes: &[u8]) {
        self.out.push(bytes.len() as u8);
        self.out.extend_from_slice(bytes);
    }

    /// A reference to an object written before (true), or the flag for a new one.
    fn reference(&mut self, v: Value) -> (bool, u8) {
        if self.version < 3 {
            return (false, 0);
        }
        let next = self.seen.len() as u32;
        match self.seen.get(&v.bits()) {
            Some(i) => {
                let i = *i;
                self.out.push(b'r');
                self.out.extend(i.to_le_bytes());
                (true, 0)
            }
            None => {
                self.seen.insert(v.bits(), next);
                (false, FLAG_REF)
            }
        }
    }

    pub fn object(&mut self, th: &mut Thread, v: Value, depth: u32) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(th.value_error("object too deeply nested to marshal"));
        }
        th.check_native_stack(" while marshalling an object")?;
        let s = th.vm().singletons();
        let stop = th.vm().exception_class(ExceptionClass::StopIteration);
        for (constant, code) in [
            (s.none, b'N'),
            (s.true_, b'T'),
            (s.false_, b'F'),
            (s.ellipsis, b'.'),
            (stop.value(), b'S'),
        ] {
            if v.is(constant) {
                self.out.push(code);
                return Ok(());
            }
        }
        if th.is_exact(v, T::Float)
            && let Some(f) = th.as_float(v)
        {
            let (done, flag) = self.reference(v);
            return if done {
                Ok(())
            } else {
                self.float(th, f, flag)
            };
        }
        let (done, flag) = self.reference(v);
        if done {
            return Ok(());
        }
        if let Some(i) = v.as_int() {
            return self.int(th, v, Some(i), flag);
        }
        if th.is_exact(v, T::Int) {
            return self.int(th, v, int::to_i64(v), flag);
        }
        if th.is_exact(v, T::Str)
            && let Some(s) = v.downcast::<Str>()
        {
            return self.text(th, &s, flag);
        }
        if th.is_exact(v, T::Bytes)
            && let Some(b) = v.downcast::<Bytes>()
        {
            self.out.push(b's' | flag);
            return self.sized(th, b.as_slice());
        }
        if th.is_exact(v, T::Tuple)
            && let Some(t) = v.downcast::<Tuple>()
        {
            let items = t.as_slice();
            if self.version >= 4 && items.len() < 256 {
                self.out.push(b')' | flag);
                self.out.push(items.len() as u8);
            } else {
                self.out.push(b'(' | flag);
                self.size(th, items.len())?;
            }
            return items
                .iter()
                .try_for_each(|x| self.object(th, *x, depth + 1));
        }
        if th.is_exact(v, T::List)
            && let Some(l) = v.downcast::<List>()
        {
            self.out.push(b'[' | flag);
            let items = th.value_vec(l.items.as_slice())?;
            self.size(th, items.len())?;
            return items
                .as_slice()
                .iter()
                .try_for_each(|x| self.object(th, *x, depth + 1));
        }
        if th.is_exact(v, T::Dict)
            && let Some(d) = v.downcast::<Dict>()
        {
            self.out.push(b'{' | flag);
            let mut i = 0;
            while let Some((next, k, x)) = d.entry_from(i) {
                self.object(th, k, depth + 1)?;
                self.object(th, x, depth + 1)?;
                i = next;
            }
            self.out.push(b'0');
            return Ok(());
        }
        if (th.is_exact(v, T::Set) || th.is_exact(v, T::FrozenSet))
            && let Some(s) = v.downcast::<Set>()
        {
            let code = if th.is_exact(v, T::Set) { b'<' } else { b'>' };
            self.out.push(code | flag);
            return self.set(th, &s, depth);
        }
        if th.is_exact(v, T::Code)
            && let Some(c) = v.downcast::<Code>()
        {
            return self.code(th, &c, flag);
        }
        if th.is_exact(v, T::Slice) && self.version >= 5 {
            self.out.push(b':' | flag);
            for part in ["start", "stop", "step"] {
                let x = th.get_attr_str(v, part)?;
                self.object(th, x, depth + 1)?;
            }
            return Ok(());
        }
        let complex = th.builtin("complex").ok();
        th.clear_pending();
        if complex.is_some_and(|c| th.class_of(v).value().is(c)) {
            return self.complex(th, v, flag);
        }
        if th.class_of(v).slots().buffer.is_some() {
            let bytes = crate::buffer_bytes(th, v)?;
            self.out.push(b's' | flag);
            return self.sized(th, &bytes);
        }
        Err(self.refuse(th))
    }

    fn refuse(&mut self, th: &mut Thread) -> Raised {
        self.out.push(b'?');
        th.value_error("unmarshallable object")
    }

    fn float(&mut self, th: &mut Thread, f: f64, flag: u8) -> Result<()> {
        if self.version > 1 {
            self.out.push(b'g' | flag);
            self.out.extend(f.to_le_bytes());
            return Ok(());
        }
        self.out.push(b'f' | flag);
        self.float_text(th, f)
    }

    fn float_text(&mut self, th: &mut Thread, f: f64) -> Result<()> {
        let v = th.float(f);
        let text = th.repr(v)?.to_string_lossy();
        self.short(text.as_bytes());
        Ok(())
    }

    fn complex(&mut self, th: &mut Thread, v: Value, flag: u8) -> Result<()> {
        let binary = self.version > 1;
        self.out.push(if binary { b'y' } else { b'x' } | flag);
        for part in ["real", "imag"] {
            let x = th.get_attr_str(v, part)?;
            let f = th.to_f64(x)?;
            if binary {
                self.out.extend(f.to_le_bytes());
            } else {
                self.float_text(th, f)?;
            }
        }
        Ok(())
    }

    fn int(&mut self, th: &mut Thread, v: Value, i: Option<i64>, flag: u8) -> Result<()> {
        if let Some(n) = i.and_then(|i| i32::try_from(i).ok()) {
            self.out.push(b'i' | flag);
            self.i32(n);
            return Ok(());
        }
        self.out.push(b'l' | flag);
        let magnitude = match i {
            Some(i) => i.unsigned_abs().to_le_bytes().to_vec(),
            None => match int::to_ibig(v) {
                Some(n) => n.into_parts().1.to_le_bytes().to_vec(),
                None => return Err(self.refuse(th)),
            },
        };
        // Digits of 15 bits.
        let bit = |n: usize| {
            let byte = magnitude.get(n / 8).copied().unwrap_or(0);
            (byte >> (n % 8) & 1) as u16
        };
        let mut digits: Vec<u16> = (0..(magnitude.len() * 8).div_ceil(15))
            .map(|d| (0..15).fold(0, |x, b| x | bit(d * 15 + b) << b))
            .collect();
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let negative = int::is_negative(v);
        match i32::try_from(digits.len()) {
            Ok(n) => self.i32(if negative { -n } else { n }),
            Err(_) => return Err(th.value_error("unmarshallable object")),
        }
        self.out.extend(digits.iter().flat_map(|d| d.to_le_bytes()));
        Ok(())
    }

    fn text(&mut self, th: &mut Thread, s: &Str, flag: u8) -> Result<()> {
        let interned = s.is_interned() && self.version >= 3;
        match s.as_ascii() {
            Some(t) if self.version >= 4 => {
                let short = t.len() < 256;
                let code = match (short, interned) {
                    (true, true) => b'Z',
                    (true, false) => b'z',
                    (false, true) => b'A',
                    (false, false) => b'a',
                };
                self.out.push(code | flag);
                if short {
                    self.short(t.as_bytes());
                    return Ok(());
                }
                self.sized(th, t.as_bytes())
            }
            _ => {
                self.out.push(if interned { b't' } else { b'u' } | flag);
                self.sized(th, &s.to_wtf8())
            }
        }
    }

    /// Elements in the order of their bytes, so that equal sets give equal bytes.
    fn set(&mut self, th: &mut Thread, s: &Set, depth: u32) -> Result<()> {
        let mut keys: Vec<(Vec<u8>, usize)> = Vec::new();
        let mut i = 0;
        while let Some((next, k, _)) = s.element_from(i) {
            let mut w = Writer::new(self.version, self.allow_code);
            w.object(th, k, depth + 1)?;
            keys.push((w.out, i));
            i = next;
        }
        keys.sort();
        self.size(th, keys.len())?;
        for (_, at) in keys {
            if let Some((_, k, _)) = s.element_from(at) {
                self.object(th, k, depth + 1)?;
            }
        }
        Ok(())
    }

    fn code(&mut self, th: &mut Thread, c: &Code, flag: u8) -> Result<()> {
        if !self.allow_code {
            return Err(th.value_error("marshalling code objects is disallowed"));
        }
        self.out.push(b'c' | flag);
        match taipan_bytecode::pyc::marshal_code(&c.data) {
            Ok(payload) => self.sized(th, &payload),
            Err(e) => Err(th.value_error(format!("unmarshallable object: {e}"))),
        }
    }
}
