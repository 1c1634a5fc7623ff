//! Items in machine form: bytes, files, lists.

use super::{Array, with_bytes};
use taipan_vm::object::Gc;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::list::List;
use taipan_vm::{Result, Thread, Value, pymethods};

/// Bytes that are written to a file at once.
const BLOCK: usize = 64 * 1024;

#[pymethods(table = METHODS)]
impl Array {
    /// Append items to array from list.
    #[pymethod]
    fn fromlist(th: &mut Thread, this: Gc<Array>, list: Value) -> Result<()> {
        let Some(l) = list.downcast::<List>() else {
            return Err(th.type_error("arg must be list"));
        };
        let (old, n) = (this.len(), l.items.len());
        let mut i = 0;
        while i < n {
            let Some(v) = l.items.get(i) else {
                break;
            };
            if let Err(e) = this.push(th, v) {
                this.len.set(old.min(this.len()));
                return Err(e);
            }
            i += 1;
        }
        if l.items.len() != n {
            this.len.set(old.min(this.len()));
            return Err(th.runtime_error("list changed size during iteration"));
        }
        Ok(())
    }

    /// Convert array to an ordinary list with the same items.
    #[pymethod]
    fn tolist(th: &mut Thread, this: Gc<Array>) -> Result {
        this.list(th)
    }

    /// Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method.
    #[pymethod]
    fn frombytes(th: &mut Thread, this: Gc<Array>, buffer: Value) -> Result<()> {
        let bytes = crate::buffer_bytes(th, buffer)?;
        this.push_bytes(th, &bytes)
    }

    /// Convert the array to an array of machine values and return the bytes representation.
    #[pymethod]
    fn tobytes(th: &mut Thread, this: Gc<Array>) -> Result {
        let bytes = this.bytes();
        match th.try_new_bytes(&bytes) {
            Some(b) => Ok(b.value()),
            None => Err(th.memory_error()),
        }
    }

    /// Extends this array with data from the unicode string ustr.
    ///
    /// Convert the array to a unicode string.  The array must be a unicode
    /// type array; otherwise a ValueError is raised.  Use
    /// array.tobytes().decode() to obtain a unicode string from an array of
    /// some other type.
    #[pymethod]
    fn tounicode(th: &mut Thread, this: Gc<Array>) -> Result {
        if !this.code.is_text() {
            return Err(th.value_error(
                "tounicode() may only be called on unicode type arrays ('u' or 'w')",
            ));
        }
        this.text(th)
    }

    /// Read n objects from the file object f and append them to the end of the array.
    #[pymethod]
    fn fromfile(th: &mut Thread, this: Gc<Array>, f: Value, n: isize) -> Result<()> {
        let size = this.code.size();
        let Ok(n) = usize::try_from(n) else {
            return Err(th.value_error("negative count"));
        };
        let Some(want) = n.checked_mul(size).filter(|n| *n <= isize::MAX as usize) else {
            return Err(th.memory_error());
        };
        let count = th.int(want as i64);
        let data = th.call_method_str(f, "read", &[count])?;
        let Some(b) = data.downcast::<Bytes>() else {
            return Err(th.type_error("read() didn't return bytes"));
        };
        this.push_bytes(th, b.as_slice())?;
        if b.len() != want {
            return Err(th.raise(
                taipan_vm::types::ExceptionClass::EOFError,
                "read() didn't return enough bytes",
            ));
        }
        Ok(())
    }

    /// Write all items (as machine values) to the file object f.
    #[pymethod]
    fn tofile(th: &mut Thread, this: Gc<Array>, f: Value) -> Result<()> {
        for block in this.bytes().chunks(BLOCK) {
            let b = th.new_bytes(block).value();
            th.call_method_str(f, "write", &[b])?;
        }
        Ok(())
    }

    /// Byteswap all items of the array.
    ///
    /// If the items in the array are not 1, 2, 4, or 8 bytes in size,
    /// RuntimeError is raised.
    #[pymethod]
    fn byteswap(_: &mut Thread, this: Gc<Array>) {
        let size = this.code.size();
        let n = this.len() * size;
        if let Some(b) = this.buffer.get() {
            b.with_bytes_mut(|all| {
                for item in all[..n].chunks_exact_mut(size) {
                    item.reverse();
                }
            });
        }
    }

    /// Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.
    ///
    /// The length should be multiplied by the itemsize attribute to
    /// calculate the buffer length in bytes.
    #[pymethod]
    fn buffer_info(th: &mut Thread, this: Gc<Array>) -> Result {
        let buffer = this.storage(th)?;
        let address = th.int_from_u64(buffer.data() as u64);
        let len = th.int(this.len() as i64);
        Ok(th.new_tuple(&[address, len]).value())
    }

    /// Size of the array in memory, in bytes.
    #[pymethod]
    fn __sizeof__(_: &mut Thread, this: Gc<Array>) -> usize {
        size_of::<Array>() + this.buffer.get().map_or(0, |b| b.capacity())
    }

    /// Return a copy of the array.
    #[pymethod]
    fn __copy__(th: &mut Thread, this: Gc<Array>) -> Result {
        let bytes = this.bytes();
        Ok(with_bytes(th, this.code, &bytes)?.value())
    }

    /// Return a copy of the array.
    #[pymethod]
    fn __deepcopy__(th: &mut Thread, this: Gc<Array>, _memo: Value) -> Result {
        let bytes = this.bytes();
        Ok(with_bytes(th, this.code, &bytes)?.value())
    }
}
