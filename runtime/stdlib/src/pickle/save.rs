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
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::{T, int};
use taipan_vm::{Result, Thread, Value, ValueVec};

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
            let bytes = match s.as_ascii() {
                Some(t) => t.as_bytes().to_vec(),
                None => s.to_wtf8(),
            };
            let n = bytes.len();
            let mut header = Vec::with_capacity(9);
            if n <= 0xFF && self.protocol.get() >= 4 {
                header.extend([SHORT_BINUNICODE, n as u8]);
            } else if let Ok(n) = u32::try_from(n) {
                header.push(BINUNICODE);
                header.extend(n.to_le_bytes());
            } else if self.protocol.get() >= 4 {
                header.push(BINUNICODE8);
                header.extend((n as u64).to_le_bytes());
            } else {
                return Err(th.overflow_error(
                    "serializing a string larger than 4 GiB requires pickle protocol 4 or higher",
                ));
            }
            self.put_data(th, &header, &bytes, s.value())?;
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
        let mut header = Vec::with_capacity(9);
        if n <= 0xFF {
            header.extend([SHORT_BINBYTES, n as u8]);
        } else if let Ok(n) = u32::try_from(n) {
            header.push(BINBYTES);
            header.extend(n.to_le_bytes());
        } else if self.protocol.get() >= 4 {
            header.push(BINBYTES8);
            header.extend((n as u64).to_le_bytes());
        } else {
            return Err(th.overflow_error(
                "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher",
            ));
        }
        self.put_data(th, &header, data, object)
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
            let r = self.save(th, *x, true);
            self.noted(th, r, v, &format!("item {i}"))?;
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
        let it = th.iter(l.value())?;
        self.save_items(th, it, l.value())
    }

    /// The next items of an iterator, at most a batch.
    fn batch(&self, th: &mut Thread, it: Value) -> Result<ValueVec> {
        let out = ValueVec::new();
        while out.len() < BATCH
            && let Some(v) = th.next(it)?
        {
            th.push(&out, v)?;
        }
        Ok(out)
    }

    /// Items of a list.
    pub(super) fn save_items(&self, th: &mut Thread, it: Value, owner: Value) -> Result<()> {
        let mut start = 0;
        loop {
            let batch = self.batch(th, it)?;
            if batch.is_empty() {
                return Ok(());
            }
            let marked = self.binary() && batch.len() > 1;
            if marked {
                self.op(MARK);
            }
            for (i, x) in batch.as_slice().iter().enumerate() {
                let r = self.save(th, *x, true);
                self.noted(th, r, owner, &format!("item {}", start + i))?;
                if !marked {
                    self.op(APPEND);
                }
            }
            if marked {
                self.op(APPENDS);
            }
            start += batch.len();
            if batch.len() < BATCH {
                return Ok(());
            }
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
        let items = th.call_method_str(d.value(), "items", &[])?;
        let it = th.iter(items)?;
        self.save_pairs(th, it, d.value())
    }

    /// Items of a dict.
    pub(super) fn save_pairs(&self, th: &mut Thread, it: Value, owner: Value) -> Result<()> {
        loop {
            let batch = self.batch(th, it)?;
            if batch.is_empty() {
                return Ok(());
            }
            let marked = self.binary() && batch.len() > 1;
            if marked {
                self.op(MARK);
            }
            for pair in batch.as_slice() {
                let pair = pair.downcast::<Tuple>().filter(|t| t.len() == 2);
                let Some((k, v)) = pair.and_then(|t| Some((t.get(0)?, t.get(1)?))) else {
                    return Err(th.type_error("dict items iterator must return 2-tuples"));
                };
                self.save(th, k, true)?;
                let r = self.save(th, v, true);
                if r.is_err() {
                    let key = th.repr_lossy(k);
                    return self.noted(th, r, owner, &format!("item {key}"));
                }
                if !marked {
                    self.op(SETITEM);
                }
            }
            if marked {
                self.op(SETITEMS);
            }
            if batch.len() < BATCH {
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
        let it = th.iter(v)?;
        loop {
            let batch = self.batch(th, it)?;
            if batch.is_empty() {
                return Ok(());
            }
            self.op(MARK);
            for x in batch.as_slice() {
                let r = self.save(th, *x, true);
                self.noted(th, r, v, "element")?;
            }
            self.op(ADDITEMS);
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
