//! `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2`: what `hashlib` is made of.
//!
//! One state type serves them all; each algorithm has a Python type of its own, as in the
//! reference.

mod blake2;
pub mod blake2_module;

use std::cell::RefCell;

use digest::{DynDigest, ExtendableOutput, Update, XofReader};
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::types::type_::TypeDef;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

/// Below this many bytes the reference keeps its lock.
const GIL_MINSIZE: i64 = 2048;

/// A hash under way.
#[derive(Clone)]
enum State {
    Fixed(Fixed),
    Shake128(sha3::Shake128),
    Shake256(sha3::Shake256),
}

/// A hash with a digest of one size.
struct Fixed(Box<dyn DynDigest>);

impl Clone for Fixed {
    fn clone(&self) -> Fixed {
        Fixed(self.0.box_clone())
    }
}

impl State {
    fn update(&mut self, data: &[u8]) {
        match self {
            State::Fixed(h) => h.0.update(data),
            State::Shake128(h) => h.update(data),
            State::Shake256(h) => h.update(data),
        }
    }

    /// The digest, of `len` bytes where that can be chosen.
    fn digest(&self, len: usize) -> Vec<u8> {
        let mut out = vec![0; len];
        match self.clone() {
            State::Fixed(h) => return h.0.finalize().to_vec(),
            State::Shake128(h) => h.finalize_xof().read(&mut out),
            State::Shake256(h) => h.finalize_xof().read(&mut out),
        }
        out
    }
}

/// A hash object.
#[repr(C)]
#[derive(NativeObject)]
pub struct Hash {
    head: NativeHeader,
    #[notrace]
    state: RefCell<State>,
}

impl Hash {
    /// Hashes an argument's bytes, too.
    fn take_in(&self, th: &mut Thread, v: Value) -> Result<()> {
        if let Some(b) = v.downcast::<Bytes>() {
            self.state.borrow_mut().update(b.as_slice());
            return Ok(());
        }
        let bytes = data(th, v)?;
        self.state.borrow_mut().update(&bytes);
        Ok(())
    }
}

/// Bytes of an argument to hash. TypeError for strings and what has no buffer.
fn data(th: &mut Thread, v: Value) -> Result<Vec<u8>> {
    if v.downcast::<Str>().is_some() {
        return Err(th.type_error("Strings must be encoded before hashing"));
    }
    if let Some(b) = v.downcast::<Bytes>() {
        return Ok(b.as_slice().to_vec());
    }
    if !th.supports_buffer(v) {
        return Err(th.type_error("object supporting the buffer API required"));
    }
    crate::buffer_bytes(th, v)
}

/// The initial data: `data` or, as it was once called, `string`.
fn initial(
    th: &mut Thread,
    given: Option<Value>,
    string: Option<Value>,
) -> Result<Option<Vec<u8>>> {
    if given.is_some() && string.is_some() {
        return Err(th.type_error(
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version.",
        ));
    }
    match given.or(string) {
        Some(v) => data(th, v).map(Some),
        None => Ok(None),
    }
}

fn make(
    th: &mut Thread,
    def: &'static TypeDef,
    mut state: State,
    given: Option<Value>,
    string: Option<Value>,
) -> Result {
    if let Some(bytes) = initial(th, given, string)? {
        state.update(&bytes);
    }
    let made = th.new_native(def, |head| Hash {
        head,
        state: RefCell::new(state),
    });
    Ok(made.value())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

/// The length of a digest that the caller chooses.
fn length(th: &mut Thread, v: Value) -> Result<usize> {
    let i = th.index(v)?;
    if taipan_vm::types::int::is_negative(i) {
        return Err(th.value_error("Cannot convert negative int"));
    }
    match taipan_vm::types::int::to_i64(i) {
        Some(n) if n < 1 << 29 => Ok(n as usize),
        _ => Err(th.value_error("length is too large")),
    }
}

macro_rules! fixed {
    ($($marker:ident, $module:literal, $type_name:literal, $name:literal, $block:literal, $size:literal, $flags:expr, $table:ident, $make:expr;)*) => { $(
        #[doc = concat!("`", $name, "`")]
        pub struct $marker;

        impl $marker {
            fn begin() -> State {
                State::Fixed(Fixed(Box::new($make)))
            }
        }

        #[pytype(name = $type_name, module = $module, payload = Hash, flags = $flags, table = $table)]
        impl $marker {
            /// Return a copy of the hash object.
            #[pymethod]
            fn copy(th: &mut Thread, this: Gc<Hash>) -> Value {
                let state = this.state.borrow().clone();
                th.new_native(&$table, |head| Hash { head, state: RefCell::new(state) }).value()
            }

            /// Return the digest value as a bytes object.
            #[pymethod]
            fn digest(th: &mut Thread, this: Gc<Hash>) -> Value {
                let d = this.state.borrow().digest(0);
                th.new_bytes(&d).value()
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[pymethod]
            fn hexdigest(_: &mut Thread, this: Gc<Hash>) -> String {
                hex(&this.state.borrow().digest(0))
            }

            /// Update this hash object's state with the provided string.
            #[pymethod]
            fn update(th: &mut Thread, this: Gc<Hash>, obj: Value) -> Result<()> {
                this.take_in(th, obj)
            }

            #[pygetter]
            fn block_size(_: &mut Thread, _this: Gc<Hash>) -> i64 {
                $block
            }

            #[pygetter]
            fn digest_size(_: &mut Thread, _this: Gc<Hash>) -> i64 {
                $size
            }

            #[pygetter]
            fn name(_: &mut Thread, _this: Gc<Hash>) -> &'static str {
                $name
            }
        }
    )* };
}

fixed! {
    Md5, "_md5", "md5", "md5", 64, 16, NO_INSTANTIATION, MD5_TYPE, md5::Md5::default();
    Sha1, "_sha1", "sha1", "sha1", 64, 20, NO_INSTANTIATION, SHA1_TYPE, sha1::Sha1::default();
    Sha224, "_sha2", "SHA224Type", "sha224", 64, 28, NO_INSTANTIATION, SHA224_TYPE, sha2::Sha224::default();
    Sha256, "_sha2", "SHA256Type", "sha256", 64, 32, NO_INSTANTIATION, SHA256_TYPE, sha2::Sha256::default();
    Sha384, "_sha2", "SHA384Type", "sha384", 128, 48, NO_INSTANTIATION, SHA384_TYPE, sha2::Sha384::default();
    Sha512, "_sha2", "SHA512Type", "sha512", 128, 64, NO_INSTANTIATION, SHA512_TYPE, sha2::Sha512::default();
}

macro_rules! sponge {
    ($($marker:ident, $name:literal, $rate:literal, $size:literal, $suffix:literal, $table:ident, $make:expr;)*) => { $(
        #[doc = concat!("`", $name, "`")]
        pub struct $marker;

        #[pytype(name = $name, module = "_sha3", payload = Hash, table = $table)]
        impl $marker {
            #[pynew(sig = "(data=b'', *, usedforsecurity=True, string=None)")]
            fn new(
                th: &mut Thread,
                _class: Value,
                data: Option<Value>,
                _usedforsecurity: Option<bool>,
                string: Option<Value>,
            ) -> Result {
                make(th, &$table, $make, data, string)
            }

            /// Return a copy of the hash object.
            #[pymethod]
            fn copy(th: &mut Thread, this: Gc<Hash>) -> Value {
                let state = this.state.borrow().clone();
                th.new_native(&$table, |head| Hash { head, state: RefCell::new(state) }).value()
            }

            /// Update this hash object's state with the provided bytes-like object.
            #[pymethod]
            fn update(th: &mut Thread, this: Gc<Hash>, data: Value) -> Result<()> {
                this.take_in(th, data)
            }

            #[pygetter]
            fn block_size(_: &mut Thread, _this: Gc<Hash>) -> i64 {
                $rate / 8
            }

            #[pygetter]
            fn digest_size(_: &mut Thread, _this: Gc<Hash>) -> i64 {
                $size
            }

            #[pygetter]
            fn name(_: &mut Thread, _this: Gc<Hash>) -> &'static str {
                $name
            }

            #[pygetter]
            fn _capacity_bits(_: &mut Thread, _this: Gc<Hash>) -> i64 {
                1600 - $rate
            }

            #[pygetter]
            fn _rate_bits(_: &mut Thread, _this: Gc<Hash>) -> i64 {
                $rate
            }

            #[pygetter]
            fn _suffix(th: &mut Thread, _this: Gc<Hash>) -> Value {
                th.new_bytes(&[$suffix]).value()
            }

            /// Return the digest value as a bytes object.
            #[pymethod(raw, sig = "($self, /)")]
            fn digest(th: &mut Thread, args: taipan_vm::call::Args<'_>) -> Result {
                let bytes = sponge_digest(th, args, "digest", $size)?;
                Ok(th.new_bytes(&bytes).value())
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[pymethod(raw, sig = "($self, /)")]
            fn hexdigest(th: &mut Thread, args: taipan_vm::call::Args<'_>) -> Result<String> {
                let bytes = sponge_digest(th, args, "hexdigest", $size)?;
                Ok(hex(&bytes))
            }
        }
    )* };
}

/// The digest of a SHA-3 object; SHAKE (`size` 0) takes its length as an argument.
fn sponge_digest(
    th: &mut Thread,
    args: taipan_vm::call::Args<'_>,
    name: &str,
    size: i64,
) -> Result<Vec<u8>> {
    let mut given = args.values.iter().copied();
    let this = given.next().unwrap_or(th.none());
    let Some(h) = this.downcast::<Hash>() else {
        let got = th.type_name(this);
        return Err(th.type_error(format!(
            "descriptor '{name}' doesn't apply to a '{got}' object"
        )));
    };
    let n = args.values.len() - 1;
    if size > 0 {
        if n > 0 {
            return Err(th.type_error(format!("{name}() takes no arguments ({n} given)")));
        }
        return Ok(h.state.borrow().digest(0));
    }
    if let Some((k, _)) = args.keywords().next()
        && !k.downcast::<Str>().is_some_and(|k| k.equals_str("length"))
    {
        let k = th.str_lossy(k);
        return Err(th.type_error(format!("{name}() got an unexpected keyword argument '{k}'")));
    }
    let Some(v) = given.next() else {
        return Err(th.type_error(format!(
            "{name}() missing required argument 'length' (pos 1)"
        )));
    };
    if n > 1 {
        return Err(th.type_error(format!(
            "{name}() takes exactly 1 positional argument ({n} given)"
        )));
    }
    let n = length(th, v)?;
    Ok(h.state.borrow().digest(n))
}

fn sponge_state<H: DynDigest + 'static>(h: H) -> State {
    State::Fixed(Fixed(Box::new(h)))
}

sponge! {
    Sha3_224, "sha3_224", 1152, 28, 6, SHA3_224_TYPE, sponge_state(sha3::Sha3_224::default());
    Sha3_256, "sha3_256", 1088, 32, 6, SHA3_256_TYPE, sponge_state(sha3::Sha3_256::default());
    Sha3_384, "sha3_384", 832, 48, 6, SHA3_384_TYPE, sponge_state(sha3::Sha3_384::default());
    Sha3_512, "sha3_512", 576, 64, 6, SHA3_512_TYPE, sponge_state(sha3::Sha3_512::default());
    Shake128, "shake_128", 1344, 0, 0x1f, SHAKE_128_TYPE, State::Shake128(Default::default());
    Shake256, "shake_256", 1088, 0, 0x1f, SHAKE_256_TYPE, State::Shake256(Default::default());
}

macro_rules! modules {
    ($($rust:ident, $inner:ident, $name:literal, [$($type_name:literal => $table:ident),*], [$(($f:ident, $doc:literal, $marker:ident)),*];)*) => { $(
        /// A module of hash functions.
        pub mod $inner {
            use super::*;

            /// The functions hang here.
            pub struct $rust;

            #[pymodule(name = $name)]
            impl $rust {
                $(
                    #[doc = $doc]
                    #[pyfunction(sig = "(data=b'', *, usedforsecurity=True, string=None)")]
                    fn $f(
                        th: &mut Thread,
                        data: Option<Value>,
                        _usedforsecurity: Option<bool>,
                        string: Option<Value>,
                    ) -> Result {
                        make(th, modules!(@table $f), $marker::begin(), data, string)
                    }
                )*

                #[pyexec]
                fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
                    let size = th.int(GIL_MINSIZE);
                    th.dict_set_text(m.namespace(), "_GIL_MINSIZE", size);
                    $(
                        let class = th.type_for(&$table).value();
                        th.dict_set_text(m.namespace(), $type_name, class);
                    )*
                    Ok(())
                }
            }
        }
    )* };
    (@table md5) => { &MD5_TYPE };
    (@table sha1) => { &SHA1_TYPE };
    (@table sha224) => { &SHA224_TYPE };
    (@table sha256) => { &SHA256_TYPE };
    (@table sha384) => { &SHA384_TYPE };
    (@table sha512) => { &SHA512_TYPE };
}

modules! {
    Md5Module, md5_module, "_md5", ["MD5Type" => MD5_TYPE],
        [(md5, "Return a new MD5 hash object; optionally initialized with a string.", Md5)];
    Sha1Module, sha1_module, "_sha1", ["SHA1Type" => SHA1_TYPE],
        [(sha1, "Return a new SHA1 hash object; optionally initialized with a string.", Sha1)];
    Sha2Module, sha2_module, "_sha2", [
        "SHA224Type" => SHA224_TYPE, "SHA256Type" => SHA256_TYPE,
        "SHA384Type" => SHA384_TYPE, "SHA512Type" => SHA512_TYPE
    ], [
        (sha224, "Return a new SHA-224 hash object; optionally initialized with a string.", Sha224),
        (sha256, "Return a new SHA-256 hash object; optionally initialized with a string.", Sha256),
        (sha384, "Return a new SHA-384 hash object; optionally initialized with a string.", Sha384),
        (sha512, "Return a new SHA-512 hash object; optionally initialized with a string.", Sha512)
    ];
    Sha3Module, sha3_module, "_sha3", [
        "sha3_224" => SHA3_224_TYPE, "sha3_256" => SHA3_256_TYPE,
        "sha3_384" => SHA3_384_TYPE, "sha3_512" => SHA3_512_TYPE,
        "shake_128" => SHAKE_128_TYPE, "shake_256" => SHAKE_256_TYPE
    ], [];
}
