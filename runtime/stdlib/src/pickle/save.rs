//! Objects of the builtin types to opcodes.

use super::buffer::PickleBuffer;
use super::opcodes::*;
use super::pickler::Pickler;
use super::pickling_error;
use taipan_vm::object::Gc;
use taipan_vm::types::bytearray::ByteArray;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::list::List;
use taipan_vm::types::set::Set;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::{T, int};
use taipan_vm::{Result, Thread, Value};

const BATCH: usize = 1000;

/// Two's complement, least significant byte first, as short as possible.
fn long_bytes(v: Value) -> Vec<u8> {
    let Some(big) = int::to_ibig(v) else {
        return Vec::new();
    };
    let (sign, magnitude) = big.into_parts();
    let mut bytes = magnitude.to_le_bytes().to_vec();
    bytes.push(0);
    if sign == dashu_int::Sign::Negative {
        let mut carry = true;
        for b in &mut bytes {
            let (n, c) = (!*b).overflowing_add(u8::from(carry));
            *b = n;
            carry = c;
        }
    }
    while let [.., a, b] = bytes.as_slice()
        && ((*b == 0 && *a < 0x80) || (*b == 0xFF && *a >= 0x80))
    {
        bytes.pop();
    }
    if bytes == [0] {
        bytes.clear();
    }
    bytes
}

/// An opcode and a size of eight bytes.
fn long_header(op: u8, n: u64) -> [u8; 9] {
    let mut header = [op; 9];
    header[1..].copy_from_slice(&n.to_le_bytes());
    header
}

impl Pickler {
    /// Adds a note to the exception on its way and passes it on.
    pub(super) fn noted<R>(
        &self,
        th: &mut Thread,
        r: Result<R>,
        v: Value,
        what: &str,
    ) -> Result<R> {
        if r.is_err() {
            let name = th.type_name(v);
            th.add_note_to_pending(&format!("when serializing {name} {what}"));
        }
        r
    }

    pub(super) fn save(&self, th: &mut Thread, v: Value, persistent: bool) -> Result<()> {
        self.save_any(th, v, persistent)?;
        self.boundary(th)
    }

    fn save_any(&self, th: &mut Thread, v: Value, persistent: bool) -> Result<()> {
        th.check_native_stack(" while pickling an object")?;
        if persistent && let Some(f) = self.persistent_id.get() {
            let id = th.call(f, &[v])?;
            if !th.is_none(id) {
                return self.save_persistent(th, id);
            }
        }
        if let Some(n) = v.as_int() {
            self.save_int(th, v, Some(n));
            return Ok(());
        }
        if v.is_tagged_float() || th.is_exact(v, T::Float) {
            return self.save_float(th, v);
        }
        if th.is_none(v) {
            self.op(NONE);
            return Ok(());
        }
        if v.is(th.bool(true)) || v.is(th.bool(false)) {
            let yes = v.is(th.bool(true));
            match (self.protocol.get() >= 2, yes) {
                (true, true) => self.op(NEWTRUE),
                (true, false) => self.op(NEWFALSE),
                (false, true) => self.put(b"I01\n"),
                (false, false) => self.put(b"I00\n"),
            }
            return Ok(());
        }
        if th.is_exact(v, T::Int) {
            self.save_int(th, v, int::to_i64(v));
            return Ok(());
        }
        if let Some(n) = self.memoized(v) {
            self.get(n);
            return Ok(());
        }
        if th.is_exact(v, T::Str)
            && let Some(s) = v.downcast::<Str>()
        {
            return self.save_str(th, s);
        }
        if th.is_exact(v, T::Bytes)
            && let Some(b) = v.downcast::<Bytes>()
        {
            return self.save_bytes(th, b);
        }
        if th.is_exact(v, T::Dict)
            && let Some(d) = v.downcast::<Dict>()
        {
            return self.save_dict(th, d);
        }
        if th.is_exact(v, T::List)
            && let Some(l) = v.downcast::<List>()
        {
            return self.save_list(th, l);
        }
        if th.is_exact(v, T::Tuple)
            && let Some(t) = v.downcast::<Tuple>()
        {
            return self.save_tuple(th, t);
        }
        if th.is_exact(v, T::Set) {
            return self.save_set(th, v);
        }
        if th.is_exact(v, T::FrozenSet) {
            return self.save_frozenset(th, v);
        }
        if th.is_exact(v, T::ByteArray)
            && let Some(b) = v.downcast::<ByteArray>()
        {
            return self.save_bytearray(th, b);
        }
        if let Some(b) = v.downcast::<PickleBuffer>() {
            return self.save_buffer(th, b);
        }
        self.save_other(th, v)
    }

    fn save_persistent(&self, th: &mut Thread, id: Value) -> Result<()> {
        if self.binary() {
            self.save(th, id, false)?;
            self.op(BINPERSID);
            return Ok(());
        }
        let s = th.str(id)?;
        let Some(text) = s.as_ascii() else {
            return Err(pickling_error(
                th,
                "persistent IDs in protocol 0 must be ASCII strings",
            ));
        };
        self.put(&[b"P", text.as_bytes(), b"\n"].concat());
        Ok(())
    }

    fn save_int(&self, th: &mut Thread, v: Value, n: Option<i64>) {
        let small = n.and_then(|n| i32::try_from(n).ok());
        if self.binary()
            && let Some(n) = small
        {
            match n {
                0..=0xFF => self.put(&[BININT1, n as u8]),
                0x100..=0xFFFF => self.put(&[BININT2, n as u8, (n >> 8) as u8]),
                _ => {
                    self.op(BININT);
                    self.put(&n.to_le_bytes());
                }
            }
            return;
        }
        if self.protocol.get() >= 2 {
            let bytes = long_bytes(v);
            match u8::try_from(bytes.len()) {
                Ok(len) => self.put(&[LONG1, len]),
                Err(_) => {
                    self.op(LONG4);
                    self.put(&(bytes.len() as i32).to_le_bytes());
                }
            }
            self.put(&bytes);
            return;
        }
        let digits = match int::to_ibig(v) {
            Some(b) => b.to_string(),
            None => String::new(),
        };
        let _ = th;
        match small {
            Some(_) => self.put(format!("I{digits}\n").as_bytes()),
            None => self.put(format!("L{digits}L\n").as_bytes()),
        }
    }

    fn save_float(&self, th: &mut Thread, v: Value) -> Result<()> {
        if self.binary() {
            let f = th.to_f64(v)?;
            self.op(BINFLOAT);
            self.put(&f.to_be_bytes());
            return Ok(());
        }
        let text = th.repr(v)?.to_string_lossy();
        self.put(format!("F{text}\n").as_bytes());
        Ok(())
    }

    fn save_str(&self, th: &mut Thread, s: Gc<Str>) -> Result<()> {
        if self.binary() {
            let other;
            let bytes = match s.as_ascii() {
                Some(t) => t.as_bytes(),
                None => {
                    other = s.to_wtf8();
                    other.as_slice()
                }
            };
            let n = bytes.len();
            let new = self.protocol.get() >= 4;
            if n <= 0xFF && new {
                self.put_data(th, &[SHORT_BINUNICODE, n as u8], bytes, s.value())?;
            } else if let Ok(n) = u32::try_from(n) {
                self.put_data(
                    th,
                    &long_header(BINUNICODE, n.into())[..5],
                    bytes,
                    s.value(),
                )?;
            } else if new {
                self.put_data(th, &long_header(BINUNICODE8, n as u64), bytes, s.value())?;
            } else {
                return Err(th.overflow_error(
                    "serializing a string larger than 4 GiB requires pickle protocol 4 or higher",
                ));
            }
        } else {
            let mut out = vec![UNICODE];
            for c in s.code_points() {
                match c {
                    0x5C | 0 | 0xA | 0xD | 0x1A => out.extend(format!("\\u{c:04x}").bytes()),
                    0..0x100 => out.push(c as u8),
                    0x100..0x10000 => out.extend(format!("\\u{c:04x}").bytes()),
                    _ => out.extend(format!("\\U{c:08x}").bytes()),
                }
            }
            out.push(b'\n');
            self.put(&out);
        }
        self.memoize(th, s.value())
    }

    fn put_bytes(&self, th: &mut Thread, data: &[u8], object: Value) -> Result<()> {
        let n = data.len();
        if n <= 0xFF {
            self.put_data(th, &[SHORT_BINBYTES, n as u8], data, object)
        } else if let Ok(n) = u32::try_from(n) {
            self.put_data(th, &long_header(BINBYTES, n.into())[..5], data, object)
        } else if self.protocol.get() >= 4 {
            self.put_data(th, &long_header(BINBYTES8, n as u64), data, object)
        } else {
            Err(th.overflow_error(
                "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher",
            ))
        }
    }

    fn save_bytes(&self, th: &mut Thread, b: Gc<Bytes>) -> Result<()> {
        if self.protocol.get() >= 3 {
            self.put_bytes(th, b.as_slice(), b.value())?;
            return self.memoize(th, b.value());
        }
        if b.is_empty() {
            let class = th.vm().ty(T::Bytes).value();
            let args = th.empty_tuple().value();
            return self.save_reduce(th, &[class, args], Some(b.value()));
        }
        let encode = crate::support::import_attr(th, "_codecs", "encode")?;
        let text = th.str_from_latin1(b.as_slice()).value();
        let latin = th.intern("latin1").value();
        let args = th.new_tuple(&[text, latin]).value();
        self.save_reduce(th, &[encode, args], Some(b.value()))
    }

    fn put_bytearray(&self, th: &mut Thread, data: &[u8]) -> Result<()> {
        let mut header = vec![BYTEARRAY8];
        header.extend((data.len() as u64).to_le_bytes());
        let none = th.none();
        self.put_data(th, &header, data, none)
    }

    fn save_bytearray(&self, th: &mut Thread, b: Gc<ByteArray>) -> Result<()> {
        let data = b.as_slice().to_vec();
        if self.protocol.get() >= 5 {
            self.put_bytearray(th, &data)?;
            return self.memoize(th, b.value());
        }
        let class = th.vm().ty(T::ByteArray).value();
        let args = if data.is_empty() {
            th.empty_tuple().value()
        } else {
            let bytes = th.new_bytes(&data).value();
            th.new_tuple(&[bytes]).value()
        };
        self.save_reduce(th, &[class, args], Some(b.value()))
    }

    fn save_buffer(&self, th: &mut Thread, b: Gc<PickleBuffer>) -> Result<()> {
        if self.protocol.get() < 5 {
            return Err(pickling_error(
                th,
                "PickleBuffer can only be pickled with protocol >= 5",
            ));
        }
        let view = b.view(th)?;
        let mut in_band = true;
        if let Some(f) = self.buffer_callback.get() {
            let r = th.call(f, &[b.value()])?;
            in_band = th.truth(r)?;
        }
        if !in_band {
            self.op(NEXT_BUFFER);
            if view.readonly {
                self.op(READONLY_BUFFER);
            }
            return Ok(());
        }
        let data = view.as_slice().to_vec();
        if view.readonly {
            let none = th.none();
            self.put_bytes(th, &data, none)?;
        } else {
            self.put_bytearray(th, &data)?;
        }
        self.memoize(th, b.value())
    }

    fn save_tuple(&self, th: &mut Thread, t: Gc<Tuple>) -> Result<()> {
        let n = t.len();
        let v = t.value();
        if n == 0 {
            if self.binary() {
                self.op(EMPTY_TUPLE);
            } else {
                self.put(&[MARK, TUPLE]);
            }
            return Ok(());
        }
        let short = n <= 3 && self.protocol.get() >= 2;
        if !short {
            self.op(MARK);
        }
        for (i, x) in t.as_slice().iter().enumerate() {
            if let Err(e) = self.save(th, *x, true) {
                return self.noted(th, Err(e), v, &format!("item {i}"));
            }
        }
        if let Some(number) = self.memoized(v) {
            // It was saved along with its items: take them off, fetch it.
            if short {
                self.put(&vec![POP; n]);
            } else if self.binary() {
                self.op(POP_MARK);
            } else {
                self.put(&vec![POP; n + 1]);
            }
            self.get(number);
            return Ok(());
        }
        self.op(match (short, n) {
            (true, 1) => TUPLE1,
            (true, 2) => TUPLE2,
            (true, _) => TUPLE3,
            _ => TUPLE,
        });
        self.memoize(th, v)
    }

    fn save_list(&self, th: &mut Thread, l: Gc<List>) -> Result<()> {
        if self.binary() {
            self.op(EMPTY_LIST);
        } else {
            self.put(&[MARK, LIST]);
        }
        self.memoize(th, l.value())?;
        if !self.binary() {
            let it = th.iter(l.value())?;
            return self.save_items(th, it, l.value());
        }
        if l.items.len() == 1
            && let Some(x) = l.items.get(0)
        {
            self.save_item(th, x, l.value(), 0)?;
            self.op(APPEND);
            return Ok(());
        }
        let size = l.items.len();
        let mut i = 0;
        while i < size {
            self.op(MARK);
            let end = i + BATCH;
            while i < end
                && let Some(x) = l.items.get(i)
            {
                self.save_item(th, x, l.value(), i)?;
                i += 1;
            }
            self.op(APPENDS);
            if l.items.len() != size {
                return Err(th.runtime_error("list changed size during iteration"));
            }
        }
        Ok(())
    }

    fn save_item(&self, th: &mut Thread, x: Value, owner: Value, number: usize) -> Result<()> {
        match self.save(th, x, true) {
            Ok(()) => Ok(()),
            Err(e) => self.noted(th, Err(e), owner, &format!("item {number}")),
        }
    }

    /// Items of what is no exact list, from an iterator.
    pub(super) fn save_items(&self, th: &mut Thread, it: Value, owner: Value) -> Result<()> {
        let mut number = 0;
        if !self.binary() {
            while let Some(x) = th.next(it)? {
                self.save_item(th, x, owner, number)?;
                number += 1;
                self.op(APPEND);
            }
            return Ok(());
        }
        loop {
            let Some(first) = th.next(it)? else {
                return Ok(());
            };
            let mut next = th.next(it)?;
            if next.is_none() {
                self.save_item(th, first, owner, number)?;
                self.op(APPEND);
                return Ok(());
            }
            self.op(MARK);
            self.save_item(th, first, owner, number)?;
            let mut n = 1;
            while let Some(x) = next {
                self.save_item(th, x, owner, number + n)?;
                n += 1;
                if n == BATCH {
                    break;
                }
                next = th.next(it)?;
            }
            self.op(APPENDS);
            if n < BATCH {
                return Ok(());
            }
            number += n;
        }
    }

    fn save_dict(&self, th: &mut Thread, d: Gc<Dict>) -> Result<()> {
        if self.binary() {
            self.op(EMPTY_DICT);
        } else {
            self.put(&[MARK, DICT]);
        }
        self.memoize(th, d.value())?;
        if d.is_empty() {
            return Ok(());
        }
        if !self.binary() {
            let items = th.call_method_str(d.value(), "items", &[])?;
            let it = th.iter(items)?;
            return self.save_pairs(th, it, d.value());
        }
        let size = d.len();
        if size == 1
            && let Some((_, k, v)) = d.entry_from(0)
        {
            self.save_pair(th, k, v, d.value())?;
            self.op(SETITEM);
            return Ok(());
        }
        let mut at = 0;
        loop {
            self.op(MARK);
            let mut n = 0;
            while n < BATCH
                && let Some((next, k, v)) = d.entry_from(at)
            {
                at = next;
                self.save_pair(th, k, v, d.value())?;
                n += 1;
            }
            self.op(SETITEMS);
            if d.len() != size {
                return Err(th.runtime_error("dictionary changed size during iteration"));
            }
            if n < BATCH {
                return Ok(());
            }
        }
    }

    fn save_pair(&self, th: &mut Thread, k: Value, v: Value, owner: Value) -> Result<()> {
        self.save(th, k, true)?;
        match self.save(th, v, true) {
            Ok(()) => Ok(()),
            Err(e) => {
                let key = th.repr_lossy(k);
                self.noted(th, Err(e), owner, &format!("item {key}"))
            }
        }
    }

    /// The next pair of an iterator over items.
    fn next_pair(&self, th: &mut Thread, it: Value) -> Result<Option<(Value, Value)>> {
        let Some(pair) = th.next(it)? else {
            return Ok(None);
        };
        let pair = pair.downcast::<Tuple>().filter(|t| t.len() == 2);
        match pair.and_then(|t| Some((t.get(0)?, t.get(1)?))) {
            Some(pair) => Ok(Some(pair)),
            None => Err(th.type_error("dict items iterator must return 2-tuples")),
        }
    }

    /// Items of what is no exact dict, from an iterator.
    pub(super) fn save_pairs(&self, th: &mut Thread, it: Value, owner: Value) -> Result<()> {
        if !self.binary() {
            while let Some((k, v)) = self.next_pair(th, it)? {
                self.save_pair(th, k, v, owner)?;
                self.op(SETITEM);
            }
            return Ok(());
        }
        loop {
            let Some((k, v)) = self.next_pair(th, it)? else {
                return Ok(());
            };
            let mut next = self.next_pair(th, it)?;
            if next.is_none() {
                self.save_pair(th, k, v, owner)?;
                self.op(SETITEM);
                return Ok(());
            }
            self.op(MARK);
            self.save_pair(th, k, v, owner)?;
            let mut n = 1;
            while let Some((k, v)) = next {
                self.save_pair(th, k, v, owner)?;
                n += 1;
                if n == BATCH {
                    break;
                }
                next = self.next_pair(th, it)?;
            }
            self.op(SETITEMS);
            if n < BATCH {
                return Ok(());
            }
        }
    }

    fn as_list_argument(&self, th: &mut Thread, v: Value, t: T) -> Result<()> {
        let class = th.vm().ty(t).value();
        let items = th.collect(v)?;
        let list = th.list_from_vec(items).value();
        let args = th.new_tuple(&[list]).value();
        self.save_reduce(th, &[class, args], Some(v))
    }

    fn save_set(&self, th: &mut Thread, v: Value) -> Result<()> {
        if self.protocol.get() < 4 {
            return self.as_list_argument(th, v, T::Set);
        }
        self.op(EMPTY_SET);
        self.memoize(th, v)?;
        let Some(set) = v.downcast::<Set>().filter(|s| !s.is_empty()) else {
            return Ok(());
        };
        let size = set.len();
        let mut at = 0;
        loop {
            self.op(MARK);
            let mut n = 0;
            while n < BATCH
                && let Some((next, x, _)) = set.element_from(at)
            {
                at = next;
                let r = self.save(th, x, true);
                self.noted(th, r, v, "element")?;
                n += 1;
            }
            self.op(ADDITEMS);
            if set.len() != size {
                return Err(th.runtime_error("set changed size during iteration"));
            }
            if n < BATCH {
                return Ok(());
            }
        }
    }

    fn save_frozenset(&self, th: &mut Thread, v: Value) -> Result<()> {
        if self.protocol.get() < 4 {
            return self.as_list_argument(th, v, T::FrozenSet);
        }
        self.op(MARK);
        let items = th.collect(v)?;
        for x in items.as_slice() {
            let r = self.save(th, *x, true);
            self.noted(th, r, v, "element")?;
        }
        if let Some(n) = self.memoized(v) {
            self.op(POP_MARK);
            self.get(n);
            return Ok(());
        }
        self.op(FROZENSET);
        self.memoize(th, v)
    }
}
