//! The attribute area behind an object's payload: `[dict word][inline slots …]`.
//!
//! Layouts of variable size (tuple, bytes) keep only a dict word, behind their last item, and are
//! always in dictionary mode; their shapes have `payload_size` 0.

use super::buffer::ValueBuffer;
use super::gc::barrier;
use super::header::{Header, HeaderFlags};
use super::kind::Kind;
use super::pointer::Gc;
use super::shape::{Shape, ShapeId, Transition};
use super::value::Value;
use crate::Thread;
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

/// Offset of the attribute area of a cell, from its start.
pub fn area_offset(header: &Header, shape: &Shape) -> usize {
    if shape.payload_size != 0 {
        return shape.payload_size as usize;
    }
    let value = match Value::from_bits(header.address() as u64) {
        Some(v) => v,
        None => unreachable!("a header has an address"),
    };
    match header.kind() {
        Kind::Tuple => value
            .downcast::<Tuple>()
            .map_or(0, |t| Tuple::size_for(t.len())),
        Kind::Bytes => value
            .downcast::<Bytes>()
            .map_or(0, |b| Bytes::size_for(b.len())),
        _ => unreachable!("fixed layouts have a payload size"),
    }
}

#[inline(always)]
fn word<'a>(header: &'a Header, shape: &Shape, index: usize) -> &'a std::cell::Cell<u64> {
    let offset = area_offset(header, shape) + 8 * index;
    // SAFETY: callers index below 1 + inline_capacity, which the cell was sized for.
    unsafe { &*((header.address() + offset) as *const std::cell::Cell<u64>) }
}

/// Has the object an attribute area?
#[inline(always)]
pub fn has_area(v: Value) -> bool {
    v.header().is_some_and(|h| h.has(HeaderFlags::ATTRIBUTES))
}

/// An inline slot by index (below the shape's inline capacity).
#[inline(always)]
pub fn inline_slot(header: &Header, shape: &Shape, index: u16) -> Option<Value> {
    debug_assert!(index < shape.inline_capacity);
    Value::from_bits(word(header, shape, 1 + index as usize).get())
}

/// Stores in an inline slot (None empties it).
#[inline(always)]
pub fn set_inline_slot(header: &Header, shape: &Shape, index: u16, v: Option<Value>) {
    debug_assert!(index < shape.inline_capacity);
    word(header, shape, 1 + index as usize).set(v.map_or(0, Value::bits));
    if let Some(v) = v {
        barrier::write(header, v);
    }
}

fn dict_word(header: &Header, shape: &Shape) -> Option<Value> {
    Value::from_bits(word(header, shape, 0).get())
}

fn set_dict_word(header: &Header, shape: &Shape, v: Option<Value>) {
    word(header, shape, 0).set(v.map_or(0, Value::bits));
    if let Some(v) = v {
        barrier::write(header, v);
    }
}

/// A slot by index, inline or in the overflow buffer. Not for dictionary mode.
pub fn slot(header: &Header, shape: &Shape, index: u16) -> Option<Value> {
    if index < shape.inline_capacity {
        return inline_slot(header, shape, index);
    }
    let overflow = dict_word(header, shape)?.downcast::<ValueBuffer>()?;
    overflow.get((index - shape.inline_capacity) as usize)
}

impl Thread {
    /// Lies a word at an offset from its beginning inside the object's cell? For assertions.
    pub fn slot_is_inside(&mut self, v: Value, offset: usize) -> bool {
        offset + 8 <= self.heap().usable_size(v.bits() as *const u8)
    }

    /// Stores an existing slot, inline or in the overflow buffer.
    pub fn set_attribute_slot(&mut self, header: &Header, shape: &Shape, index: u16, v: Value) {
        if index < shape.inline_capacity {
            debug_assert!({
                let end = area_offset(header, shape) + 8 * (index as usize + 2);
                end <= self.heap().usable_size(header.address() as *const u8)
            });
            set_inline_slot(header, shape, index, Some(v));
            return;
        }
        let i = (index - shape.inline_capacity) as usize;
        let old = dict_word(header, shape).and_then(|w| w.downcast::<ValueBuffer>());
        let buffer = match old {
            Some(b) if i < b.capacity() => b,
            _ => {
                let Some(new) = ValueBuffer::new(self.heap(), (i + 1).max(4) * 2) else {
                    return;
                };
                if let Some(old) = old {
                    for k in 0..old.capacity() {
                        if let Some(v) = old.get(k) {
                            new.set(k, v);
                        }
                    }
                }
                set_dict_word(header, shape, Some(new.value()));
                new
            }
        };
        buffer.set(i, v);
    }

    /// The instance attribute `name` (interned), without looking at the class.
    pub fn instance_attribute(&mut self, v: Value, name: Gc<Str>) -> Option<Value> {
        let header = v.header()?;
        if !header.has(HeaderFlags::ATTRIBUTES) {
            return None;
        }
        let shape = self.shape(header.shape());
        if shape.dictionary_mode {
            let dict = dict_word(header, shape)?.downcast::<Dict>()?;
            return dict.get_str(name);
        }
        let index = self.vm().shapes.lookup(header.shape(), name)?;
        slot(header, shape, index)
    }

    /// Adds or replaces the instance attribute `name` (interned). False when the object has no
    /// `__dict__`.
    pub fn set_instance_attribute(&mut self, v: Value, name: Gc<Str>, value: Value) -> bool {
        let Some(header) = v.header() else {
            return false;
        };
        if !header.has(HeaderFlags::ATTRIBUTES) {
            return false;
        }
        let id = header.shape();
        let shape = self.shape(id);
        if !shape.class().has_instance_dict() {
            return false;
        }
        if !shape.dictionary_mode {
            if let Some(index) = self.vm().shapes.lookup(id, name) {
                self.set_attribute_slot(header, shape, index, value);
                return true;
            }
            match self.vm().shapes.add(id, name) {
                Transition::Shape(next) => {
                    let next_shape = self.shape(next);
                    self.set_attribute_slot(header, next_shape, next_shape.count - 1, value);
                    self.change_shape(header, next);
                    return true;
                }
                Transition::Dictionary => {}
            }
        }
        match self.instance_dict(v) {
            Some(dict) => {
                self.dict_set_str(dict, name, value);
                true
            }
            None => false,
        }
    }

    /// Gives an object another shape, which compiled code may not have expected.
    fn change_shape(&self, header: &Header, to: ShapeId) {
        let from = header.shape();
        header.set_shape(to);
        let shape = self.shape(from);
        if !shape.left.replace(true) {
            self.vm().assumptions.shape_left(from.0);
        }
    }

    /// Removes the instance attribute `name` (interned); false when it was not there.
    pub fn delete_instance_attribute(&mut self, v: Value, name: Gc<Str>) -> bool {
        let Some(header) = v.header() else {
            return false;
        };
        if !header.has(HeaderFlags::ATTRIBUTES) {
            return false;
        }
        let id = header.shape();
        let shape = self.shape(id);
        if !shape.dictionary_mode {
            let Some(index) = self.vm().shapes.lookup(id, name) else {
                return false;
            };
            if index == shape.count - 1 && index < shape.inline_capacity {
                set_inline_slot(header, shape, index, None);
                self.change_shape(header, self.vm().shapes.parent(id));
                return true;
            }
            if shape.count <= shape.inline_capacity
                && let Some(to) = self.vm().shapes.remove(id, name, index)
            {
                for i in index..shape.count - 1 {
                    let next = inline_slot(header, shape, i + 1);
                    set_inline_slot(header, shape, i, next);
                }
                set_inline_slot(header, shape, shape.count - 1, None);
                self.change_shape(header, to);
                return true;
            }
        }
        match self.instance_dict(v) {
            Some(dict) => dict.remove_str(name).is_some(),
            None => false,
        }
    }

    /// Instance attributes in order, without going to dictionary mode.
    pub fn for_each_attribute(&mut self, v: Value, f: &mut dyn FnMut(&mut Thread, Value, Value)) {
        let Some(header) = v.header() else { return };
        if !header.has(HeaderFlags::ATTRIBUTES) {
            return;
        }
        let shape = self.shape(header.shape());
        if shape.dictionary_mode {
            if let Some(d) = dict_word(header, shape).and_then(|w| w.downcast::<Dict>()) {
                let mut i = 0;
                while let Some((next, k, v)) = d.entry_from(i) {
                    f(self, k, v);
                    i = next;
                }
            }
            return;
        }
        for (name, index) in self.vm().shapes.attributes(header.shape()) {
            if let Some(v) = slot(header, shape, index) {
                f(self, name.value(), v);
            }
        }
    }

    /// The object's real `__dict__`, made (dictionary mode) if need be. None when it has none.
    pub fn instance_dict(&mut self, v: Value) -> Option<Gc<Dict>> {
        let header = v.header()?;
        if !header.has(HeaderFlags::ATTRIBUTES) {
            return None;
        }
        let id = header.shape();
        let shape = self.shape(id);
        let class = shape.class();
        if !class.has_instance_dict() {
            return None;
        }
        if shape.dictionary_mode
            && let Some(d) = dict_word(header, shape)
        {
            return d.downcast::<Dict>();
        }
        let dict = self.new_dict();
        if !shape.dictionary_mode {
            for (name, index) in self.vm().shapes.attributes(id) {
                if let Some(v) = slot(header, shape, index) {
                    self.dict_set_str(dict, name, v);
                }
            }
            for index in shape.fixed..shape.inline_capacity {
                set_inline_slot(header, shape, index, None);
            }
            let target = self.dictionary_shape(class, shape);
            self.change_shape(header, target);
            let shape = self.shape(target);
            set_dict_word(header, shape, Some(dict.value()));
        } else {
            set_dict_word(header, shape, Some(dict.value()));
        }
        Some(dict)
    }

    /// Replaces the object's `__dict__`; false when it has none.
    pub fn set_instance_dict(&mut self, v: Value, dict: Option<Gc<Dict>>) -> bool {
        if self.instance_dict(v).is_none() {
            return false;
        }
        if let Some(header) = v.header() {
            let shape = self.shape(header.shape());
            set_dict_word(header, shape, dict.map(Gc::value));
        }
        true
    }

    /// The dictionary-mode shape of a class for objects with this shape's cell layout.
    fn dictionary_shape(&mut self, class: Gc<crate::types::type_::Type>, shape: &Shape) -> ShapeId {
        class.dictionary_shape(self, shape.payload_size, shape.fixed, shape.inline_capacity)
    }

    /// Moves an object to another class with a compatible layout (`__class__` assignment).
    pub fn change_class(&mut self, v: Value, class: Gc<crate::types::type_::Type>) {
        let Some(header) = v.header() else { return };
        let shape = self.shape(header.shape());
        if !header.has(HeaderFlags::ATTRIBUTES) {
            self.change_shape(header, class.instance_shape());
            return;
        }
        let (payload, fixed, inline) = (shape.payload_size, shape.fixed, shape.inline_capacity);
        if class.has_instance_dict() {
            let _ = self.instance_dict(v);
            let target = class.dictionary_shape(self, payload, fixed, inline);
            self.change_shape(header, target);
        } else {
            self.change_shape(header, class.instance_shape());
        }
    }
}
