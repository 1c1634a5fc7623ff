//! `BufferedRWPair`: a reader and a writer in one object.

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, Slot};
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

use super::types::{READER_TYPE, WRITER_TYPE};
use crate::io::base::{BUFFERED_TYPE, expect};
use crate::io::bind;
use crate::io::support::class_argument;

/// A reader and a writer.
#[repr(C)]
#[derive(NativeObject)]
pub struct BufferedPair {
    head: NativeHeader,
    reader: Slot,
    writer: Slot,
}

fn part(th: &mut Thread, s: &Slot) -> Result {
    match s.get() {
        Some(v) => Ok(v),
        None => Err(th.value_error("I/O operation on uninitialized object")),
    }
}

fn forward(th: &mut Thread, s: &Slot, method: &str, args: &[Value]) -> Result {
    let v = part(th, s)?;
    th.call_method_str(v, method, args)
}

/// A buffered reader and writer object together.
#[pytype(name = "BufferedRWPair", module = "_io", base = BUFFERED_TYPE, flags = BASETYPE | MUTABLE, table = PAIR_TYPE)]
impl BufferedPair {
    #[pynew(raw, sig = "(reader, writer, buffer_size=131072, /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = class_argument(th, args)?;
        Ok(th
            .alloc_native(class, |head| BufferedPair {
                head,
                reader: Slot::empty(),
                writer: Slot::empty(),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let p = expect::<BufferedPair>(th, this, "_io.BufferedRWPair")?;
        let b = bind(th, &crate::io::PAIR_SIGNATURE, args)?;
        let (reader, writer) = (b.required(th, 0)?, b.required(th, 1)?);
        for (v, method, message) in [
            (reader, "readable", "File or stream is not readable."),
            (writer, "writable", "File or stream is not writable."),
        ] {
            let r = th.call_method_str(v, method, &[])?;
            if !th.truth(r)? {
                return Err(crate::io::state::unsupported(th, message));
            }
        }
        let size = match b.get(2) {
            Some(s) => s,
            None => th.int(crate::io::DEFAULT_BUFFER_SIZE as i64),
        };
        let class = th.type_for(&READER_TYPE).value();
        let r = th.call(class, &[reader, size])?;
        p.reader.set(p.header(), r);
        let class = th.type_for(&WRITER_TYPE).value();
        let w = th.call(class, &[writer, size])?;
        p.writer.set(p.header(), w);
        Ok(())
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn read(th: &mut Thread, this: Gc<BufferedPair>, size: Option<Value>) -> Result {
        let n = size.unwrap_or(Value::small(-1));
        forward(th, &this.reader, "read", &[n])
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn read1(th: &mut Thread, this: Gc<BufferedPair>, size: Option<Value>) -> Result {
        let n = size.unwrap_or(Value::small(-1));
        forward(th, &this.reader, "read1", &[n])
    }

    #[pymethod(sig = "(size=0, /)")]
    fn peek(th: &mut Thread, this: Gc<BufferedPair>, size: Option<Value>) -> Result {
        let n = size.unwrap_or(Value::small(0));
        forward(th, &this.reader, "peek", &[n])
    }

    #[pymethod]
    fn readinto(th: &mut Thread, this: Gc<BufferedPair>, buffer: Value) -> Result {
        forward(th, &this.reader, "readinto", &[buffer])
    }

    #[pymethod]
    fn readinto1(th: &mut Thread, this: Gc<BufferedPair>, buffer: Value) -> Result {
        forward(th, &this.reader, "readinto1", &[buffer])
    }

    #[pymethod]
    fn write(th: &mut Thread, this: Gc<BufferedPair>, b: Value) -> Result {
        forward(th, &this.writer, "write", &[b])
    }

    #[pymethod]
    fn flush(th: &mut Thread, this: Gc<BufferedPair>) -> Result {
        forward(th, &this.writer, "flush", &[])
    }

    #[pymethod]
    fn readable(th: &mut Thread, this: Gc<BufferedPair>) -> Result {
        forward(th, &this.reader, "readable", &[])
    }

    #[pymethod]
    fn writable(th: &mut Thread, this: Gc<BufferedPair>) -> Result {
        forward(th, &this.writer, "writable", &[])
    }

    #[pymethod]
    fn close(th: &mut Thread, this: Gc<BufferedPair>) -> Result {
        let w = forward(th, &this.writer, "close", &[]);
        let earlier = w.is_err().then(|| th.take_pending());
        let r = forward(th, &this.reader, "close", &[]);
        match earlier {
            None => r,
            Some(e) => {
                if r.is_err() {
                    let later = th.take_pending();
                    if let Some(l) = taipan_vm::types::exception::of(later) {
                        l.context.set(l.header(), e);
                    }
                    return Err(th.reraise(later));
                }
                Err(th.reraise(e))
            }
        }
    }

    #[pymethod]
    fn isatty(th: &mut Thread, this: Gc<BufferedPair>) -> Result<bool> {
        for s in [&this.writer, &this.reader] {
            let r = forward(th, s, "isatty", &[])?;
            if th.truth(r)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[pygetter]
    fn closed(th: &mut Thread, this: Gc<BufferedPair>) -> Result {
        let w = part(th, &this.writer)?;
        th.get_attr_str(w, "closed")
    }
}
