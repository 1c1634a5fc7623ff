//! `_blake2`: the types `blake2b` and `blake2s`.

use std::cell::RefCell;

use super::blake2::{Blake2b, Blake2s, Parameters};
use super::{GIL_MINSIZE, data, hex, initial};
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::int;
use taipan_vm::types::module::Module;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

fn small(th: &mut Thread, v: Option<i64>, default: u8, low: i64, name: &str) -> Result<u8> {
    match v {
        None => Ok(default),
        Some(n) if (low..=255).contains(&n) => Ok(n as u8),
        Some(_) => Err(th.value_error(format!("{name} must be between {low} and 255"))),
    }
}

fn unsigned(th: &mut Thread, v: Option<Value>, bits: u32, name: &str) -> Result<u64> {
    let Some(v) = v else {
        return Ok(0);
    };
    let v = th.index(v)?;
    if int::is_negative(v) {
        return Err(th.value_error("Cannot convert negative int"));
    }
    let n = int::to_ibig(v).and_then(|b| u64::try_from(&b).ok());
    match n {
        Some(n) if bits == 64 || n >> bits == 0 => Ok(n),
        _ => Err(th.overflow_error(format!("{name} is too large"))),
    }
}

fn bounded(th: &mut Thread, v: Option<Value>, max: usize, name: &str) -> Result<Vec<u8>> {
    let bytes = match v {
        Some(v) => crate::buffer_bytes(th, v)?,
        None => Vec::new(),
    };
    if bytes.len() > max {
        return Err(th.value_error(format!("maximum {name} length is {max} bytes")));
    }
    Ok(bytes)
}

macro_rules! types {
    ($($object:ident, $state:ident, $name:literal, $label:literal, $block:literal, $max:literal, $salt:literal, $node_bits:literal, $table:ident;)*) => { $(
        #[doc = concat!("`", $name, "`")]
        #[repr(C)]
        #[derive(NativeObject)]
        pub struct $object {
            head: NativeHeader,
            #[notrace]
            state: RefCell<$state>,
        }

        /// Return a new BLAKE2 hash object.
        #[pytype(name = $name, module = "_blake2", table = $table)]
        impl $object {
            #[pynew(sig = "(data=b'', *, digest_size=MAX, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)")]
            fn new(
                th: &mut Thread,
                _class: Value,
                data: Option<Value>,
                digest_size: Option<i64>,
                key: Option<Value>,
                salt: Option<Value>,
                person: Option<Value>,
                fanout: Option<i64>,
                depth: Option<i64>,
                leaf_size: Option<Value>,
                node_offset: Option<Value>,
                node_depth: Option<i64>,
                inner_size: Option<i64>,
                last_node: Option<bool>,
                _usedforsecurity: Option<bool>,
                string: Option<Value>,
            ) -> Result {
                let bytes = initial(th, data, string)?;
                let digest_size = digest_size.unwrap_or($max);
                if !(1..=$max).contains(&digest_size) {
                    return Err(th.value_error(format!(
                        "digest_size for {} must be between 1 and {} bytes, here it is {digest_size}",
                        $label, $max
                    )));
                }
                let salt = bounded(th, salt, $salt, "salt")?;
                let person = bounded(th, person, $salt, "person")?;
                let fanout = match fanout {
                    Some(n) if !(0..=255).contains(&n) => {
                        return Err(th.value_error("fanout must be between 0 and 255"));
                    }
                    n => n.unwrap_or(1) as u8,
                };
                let depth = small(th, depth, 1, 1, "depth")?;
                let leaf_size = unsigned(th, leaf_size, 32, "leaf_size")? as u32;
                let node_offset = unsigned(th, node_offset, $node_bits, "node_offset")?;
                let node_depth = small(th, node_depth, 0, 0, "node_depth")?;
                let inner_size = match inner_size {
                    Some(n) if !(0..=$max).contains(&n) => {
                        return Err(th.value_error(format!(
                            "inner_size must be between 0 and is {}",
                            $max
                        )));
                    }
                    n => n.unwrap_or(0) as u8,
                };
                let key = bounded(th, key, $max, "key")?;
                let mut state = $state::new(&Parameters {
                    digest_size: digest_size as usize,
                    key,
                    salt,
                    person,
                    fanout,
                    depth,
                    leaf_size,
                    node_offset,
                    node_depth,
                    inner_size,
                    last_node: last_node.unwrap_or(false),
                });
                if let Some(b) = bytes {
                    state.update(&b);
                }
                Ok(th.new_native(&$table, |head| $object { head, state: RefCell::new(state) }).value())
            }

            /// Return a copy of the hash object.
            #[pymethod]
            fn copy(th: &mut Thread, this: Gc<$object>) -> Value {
                let state = this.state.borrow().clone();
                th.new_native(&$table, |head| $object { head, state: RefCell::new(state) }).value()
            }

            /// Return the digest value as a bytes object.
            #[pymethod]
            fn digest(th: &mut Thread, this: Gc<$object>) -> Value {
                let d = this.state.borrow().digest();
                th.new_bytes(&d).value()
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[pymethod]
            fn hexdigest(_: &mut Thread, this: Gc<$object>) -> String {
                hex(&this.state.borrow().digest())
            }

            /// Update this hash object's state with the provided bytes-like object.
            #[pymethod]
            fn update(th: &mut Thread, this: Gc<$object>, data: Value) -> Result<()> {
                let bytes = self::data(th, data)?;
                this.state.borrow_mut().update(&bytes);
                Ok(())
            }

            #[pygetter]
            fn block_size(_: &mut Thread, _this: Gc<$object>) -> i64 {
                $block
            }

            #[pygetter]
            fn digest_size(_: &mut Thread, this: Gc<$object>) -> usize {
                this.state.borrow().size
            }

            #[pygetter]
            fn name(_: &mut Thread, _this: Gc<$object>) -> &'static str {
                $name
            }
        }
    )* };
}

types! {
    Blake2bObject, Blake2b, "blake2b", "Blake2b", 128, 64, 16, 64, BLAKE2B_TYPE;
    Blake2sObject, Blake2s, "blake2s", "Blake2s", 64, 32, 8, 48, BLAKE2S_TYPE;
}

/// The module hangs here.
pub struct Blake2Module;

/// _blake2b provides BLAKE2b for hashlib
#[pymodule(name = "_blake2", types = [BLAKE2B_TYPE, BLAKE2S_TYPE])]
impl Blake2Module {
    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let dict = m.namespace();
        for (k, v) in [
            ("_GIL_MINSIZE", GIL_MINSIZE),
            ("BLAKE2B_MAX_DIGEST_SIZE", 64),
            ("BLAKE2B_MAX_KEY_SIZE", 64),
            ("BLAKE2B_PERSON_SIZE", 16),
            ("BLAKE2B_SALT_SIZE", 16),
            ("BLAKE2S_MAX_DIGEST_SIZE", 32),
            ("BLAKE2S_MAX_KEY_SIZE", 32),
            ("BLAKE2S_PERSON_SIZE", 8),
            ("BLAKE2S_SALT_SIZE", 8),
        ] {
            let v = th.int(v);
            th.dict_set_text(dict, k, v);
        }
        for (def, size, salt) in [(&BLAKE2B_TYPE, 64, 16), (&BLAKE2S_TYPE, 32, 8)] {
            let class = th.type_for(def);
            for (k, v) in [
                ("MAX_DIGEST_SIZE", size),
                ("MAX_KEY_SIZE", size),
                ("PERSON_SIZE", salt),
                ("SALT_SIZE", salt),
            ] {
                let v = th.int(v);
                th.dict_set_text(class.namespace(), k, v);
            }
        }
        Ok(())
    }
}
