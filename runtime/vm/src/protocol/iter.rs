//! Iteration (Objects/abstract.c, Objects/iterobject.c).

use crate::Thread;
use crate::object::{Gc, Kind, Result, Value, ValueVec};
use crate::types::ExceptionClass;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::generator::{self, Generator};
use crate::types::iterators::StrIterator;
use crate::types::iterators::map::Map;
use crate::types::list::List;
use crate::types::range::Range;
use crate::types::set::Set;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;

impl Thread {
    /// `iter(v)`
    pub fn iter(&mut self, v: Value) -> Result {
        let class = self.class_of(v);
        if let Some(f) = class.slots().iter {
            let it = f(self, v)?;
            if self.class_of(it).slots().next.is_none() {
                let got = self.type_name(it);
                return Err(
                    self.type_error(format!("iter() returned non-iterator of type '{got}'"))
                );
            }
            return Ok(it);
        }
        self.sequence_iterator(v)
    }

    /// Has the object items by number, as far as its class tells?
    pub fn is_sequence(&self, v: Value) -> bool {
        let class = self.class_of(v);
        class.slots().getitem.is_some()
            && !class.has(flags::MAPPING)
            && v.downcast::<Dict>().is_none()
            // A native type that does not say how many it has has other uses for brackets.
            && (class.has(flags::HEAP) || class.slots().len.is_some())
    }

    /// The iterator of a class that has only `__getitem__`; TypeError when it has not.
    pub fn sequence_iterator(&mut self, v: Value) -> Result {
        if self.is_sequence(v) {
            return Ok(crate::types::iterators::sequence_iterator(self, v));
        }
        let got = self.class_of(v).error_name();
        Err(self.type_error(format!("'{got}' object is not iterable")))
    }

    /// `next(it)`; None when it is exhausted.
    #[inline]
    pub fn next(&mut self, it: Value) -> Result<Option<Value>> {
        if self.is_exact(it, crate::types::T::Generator)
            && let Some(g) = it.downcast::<Generator>()
        {
            return generator::advance(self, g);
        }
        // Iterators of iterators may be nested as deep as one likes.
        self.check_native_stack(" while advancing an iterator")?;
        match self.class_of(it).slots().next {
            Some(f) => match f(self, it) {
                Ok(r) => Ok(r),
                Err(e) => {
                    if self.pending_matches(ExceptionClass::StopIteration) {
                        self.clear_pending();
                        return Ok(None);
                    }
                    Err(e)
                }
            },
            None => {
                let got = self.type_name(it);
                Err(self.type_error(format!("'{got}' object is not an iterator")))
            }
        }
    }

    /// An iterator of the characters of a string.
    fn as_str_iterator(&self, it: Value) -> Option<Gc<StrIterator>> {
        let exact = self.is_exact(it, crate::types::T::StrAsciiIterator)
            || self.is_exact(it, crate::types::T::StrIterator);
        exact.then(|| it.downcast::<StrIterator>()).flatten()
    }

    /// Calls `f` with each item.
    pub fn for_each(
        &mut self,
        v: Value,
        mut f: impl FnMut(&mut Thread, Value) -> Result<()>,
    ) -> Result<()> {
        if self.is_exact(v, crate::types::T::Tuple)
            && let Some(t) = v.downcast::<Tuple>()
        {
            for i in 0..t.len() {
                if let Some(x) = t.get(i) {
                    f(self, x)?;
                }
            }
            return Ok(());
        }
        if self.is_exact(v, crate::types::T::List)
            && let Some(l) = v.downcast::<List>()
        {
            let mut i = 0;
            while let Some(x) = l.items.get(i) {
                f(self, x)?;
                i += 1;
            }
            return Ok(());
        }
        if let Some(r) = v.downcast::<Range>()
            && let Some(numbers) = r.small_numbers()
        {
            for n in numbers {
                let x = self.int(n);
                f(self, x)?;
                self.poll()?;
            }
            return Ok(());
        }
        if self.is_exact(v, crate::types::T::Bytes)
            && let Some(b) = v.downcast::<Bytes>()
        {
            for i in 0..b.len() {
                f(self, Value::small(i32::from(b.as_slice()[i])))?;
            }
            return Ok(());
        }
        if self.is_exact(v, crate::types::T::ByteArray)
            && let Some(b) = v.downcast::<ByteArray>()
        {
            let mut i = 0;
            while let Some(byte) = b.as_slice().get(i).copied() {
                f(self, Value::small(i32::from(byte)))?;
                i += 1;
            }
            return Ok(());
        }
        if self.is_exact(v, crate::types::T::Str)
            && let Some(s) = v.downcast::<Str>()
        {
            let mut i = 0;
            while let Some(c) = s.at(i) {
                i += 1;
                let x = self.str_from_char(c).value();
                f(self, x)?;
                self.poll()?;
            }
            return Ok(());
        }
        if self.is_exact(v, crate::types::T::Map)
            && let Some(m) = v.downcast::<Map>()
            && let Some((function, it)) = m.of_one()
        {
            self.check_native_stack(" while advancing an iterator")?;
            let text = self.as_str_iterator(it);
            loop {
                let item = match text {
                    Some(i) => i.advance(self),
                    None => self.next(it)?,
                };
                let Some(x) = item else { return Ok(()) };
                let y = match self.call(function, &[x]) {
                    Ok(y) => y,
                    Err(_) if self.pending_matches(ExceptionClass::StopIteration) => {
                        self.clear_pending();
                        return Ok(());
                    }
                    Err(e) => return Err(e),
                };
                f(self, y)?;
                self.poll()?;
            }
        }
        if (self.is_exact(v, crate::types::T::Set) || self.is_exact(v, crate::types::T::FrozenSet))
            && let Some(s) = v.downcast::<Set>()
        {
            let (mut i, size) = (0, s.len());
            while let Some((next, x, _)) = s.element_from(i) {
                f(self, x)?;
                if s.len() != size {
                    return Err(crate::types::set::changed_size(self));
                }
                i = next;
            }
            return Ok(());
        }
        let it = self.iter(v)?;
        while let Some(x) = self.next(it)? {
            f(self, x)?;
            self.poll()?;
        }
        Ok(())
    }

    /// All items in a vector.
    pub fn collect(&mut self, v: Value) -> Result<ValueVec> {
        let out = ValueVec::new();
        if v.kind() == Kind::Tuple
            && self.is_exact(v, crate::types::T::Tuple)
            && let Some(t) = v.downcast::<Tuple>()
        {
            self.push_all(&out, t.as_slice())?;
            return Ok(out);
        }
        if self.is_exact(v, crate::types::T::List)
            && let Some(l) = v.downcast::<List>()
        {
            self.push_all(&out, l.items.as_slice())?;
            return Ok(out);
        }
        if self.is_exact(v, crate::types::T::Str)
            && let Some(s) = v.downcast::<Str>()
        {
            self.characters(s, |th, some| th.push_all(&out, some))?;
            return Ok(out);
        }
        self.for_each(v, |th, x| th.push(&out, x))?;
        Ok(out)
    }

    /// Appends to a vector on the stack; MemoryError when memory is exhausted.
    #[inline]
    pub fn push(&mut self, out: &ValueVec, v: Value) -> Result<()> {
        if out.try_push(self.heap(), None, v) {
            Ok(())
        } else {
            Err(self.memory_error())
        }
    }

    /// Appends values to a vector on the stack.
    pub fn push_all(&mut self, out: &ValueVec, v: &[Value]) -> Result<()> {
        if out.try_extend(self.heap(), None, v) {
            Ok(())
        } else {
            Err(self.memory_error())
        }
    }

    /// `tuple(v)`
    pub fn to_tuple(&mut self, v: Value) -> Result<Gc<Tuple>> {
        if self.is_exact(v, crate::types::T::Tuple)
            && let Some(t) = v.downcast::<Tuple>()
        {
            return Ok(t);
        }
        if self.is_exact(v, crate::types::T::List)
            && let Some(l) = v.downcast::<List>()
        {
            return Ok(self.new_tuple(l.items.as_slice()));
        }
        if self.is_exact(v, crate::types::T::Str) {
            let items = self.collect(v)?;
            return Ok(self.new_tuple(items.as_slice()));
        }
        let it = self.iter(v)?;
        // Most are short: the first items are kept on the machine stack, which the collector scans.
        let mut first = [it; 16];
        let mut n = 0;
        while let Some(place) = first.get_mut(n) {
            match self.next(it)? {
                Some(x) => *place = x,
                None => return Ok(self.new_tuple(&first[..n])),
            }
            n += 1;
            self.poll()?;
        }
        let items = ValueVec::new();
        self.push_all(&items, &first)?;
        while let Some(x) = self.next(it)? {
            self.push(&items, x)?;
            self.poll()?;
        }
        Ok(self.new_tuple(items.as_slice()))
    }

    /// A tuple from values made one after the other.
    pub fn tuple_from_iter(&mut self, mut values: impl Iterator<Item = Value>) -> Gc<Tuple> {
        // Few values wait on the stack, where the collector looks.
        let mut few = [self.none(); 12];
        for i in 0..few.len() {
            match values.next() {
                Some(v) => few[i] = v,
                None => return self.new_tuple(&few[..i]),
            }
        }
        let out = ValueVec::new();
        for v in few.into_iter().chain(values) {
            out.try_push(self.heap(), None, v);
        }
        self.new_tuple(out.as_slice())
    }

    /// Serves requests (signals, switches, finalizers) from long native loops.
    #[inline(always)]
    pub fn poll(&mut self) -> Result<()> {
        if self.has_requests() {
            self.serve_requests()
        } else {
            Ok(())
        }
    }
}
