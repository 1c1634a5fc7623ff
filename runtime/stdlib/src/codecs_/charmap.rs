//! `charmap_*`: encodings by a mapping of the program's.
//!
//! A mapping is asked about all characters of the input before the conversion, so that the
//! conversion itself runs no Python code but error handlers.

use std::collections::HashMap;

use taipan_vm::codecs::handlers::Handler;
use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::int::{is_int, to_i64};
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::unicode::Text;
use taipan_vm::unicode::codecs::{charmap, single_byte};
use taipan_vm::{Result, Thread, Value, pymethods};

use super::{Codecs, decoded, encoded, optional};

/// `mapping[key]`, or None where it is undefined.
fn look_up(th: &mut Thread, mapping: Value, key: u32) -> Result<Option<Value>> {
    let key = Value::small(key as i32);
    match th.get_item(mapping, key) {
        Ok(v) => Ok(th.not_none(Some(v))),
        Err(e) => {
            if !th.pending_matches(ExceptionClass::LookupError) {
                return Err(e);
            }
            th.clear_pending();
            Ok(None)
        }
    }
}

fn decoding(th: &mut Thread, mapping: Value, byte: u8) -> Result<Option<Text>> {
    let Some(v) = look_up(th, mapping, u32::from(byte))? else {
        return Ok(None);
    };
    if let Some(s) = v.downcast::<Str>() {
        let undefined = s.len() == 1 && s.at(0) == Some(0xFFFE);
        return Ok((!undefined).then(|| s.text_ref().to_text()));
    }
    if !is_int(v) {
        return Err(th.type_error("character mapping must return integer, None or str"));
    }
    match to_i64(v) {
        Some(0xFFFE) => Ok(None),
        Some(c @ 0..0x110000) => Ok(Some(Text::from_code_points([c as u32]))),
        _ => Err(th.type_error("character mapping must be in range(0x110000)")),
    }
}

fn encoding(th: &mut Thread, mapping: Value, c: u32) -> Result<Option<Vec<u8>>> {
    let Some(v) = look_up(th, mapping, c)? else {
        return Ok(None);
    };
    if let Some(b) = v.downcast::<Bytes>() {
        return Ok(Some(b.as_slice().to_vec()));
    }
    if !is_int(v) {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "character mapping must return integer, bytes or None, not {got}"
        )));
    }
    match to_i64(v).and_then(|i| u8::try_from(i).ok()) {
        Some(b) => Ok(Some(vec![b])),
        None => Err(th.type_error("character mapping must be in range(256)")),
    }
}

#[pymethods(table = FUNCTIONS)]
impl Codecs {
    /// A mapping from code points to bytes that inverts a decoding table.
    #[pyfunction]
    fn charmap_build(th: &mut Thread, map: Gc<Str>) -> Result<Gc<Dict>> {
        let d = th.new_dict();
        for (i, c) in map.code_points().enumerate().take(256) {
            if c != 0xFFFE {
                d.set(th, Value::small(c as i32), Value::small(i as i32))?;
            }
        }
        Ok(d)
    }

    #[pyfunction(sig = "(data, errors=None, mapping=None, /)")]
    fn charmap_decode(
        th: &mut Thread,
        data: Value,
        errors: Option<Value>,
        mapping: Option<Value>,
    ) -> Result<Gc<Tuple>> {
        let errors = optional(th, errors)?;
        let bytes = th.byte_arg(data)?;
        let Some(mapping) = th.not_none(mapping) else {
            let text = single_byte::decode_latin1(&bytes);
            return Ok(decoded(th, &text, bytes.len()));
        };
        if let Some(table) = mapping.downcast::<Str>() {
            let mut handler = Handler::new(th, data, errors.as_deref());
            let r = charmap::decode_table(&bytes, &mut handler, table.text_ref());
            let (text, n) = handler.finish(r)?;
            return Ok(decoded(th, &text, n));
        }
        let mut known: Vec<Option<Text>> = vec![None; 256];
        let mut asked = [false; 256];
        for b in bytes.iter() {
            let i = usize::from(*b);
            if !asked[i] {
                asked[i] = true;
                known[i] = decoding(th, mapping, *b)?;
            }
        }
        let mut handler = Handler::new(th, data, errors.as_deref());
        let mut map = |b: u8| Ok(known[usize::from(b)].clone());
        let r = charmap::decode(&bytes, &mut handler, &mut map);
        let (text, n) = handler.finish(r)?;
        Ok(decoded(th, &text, n))
    }

    #[pyfunction(sig = "(str, errors=None, mapping=None, /)")]
    fn charmap_encode(
        th: &mut Thread,
        str: Gc<Str>,
        errors: Option<Value>,
        mapping: Option<Value>,
    ) -> Result<Gc<Tuple>> {
        let errors = optional(th, errors)?;
        let Some(mapping) = th.not_none(mapping) else {
            let mut handler = Handler::new(th, str.value(), errors.as_deref());
            let r = single_byte::encode_latin1(str.text_ref(), &mut handler);
            let bytes = handler.finish(r)?;
            return Ok(encoded(th, &bytes, str.len()));
        };
        let mut known: HashMap<u32, Option<Vec<u8>>> = HashMap::new();
        let mut faulty = false;
        for c in str.code_points() {
            if let std::collections::hash_map::Entry::Vacant(e) = known.entry(c) {
                let found = encoding(th, mapping, c)?;
                faulty |= found.is_none();
                e.insert(found);
            }
        }
        if faulty {
            // What error handlers put in place of faults.
            for c in 0..128 {
                if known.contains_key(&c) {
                    continue;
                }
                match encoding(th, mapping, c) {
                    Ok(found) => {
                        known.insert(c, found);
                    }
                    Err(_) => th.clear_pending(),
                }
            }
        }
        let mut handler = Handler::new(th, str.value(), errors.as_deref());
        let mut map = |c: u32| Ok(known.get(&c).cloned().flatten());
        let r = charmap::encode(str.text_ref(), &mut handler, &mut map);
        let bytes = handler.finish(r)?;
        Ok(encoded(th, &bytes, str.len()))
    }
}
